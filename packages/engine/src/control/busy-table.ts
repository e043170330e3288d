import { onlineIndexes, type TableRecord } from '../catalog/table-record.js';
import type { DynamoError } from '../errors.js';
import { stillInUse } from './table-errors.js';
import { assertEncryptionSettled, isUnderWay } from './under-way.js';
import type { UpdateTableInput } from './update-table-rules.js';

// What a table with a change under way takes, and in which words it refuses the rest (recorded from the service in
// public projects).

/** Deletion protection, tags, time to live, recovery, policies and insights always pass. */
export function checkBusy(record: TableRecord, input: UpdateTableInput): void {
  const changesUnits = input.ProvisionedThroughput !== undefined || input.BillingMode !== undefined;
  const changesStream = input.StreamSpecification !== undefined;
  if (changesUnits || changesStream) assertNoIndexMade(record, changesUnits ? 'table IOPS' : 'stream status');
  if (record.status !== 'UPDATING') return;
  const { name } = record;
  if (changesUnits) {
    throw record.updating === 'stream'
      ? stillInUse(`Can't change table IOPS when stream status is being updated. ${streamChange(record)}`)
      : stillInUse(`Table IOPS are currently being updated. Table: ${name}`);
  }
  if (changesStream) throw streamRefused(record);
  if (input.TableClass !== undefined && record.updating === 'class') {
    throw stillInUse(
      "Can't update table class when a table class update is in progress. " +
        `Table: ${name} TableClassUpdateInProgress: ${record.tableClass?.name ?? 'STANDARD'}`,
    );
  }
}

function streamRefused(record: TableRecord): DynamoError {
  const { name, updating } = record;
  if (updating === 'units') {
    return stillInUse(`Can't enable or disable stream while table IOPS are being updated. Table: ${name}`);
  }
  return updating === 'stream'
    ? stillInUse(`A stream status change is currently in progress. ${streamChange(record)}`)
    : stillInUse(`Table: ${name} is in the process of being updated.`);
}

function streamChange({ name, stream }: TableRecord): string {
  return `Table: ${name} Stream: ${stream?.label} Operation: ${stream?.enabled === true ? 'ENABLE' : 'DISABLE'}`;
}

function assertNoIndexMade(record: TableRecord, what: string): void {
  const busy = onlineIndexes(record).find(
    (index) => index.status === 'DELETING' || (index.status === 'CREATING' && index.backfilledTo === undefined),
  );
  if (busy === undefined) return;
  const state = busy.status === 'DELETING' ? 'deleted' : 'created';
  throw stillInUse(
    `Can't change ${what} when an index is being ${state}. Table: ${record.name} Indexes: [${busy.name}]`,
  );
}

/** A table with a change under way is not deleted, also where its status does not show the change. */
export function assertSettled(record: TableRecord, nowMs: number): void {
  if (onlineIndexes(record).some((index) => index.status !== 'ACTIVE')) {
    throw stillInUse('Cannot delete table while indexes are being created, updated, or deleted.');
  }
  assertEncryptionSettled(record, nowMs);
  if (record.status === 'UPDATING' && record.updating === 'stream') {
    throw stillInUse('Cannot delete table while stream is being enabled/disabled.');
  }
  if (record.status === 'UPDATING' || isUnderWay(record.warmBefore, nowMs)) {
    throw stillInUse(`Table: ${record.name} is in the process of being updated.`);
  }
}
