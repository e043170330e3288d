import type { EngineContext, Handler } from '../engine-context.js';
import { batchGetItem } from './batch-get-item.js';
import { batchWriteItem } from './batch-write-item.js';
import { deleteItem } from './delete-item.js';
import { getItem } from './get-item.js';
import { putItem } from './put-item.js';
import { query } from './query.js';
import { scan } from './scan.js';
import { updateItem } from './update-item.js';

export { PackedItem } from '../packed/packed-item.js';
export { prefixEnd } from './byte-string.js';
export { addUnits, consumedCapacity, readUnits, type Units, vectorCapacity } from './capacity.js';
export { encodeOutput } from './encode-output.js';
export { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
export { type IndexEntry, indexEntryFor } from './index-entries.js';
export { itemCollectionMetrics } from './item-collection.js';
export { ItemProjection } from './item-projection.js';
export { endHash, entryKey, entryPrefix, itemKey, itemPrefix, keyHash } from './key-codec.js';
export { type KeyStretch, keyStretch, matchKeyCondition } from './key-range.js';
export { checkItemKeys, checkKey, checkScalarKeys } from './keys.js';
export { checkSizeWithEntries } from './local-entries-size.js';
export { newItem } from './new-item.js';
export { pickAttributes } from './own-attribute.js';
export { AttributeNames } from './pick-json.js';
export { MAX_PAGE_BYTES, type PageFilter, readPage } from './read-page.js';
export { assertNoVectors, type ReadSource, readSource } from './read-source.js';
export { type EntryChange, type ItemChange, planEntries, replaceItem, writtenUnits } from './replace-item.js';
export type { ConsumedCapacityMode, WriteRequest } from './request.js';
export { StoredItem } from './stored-item.js';
export { type TableLayout, tableLayout } from './table-layout.js';
export { applyUpdate, checkLeavesKey } from './update-item.js';
export { attemptMetered, carryOut, tryWriteItem, unitsAsItIs, type WriteTarget, writeItem } from './write-item.js';
export { assertCondition, compileWriteCondition, MAX_ITEM_BYTES } from './write-request.js';

export type DataOperation =
  | 'BatchGetItem'
  | 'BatchWriteItem'
  | 'DeleteItem'
  | 'GetItem'
  | 'PutItem'
  | 'Query'
  | 'Scan'
  | 'UpdateItem';

/** The operations on items. */
export function dataOperations(context: EngineContext): Readonly<Record<DataOperation, Handler>> {
  return {
    BatchGetItem: batchGetItem(context),
    BatchWriteItem: batchWriteItem(context),
    DeleteItem: deleteItem(context),
    GetItem: getItem(context),
    PutItem: putItem(context),
    Query: query(context),
    Scan: scan(context),
    UpdateItem: updateItem(context),
  };
}
