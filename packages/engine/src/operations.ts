import { backupOperations } from './backup/index.js';
import { bulkOperations } from './bulk/index.js';
import type { ControlContext } from './control/control-context.js';
import { controlOperations } from './control/index.js';
import { dataOperations } from './data/index.js';
import type { Handler } from './engine-context.js';
import { exportOperations } from './export/index.js';
import { importOperations } from './import/index.js';
import type { OperationName } from './operation-name.js';
import { partiqlOperations } from './partiql/index.js';
import { transactionOperations } from './transactions/index.js';
import { vectorOperations } from './vectors/index.js';

/** Every operation of the API; one that is missing does not compile. */
export type OperationTable = Readonly<Record<OperationName, Handler>>;

export function operationTable(context: ControlContext): OperationTable {
  return {
    ...controlOperations(context),
    ...backupOperations(context),
    ...bulkOperations(context),
    ...dataOperations(context),
    ...exportOperations(context),
    ...importOperations(context),
    ...partiqlOperations(context),
    ...transactionOperations(context),
    ...vectorOperations(context),
  };
}
