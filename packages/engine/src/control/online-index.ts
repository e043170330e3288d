import { type OnlineIndexRecord, onlineIndexes, type TableRecord } from '../catalog/table-record.js';
import { DynamoError } from '../errors.js';
import { stillInUse } from './table-errors.js';

// Indexes that are made and taken away while their table goes on: global ones and those of vectors, one at a time.

export function onlyOneOnlineIndex(): DynamoError {
  return new DynamoError(
    'LimitExceededException',
    'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
  );
}

/** @param except an index whose own change does not count */
export function assertNoOnlineChange(record: TableRecord, except?: OnlineIndexRecord): void {
  const isBusy = ({ status }: OnlineIndexRecord): boolean => status === 'CREATING' || status === 'DELETING';
  if (onlineIndexes(record).some((index) => index !== except && isBusy(index))) throw onlyOneOnlineIndex();
}

/** An index can be deleted when it is there, or while it is being filled. */
export function assertDeletable(record: TableRecord, index: OnlineIndexRecord): void {
  const { name } = index;
  if (index.status === 'DELETING') throw beingDeleted(record, name);
  if (index.status === 'CREATING' && index.backfilledTo === undefined) {
    throw stillInUse(
      'Index creation is in resource allocation phase. Retry deletion during backfilling phase or when the index is ' +
        `active. Table: ${record.name} Index: ${name}`,
    );
  }
  assertNoOnlineChange(record, index);
}

export function beingDeleted(record: TableRecord, indexName: string): DynamoError {
  return stillInUse(`Index is being deleted. Table: ${record.name} Index: ${indexName}`);
}

export function indexNotFound(record: TableRecord, indexName: string): DynamoError {
  return new DynamoError(
    'ResourceNotFoundException',
    `Requested resource not found: Index ${indexName} for table ${record.name}`,
  );
}
