import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { assert, UserError } from '@tablewright/base';
import { asUserError, awsErrorName } from '../../aws/aws-error.js';
import { isJsonObject, type JsonObject } from '../../json-value.js';
import { blocks, flag, text } from '../planned-value.js';
import type { ResourceContext } from '../resource-handler.js';
import { InterruptedError } from '../wait-until.js';
import { describeTable, readTable, tableAttributes } from './read-table.js';
import { createTableInput } from './table-input.js';
import { setRecovery, setTimeToLive } from './table-settings.js';
import { TABLE_TIMEOUTS_MS } from './table-timeouts.js';
import { waitUntilActive } from './wait-for-table.js';

/** CreateTable, wait until ACTIVE, time to live, point-in-time recovery: the provider's order. */
export async function createTable(
  context: ResourceContext,
  planned: JsonObject,
  save: (attributes: JsonObject) => Promise<void>,
): Promise<JsonObject> {
  const name = text(planned, 'name');
  try {
    await context.dynamodb.send(new CreateTableCommand(createTableInput(planned)));
  } catch (error) {
    throw createError(error, name, context);
  }
  // From here on the table exists: the state must know it whatever happens next.
  const begun = await describeTable(context, name);
  const tags = isJsonObject(planned.tags) ? planned.tags : {};
  if (begun !== null) await save(tableAttributes(begun, { backups: undefined, ttl: undefined, tags }, planned));
  try {
    await settle(context, planned);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw asUserError(error, `finish creating table ${name}`, context.aws);
  }
  const created = await readTable(context, name, planned);
  assert(created !== null, `table ${name} was ACTIVE and is gone`);
  return withConfiguredNulls(created, planned);
}

async function settle(context: ResourceContext, planned: JsonObject): Promise<void> {
  const name = text(planned, 'name');
  const timeoutMs = TABLE_TIMEOUTS_MS.create;
  await waitUntilActive(context, name, timeoutMs);
  const ttl = blocks(planned, 'ttl')[0];
  if (flag(ttl, 'enabled')) await setTimeToLive(context, name, text(ttl, 'attribute_name'), true, timeoutMs);
  if (flag(blocks(planned, 'point_in_time_recovery')[0], 'enabled')) {
    await setRecovery(context, name, true, timeoutMs);
  }
}

function createError(error: unknown, name: string, context: ResourceContext): UserError {
  if (awsErrorName(error) !== 'ResourceInUseException') return asUserError(error, `create table ${name}`, context.aws);
  const message = `table ${name} exists already, but not in this state`;
  const remedy =
    `If it is the one meant here, take it into the state: tablewright import aws_dynamodb_table.this ${name}. ` +
    'Otherwise choose another table_name.';
  return new UserError(message, remedy, { cause: error });
}

/** Where the configuration leaves an optional attribute out, the provider stores null instead of "". */
export function withConfiguredNulls(attributes: JsonObject, planned: JsonObject): JsonObject {
  const isLeftOut = attributes.range_key === '' || attributes.range_key === undefined;
  return isLeftOut && planned.range_key === null ? { ...attributes, range_key: null } : attributes;
}
