import type { ControlContext } from '../control/control-context.js';
import type { Handler } from '../engine-context.js';
import { describeImportOperation, importTable, listImports } from './import-operations.js';

export type { ImportLog, ImportLogEntry } from './import-log.js';
export { Imports } from './imports.js';

export type ImportOperation = 'DescribeImport' | 'ImportTable' | 'ListImports';

/** Imports from S3 into new tables. */
export function importOperations(context: ControlContext): Readonly<Record<ImportOperation, Handler>> {
  return {
    DescribeImport: describeImportOperation(context),
    ImportTable: importTable(context),
    ListImports: listImports(context),
  };
}
