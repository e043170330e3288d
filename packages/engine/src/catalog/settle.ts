import type { AttributeDefinition, GlobalIndexRecord, TableRecord } from './table-record.js';

/**
 * The record after its transition: CREATING and UPDATING end in ACTIVE, an index that was being deleted is gone, one
 * that was being created begins to be filled from the table's items. Undefined when the table itself is gone.
 */
export function settled(record: TableRecord): TableRecord | undefined {
  if (record.status === 'DELETING') return undefined;
  const { settlesMs: _, updating: __, ...rest } = record;
  const globalIndexes = record.globalIndexes.filter((index) => index.status !== 'DELETING').map(settledIndex);
  // What a table without its key is changed to, it is without its key.
  const status = record.inaccessible === undefined ? 'ACTIVE' : 'INACCESSIBLE_ENCRYPTION_CREDENTIALS';
  const after: TableRecord = { ...rest, status, globalIndexes };
  return { ...after, attributes: usedAttributes(after) };
}

/** The definitions of the attributes that are in a key: an index takes its own away when it goes. */
export function usedAttributes(record: TableRecord): AttributeDefinition[] {
  const schemas = [record, ...record.localIndexes, ...record.globalIndexes].map((holder) => holder.keySchema);
  const used = new Set(schemas.flat().map((element) => element.AttributeName));
  return record.attributes.filter((attribute) => used.has(attribute.AttributeName));
}

/** An index that is ready, once all its entries are made. */
export function filledIndex(index: GlobalIndexRecord): GlobalIndexRecord {
  const { backfilledTo: _, backfilledItems: _items, isFilled: __, ...rest } = index;
  return { ...rest, status: 'ACTIVE' };
}

/** Whether filling a new index begins with a transition, which then takes time, too. */
export function beginsToFill(before: TableRecord, after: TableRecord): boolean {
  const isBegun = (index: GlobalIndexRecord): boolean => index.backfilledTo !== undefined;
  return after.globalIndexes.filter(isBegun).length > before.globalIndexes.filter(isBegun).length;
}

function settledIndex(index: GlobalIndexRecord): GlobalIndexRecord {
  if (index.status === 'UPDATING') return { ...index, status: 'ACTIVE' };
  if (index.isFilled === true) return filledIndex(index);
  if (index.status !== 'CREATING' || index.backfilledTo !== undefined) return index;
  return index.isAdded === true ? { ...index, backfilledTo: '' } : { ...index, status: 'ACTIVE' };
}
