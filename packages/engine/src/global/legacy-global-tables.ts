import { invalidParameter } from '../control/invalid-parameter.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';

/**
 * The operations of global tables of version 2017.11.29 as AWS answers them today: none can be made any more, and they
 * do not see those of version 2019.11.21, which are replicas of tables (UpdateTable, DescribeTable).
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_versions.html
 */
export const legacyGlobalTables = {
  CreateGlobalTable: () => {
    throw unsupported();
  },
  DescribeGlobalTable: (_caller, input) => {
    throw notFound(input, 'Global table not found: ');
  },
  DescribeGlobalTableSettings: (_caller, input) => {
    throw notFound(input);
  },
  ListGlobalTables: () => ({ GlobalTables: [] }),
  UpdateGlobalTable: (_caller, input) => {
    const updates = input.ReplicaUpdates as readonly { readonly Create?: unknown; readonly Delete?: unknown }[];
    if (updates.some(({ Create }) => Create !== undefined)) throw unsupported();
    if (!updates.some(({ Delete }) => Delete !== undefined)) {
      throw new DynamoError('ValidationException', 'One or more parameter values were invalid');
    }
    throw notFound(input);
  },
  UpdateGlobalTableSettings: (_caller, input) => {
    throw notFound(input);
  },
} satisfies Readonly<Record<string, Handler>>;

function unsupported(): DynamoError {
  return invalidParameter(
    'DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB global tables version ' +
      '2019.11.21, instead of version 2017.11.29 (Legacy).',
  );
}

function notFound({ GlobalTableName: name }: Record<string, unknown>, prefix = ''): DynamoError {
  return new DynamoError(
    'GlobalTableNotFoundException',
    `${prefix}Global table with name: '${String(name)}' does not exist.`,
  );
}
