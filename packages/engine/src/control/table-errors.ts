import { tableReference } from '../catalog/arn.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import { isUnknownYet, type TableRecord } from '../catalog/table-record.js';
import { DynamoError, validationError } from '../errors.js';

/** The table, in whatever state, or AWS's error of the control plane. */
export function existingTable(tables: Catalog, caller: Caller, nameOrArn: string): TableRecord {
  const record = tables.find(caller, nameOrArn);
  if (record !== undefined) return record;
  const { name } = tableReference(caller, nameOrArn);
  throw tableNotFound(name);
}

/**
 * The same, for operations that do not know of a table before it is restored, or of a replica before it is made: all
 * but DescribeTable, DeleteTable and DescribeTableReplicaAutoScaling
 * (recorded on AWS by a public project).
 */
export function knownTable(tables: Catalog, caller: Caller, nameOrArn: string): TableRecord {
  const record = existingTable(tables, caller, nameOrArn);
  if (isUnknownYet(record)) throw tableNotFound(record.name);
  return record;
}

export function tableNotFound(name: string): DynamoError {
  return new DynamoError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
}

const TABLE_CLASSES: readonly string[] = ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'];

export function checkTableClass(name: string | undefined): void {
  if (name === undefined || TABLE_CLASSES.includes(name)) return;
  throw validationError(
    'Invalid table-class parameter provided. Please try again with a valid table-class value: ' +
      `[${TABLE_CLASSES.join(', ')}].`,
  );
}

export function stillInUse(reason: string): DynamoError {
  return new DynamoError('ResourceInUseException', `Attempt to change a resource which is still in use: ${reason}`);
}

/** A table that is being created or deleted takes no change. */
export function assertChangeable(record: TableRecord): void {
  if (record.status === 'CREATING') throw stillInUse(`Table is being created: ${record.name}`);
  if (record.status === 'DELETING') throw stillInUse(`Table is being deleted: ${record.name}`);
}

/** What needs the table's key cannot be done while it cannot be used. */
export function assertAccessible(record: TableRecord): void {
  if (record.inaccessible !== undefined) throw validationError(record.inaccessible.message);
}
