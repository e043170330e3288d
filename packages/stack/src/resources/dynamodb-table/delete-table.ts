import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import { asUserError, awsErrorName } from '../../aws/aws-error.js';
import type { JsonObject } from '../../json-value.js';
import { text } from '../planned-value.js';
import type { ResourceContext } from '../resource-handler.js';
import { waitUntil } from '../wait-until.js';
import { TABLE_TIMEOUTS_MS } from './table-timeouts.js';
import { waitUntilDeleted } from './wait-for-table.js';

/** DeleteTable, then waits until the table is gone. A table that is being changed is waited for first. */
export async function deleteTable(context: ResourceContext, prior: JsonObject): Promise<void> {
  const name = text(prior, 'name');
  await waitUntil(context, `table ${name} to accept its deletion`, TABLE_TIMEOUTS_MS.delete, async () => {
    try {
      await context.dynamodb.send(new DeleteTableCommand({ TableName: name }));
      return true;
    } catch (error) {
      if (awsErrorName(error) === 'ResourceNotFoundException') return true;
      if (awsErrorName(error) === 'ResourceInUseException') return false;
      throw deleteError(error, name, context);
    }
  });
  await waitUntilDeleted(context, name, TABLE_TIMEOUTS_MS.delete);
}

function deleteError(error: unknown, name: string, context: ResourceContext): UserError {
  const message = error instanceof Error ? error.message : '';
  if (!/deletion protection/i.test(message)) return asUserError(error, `delete table ${name}`, context.aws);
  const remedy = 'Set deletion_protection = false, apply that, and then destroy or replace the table.';
  return new UserError(`cannot delete table ${name}: ${awsErrorName(error)}: ${message}`, remedy, { cause: error });
}
