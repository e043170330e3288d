import type { Reader } from '@tablewright/store';
import type { KeyAttribute } from '../catalog/table.js';
import {
  applyUpdate,
  checkItemKeys,
  checkKey,
  checkLeavesKey,
  checkScalarKeys,
  checkSizeWithEntries,
  type ItemChange,
  itemKey,
  MAX_ITEM_BYTES,
  StoredItem,
  type TableLayout,
} from '../data/index.js';
import { DynamoError, validationError } from '../errors.js';
import { nestedAttributesOf, type Path, type Predicate, projectUpdatedPaths } from '../expression/index.js';
import { type AttributeMap, type AttributeValue, valuesEqual } from '../value/index.js';
import { checkVectors } from '../vectors/check-vectors.js';
import type { ReturnedPart } from './ast.js';
import { allOf, type BoundCondition, conjunctsOf, pathsOf } from './bound-condition.js';
import type { BoundWrite } from './bound-write.js';
import { keyTypeError } from './decompose.js';

/** A statement that writes one item, which has been found out. */
export interface LocatedWrite {
  readonly write: BoundWrite;
  readonly layout: TableLayout;
  readonly key: AttributeMap;
  readonly storeKey: string;
  /** What must hold of the item besides its key; undefined when nothing must. */
  readonly condition: Predicate | undefined;
}

/** What a statement comes to. */
export interface WriteResult {
  readonly change: ItemChange;
  /** The attributes that RETURNING asks for, if there are any. */
  readonly returned: StoredItem | AttributeMap | undefined;
}

/** The key that a WHERE clause pins with equalities, and the conditions that are left. */
interface PinnedKey {
  readonly key: AttributeMap;
  readonly conditions: readonly BoundCondition[];
}

/**
 * Finds the item that a statement writes. Throws ValidationException when the statement does not name one, or does not
 * fit the table. Transactions have messages of their own for keys, those of TransactWriteItems.
 */
export function locateWrite(layout: TableLayout, write: BoundWrite, isTransaction: boolean): LocatedWrite {
  if (write.kind === 'insert') return locateInsert(layout, write, isTransaction);
  const { key, conditions } = isTransaction ? pinnedOnce(layout, write.where) : pinnedKey(layout, write.where);
  checkKey(layout, key);
  if (write.update !== undefined) checkLeavesKey(layout, write.update);
  checkScalarKeys(layout, nestedAttributesOf(conditions.flatMap(pathsOf)));
  const condition = conditions.length === 0 ? undefined : allOf(conditions);
  return { write, layout, key, storeKey: itemKey(layout.table, key), condition };
}

function locateInsert(
  layout: TableLayout,
  write: Extract<BoundWrite, { kind: 'insert' }>,
  isTransaction: boolean,
): LocatedWrite {
  const { item, sizeBytes } = write;
  if (!isTransaction) for (const attribute of layout.keyAttributes) checkInsertedKey(attribute, item);
  if (sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
  checkItemKeys(layout, item);
  if (layout.vectors !== undefined) checkVectors(layout, StoredItem.of(item, sizeBytes));
  checkSizeWithEntries(layout, write);
  return { write, layout, key: item, storeKey: itemKey(layout.table, item), condition: undefined };
}

function checkInsertedKey(attribute: KeyAttribute, item: AttributeMap): void {
  const value = Object.hasOwn(item, attribute.name) ? item[attribute.name] : undefined;
  if (value === undefined) throw validationError(`Key attribute should be present in the item: Key ${attribute.name}`);
  if (!(attribute.type in value)) throw keyTypeError(attribute);
}

function pinnedKey(layout: TableLayout, where: BoundCondition | undefined): PinnedKey {
  const pinned = new Map<string, AttributeValue>();
  const conditions = conjunctsOf(where).filter((condition) => {
    const equality = keyEquality(layout, condition);
    if (equality === undefined) return true;
    const known = pinned.get(equality.name);
    if (known !== undefined && !valuesEqual(known, equality.value)) {
      throw validationError(
        `Multiple conditions on same key ${equality.name}. Only single item Update/Insert/Delete are supported`,
      );
    }
    pinned.set(equality.name, equality.value);
    return false;
  });
  for (const attribute of layout.keyAttributes) {
    const value = pinned.get(attribute.name);
    if (value === undefined) {
      throw validationError('Where clause does not contain a mandatory equality on all key attributes');
    }
    if (!(attribute.type in value)) throw keyTypeError(attribute);
  }
  return { key: Object.fromEntries(pinned), conditions };
}

/** In a transaction, whatever is wrong with a key is said in the same words, those for a key that does not fit. */
function pinnedOnce(layout: TableLayout, where: BoundCondition | undefined): PinnedKey {
  try {
    return pinnedKey(layout, where);
  } catch (error) {
    if (error instanceof DynamoError) throw validationError('The provided key element does not match the schema');
    throw error;
  }
}

/** An equality that pins a key attribute. IN does not, not even with one value. */
export function keyEquality(
  layout: TableLayout,
  condition: BoundCondition,
): { readonly name: string; readonly value: AttributeValue } | undefined {
  const test = condition.kind === 'test' ? condition.test : undefined;
  const value = test?.values[0];
  if (test?.operator !== '=' || test.isList || value === undefined || !layout.keyNames.has(test.attribute)) {
    return undefined;
  }
  return { name: test.attribute, value };
}

/**
 * What the statement comes to, given the item as it is. Changes nothing. Throws DuplicateItemException,
 * ConditionalCheckFailedException (with the item, if it is asked for) or ValidationException.
 */
export function attemptWrite(reader: Reader, located: LocatedWrite, isItemAsked: boolean): WriteResult {
  const { write, layout, key, storeKey } = located;
  const found = reader.get(storeKey);
  const before = found && new StoredItem(found);
  const change = { layout, key: storeKey, before };
  if (write.kind === 'insert') {
    if (before !== undefined) {
      throw new DynamoError('DuplicateItemException', 'Duplicate primary key exists in table');
    }
    const after = StoredItem.of(write.item, write.sizeBytes);
    return { change: { ...change, after }, returned: undefined };
  }
  assertMet(located, before, isItemAsked);
  if (write.update === undefined) {
    return { change: { ...change, after: undefined }, returned: write.returning && before };
  }
  const { after, paths } = applyUpdate(layout, {}, write.update, before ?? key);
  return { change: { ...change, after }, returned: returnedPart(write.returning, before, after, paths) };
}

/** An UPDATE needs its item, while a DELETE without one has done its work, whatever its conditions. */
function assertMet({ write, condition }: LocatedWrite, before: StoredItem | undefined, isItemAsked: boolean): void {
  if (before === undefined && write.kind === 'delete') return;
  if (before !== undefined && (condition === undefined || condition(before.item))) return;
  throw conditionFailed(isItemAsked ? before : undefined);
}

export function conditionFailed(item: StoredItem | undefined): DynamoError {
  const details = item === undefined ? {} : { Item: item };
  return new DynamoError('ConditionalCheckFailedException', 'The conditional request failed', details);
}

function returnedPart(
  part: ReturnedPart | undefined,
  before: StoredItem | undefined,
  after: StoredItem,
  paths: readonly Path[],
): WriteResult['returned'] {
  switch (part) {
    case 'ALL OLD':
      return before;
    case 'ALL NEW':
      return after;
    case 'MODIFIED OLD':
      return projectUpdatedPaths(before?.item, paths);
    case 'MODIFIED NEW':
      return projectUpdatedPaths(after.item, paths);
    default:
      return undefined;
  }
}
