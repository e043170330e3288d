import { type BackupOperation, backupOperations } from './backup/index.js';
import type { ControlContext } from './control/control-context.js';
import { controlOperations } from './control/index.js';
import { type DataOperation, dataOperations } from './data/index.js';
import type { Handler } from './engine-context.js';
import { DynamoError } from './errors.js';
import { type ExportOperation, exportOperations } from './export/index.js';
import { type ImportOperation, importOperations } from './import/index.js';
import type { OperationName } from './operation-name.js';
import { type PartiqlOperation, partiqlOperations } from './partiql/index.js';
import { type TransactionOperation, transactionOperations } from './transactions/index.js';

/** Every operation of the API. */
export type OperationTable = Readonly<Record<OperationName, Handler>>;

type Emulated =
  | BackupOperation
  | keyof ReturnType<typeof controlOperations>
  | DataOperation
  | ExportOperation
  | ImportOperation
  | PartiqlOperation
  | TransactionOperation;

/** What answers, by name, that it is not emulated. An operation neither here nor there does not compile. */
const NOT_EMULATED: Readonly<Record<Exclude<OperationName, Emulated>, true>> = {
  DescribeTableReplicaAutoScaling: true,
  UpdateTableReplicaAutoScaling: true,
};

export function operationTable(context: ControlContext): OperationTable {
  const notEmulated = Object.fromEntries(
    Object.keys(NOT_EMULATED).map((operation): [string, Handler] => [operation, () => refuse(operation)]),
  ) as Record<keyof typeof NOT_EMULATED, Handler>;
  return {
    ...notEmulated,
    ...controlOperations(context),
    ...backupOperations(context),
    ...dataOperations(context),
    ...exportOperations(context),
    ...importOperations(context),
    ...partiqlOperations(context),
    ...transactionOperations(context),
  };
}

/** Whether the engine emulates an operation of the API, at all. */
export function isEmulated(operation: OperationName): boolean {
  return !Object.hasOwn(NOT_EMULATED, operation);
}

function refuse(operation: string): never {
  throw new DynamoError('UnknownOperationException', `The operation ${operation} is not emulated.`);
}
