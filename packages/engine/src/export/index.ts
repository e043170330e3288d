import type { ControlContext } from '../control/control-context.js';
import type { Handler } from '../engine-context.js';
import { describeExportOperation, exportTable, listExports } from './export-operations.js';

export { Exports } from './exports.js';

export type ExportOperation = 'DescribeExport' | 'ExportTableToPointInTime' | 'ListExports';

/** Exports to S3. */
export function exportOperations(context: ControlContext): Readonly<Record<ExportOperation, Handler>> {
  return {
    DescribeExport: describeExportOperation(context),
    ExportTableToPointInTime: exportTable(context),
    ListExports: listExports(context),
  };
}
