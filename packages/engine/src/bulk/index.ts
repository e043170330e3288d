import type { ControlContext } from '../control/control-context.js';
import type { Handler } from '../engine-context.js';
import {
  cancelBulkOperation,
  describeBulkOperation,
  listBulkOperations,
  startBulkPutItems,
} from './bulk-operations.js';

export { BulkJobs } from './bulk-jobs.js';

export type BulkOperation =
  | 'CancelBulkOperation'
  | 'DescribeBulkOperation'
  | 'ListBulkOperations'
  | 'StartBulkPutItems';

/** Items from S3 into tables that are there. */
export function bulkOperations(context: ControlContext): Readonly<Record<BulkOperation, Handler>> {
  return {
    CancelBulkOperation: cancelBulkOperation(context),
    DescribeBulkOperation: describeBulkOperation(context),
    ListBulkOperations: listBulkOperations(context),
    StartBulkPutItems: startBulkPutItems(context),
  };
}
