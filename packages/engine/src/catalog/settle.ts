import {
  type AttributeDefinition,
  type OnlineIndexRecord,
  onlineIndexes,
  type TableRecord,
  withVectorIndexes,
} from './table-record.js';

/**
 * The record after its transition: CREATING and UPDATING end in ACTIVE, an index that was being deleted is gone, one
 * that was being created begins to be filled from the table's items. Undefined when the table itself is gone.
 */
export function settled(record: TableRecord): TableRecord | undefined {
  if (record.status === 'DELETING') return undefined;
  const { settlesMs: _, updating: __, ...rest } = record;
  const globalIndexes = settledIndexes(record.globalIndexes);
  // What a table without its key is changed to, it is without its key.
  const status = record.inaccessible === undefined ? 'ACTIVE' : 'INACCESSIBLE_ENCRYPTION_CREDENTIALS';
  const after = withVectorIndexes({ ...rest, status, globalIndexes }, settledIndexes(record.vectorIndexes ?? []));
  return { ...after, attributes: usedAttributes(after) };
}

/** The definitions of the attributes that indexes are made of: one takes its own away when it goes. */
export function usedAttributes(record: TableRecord): AttributeDefinition[] {
  const schemas = [record, ...record.localIndexes, ...record.globalIndexes].map((holder) => holder.keySchema);
  const searched = (record.vectorIndexes ?? []).map((index) => index.searchSchema ?? []);
  const used = new Set([...schemas.flat(), ...searched.flat()].map((element) => element.AttributeName));
  return record.attributes.filter((attribute) => used.has(attribute.AttributeName));
}

/** An index that is ready, once all its entries are made. */
export function filledIndex<T extends OnlineIndexRecord>(index: T): T {
  const { backfilledTo: _, backfilledItems: _items, isFilled: __, ...rest } = index;
  return { ...rest, status: 'ACTIVE' } as T;
}

/** Whether filling a new index begins with a transition, which then takes time, too. */
export function beginsToFill(before: TableRecord, after: TableRecord): boolean {
  const begun = (record: TableRecord) => onlineIndexes(record).filter((index) => index.backfilledTo !== undefined);
  return begun(after).length > begun(before).length;
}

function settledIndexes<T extends OnlineIndexRecord>(indexes: readonly T[]): T[] {
  return indexes.filter((index) => index.status !== 'DELETING').map((index) => settledIndex(index));
}

function settledIndex<T extends OnlineIndexRecord>(index: T): T {
  if (index.status === 'UPDATING') return { ...index, status: 'ACTIVE' };
  if (index.isFilled === true) return filledIndex(index);
  if (index.status !== 'CREATING' || index.backfilledTo !== undefined) return index;
  return index.isAdded === true ? { ...index, backfilledTo: '' } : { ...index, status: 'ACTIVE' };
}
