import type { EngineContext, Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import {
  compileUpdate,
  type Path,
  projectUpdatedPaths,
  type Substitutions,
  topLevelAttribute,
  type Update,
  type UpdateResult,
  updateStatementBytes,
} from '../expression/index.js';
import { type AttributeMap, checkItem, itemSizeBytes } from '../value/index.js';
import { checkUpdatedVectors } from '../vectors/check-vectors.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { itemKey } from './key-codec.js';
import { checkAssignedTypes, checkKey, checkScalarKeys, checkUpdatedItemKeys } from './keys.js';
import { localEntriesBytes } from './local-entries-size.js';
import { AttributeNames } from './pick-json.js';
import { inWordsOf } from './recent-words.js';
import type { KeyedWriteRequest, ReturnValues } from './request.js';
import { StoredItem } from './stored-item.js';
import { type TableLayout, tableLayout } from './table-layout.js';
import { attemptMetered, writeItem } from './write-item.js';
import {
  assertCondition,
  compileWriteCondition,
  MAX_ITEM_BYTES,
  reportWrite,
  type WriteOutput,
} from './write-request.js';

const RULES: ExpressionRules = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
  valuesNestAsStored: true,
};

const NOTHING: { readonly after: undefined; readonly paths: readonly Path[] } = { after: undefined, paths: [] };

export function updateItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as KeyedWriteRequest;
    const checked = inWordsOf(context, 'UpdateItem', request, checkUpdate);
    const { input, keyValues, update, condition, substitutions } = checked;
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    checkKey(layout, keyValues);
    if (update !== undefined) checkLeavesKey(layout, update);
    checkScalarKeys(layout, condition?.nestedAttributes());
    if (substitutions !== undefined) checkStatementSize(input, substitutions);
    const key = itemKey(layout.table, keyValues);
    return context.store.change((writer) => {
      const found = writer.get(key);
      const before = found && new StoredItem(found);
      attemptMetered(context, writer, { layout, storeKey: key }, () => assertCondition(input, condition, before));
      // An update that only takes away does not make an item, and its paths may lead nowhere then.
      const isIdle = before === undefined && update?.onlyTakesAway === true;
      const { after, paths } = isIdle ? NOTHING : applyUpdate(layout, input, update, before ?? keyValues);
      const units = writeItem(context, writer, { layout, key, before, after });
      const output = returnedAttributes(input.ReturnValues, before, after, paths);
      return reportWrite(output, input, layout, keyValues, units, writer);
    });
  };
}

/** What can be told from the request alone, which comes before whether there is the table. */
function checkUpdate(request: KeyedWriteRequest) {
  checkExpressionMembers(request, RULES);
  const { item: keyValues } = checkItem(request.Key);
  const { input, substitutions } = openExpressions(request, RULES);
  const update =
    substitutions && input.UpdateExpression !== undefined
      ? compileUpdate(input.UpdateExpression, substitutions)
      : undefined;
  const condition = compileWriteCondition(input, substitutions);
  substitutions?.assertAllUsed();
  return { input, keyValues, update, condition, substitutions };
}

/** Names and values this small cannot add up to the limit, however often an expression of 4 KB uses them. */
const HARMLESS_BYTES = 150;

function checkStatementSize(input: KeyedWriteRequest, substitutions: Substitutions): void {
  if (input.UpdateExpression === undefined || input.AttributeUpdates !== undefined) return;
  if (substitutions.sizeBytes < HARMLESS_BYTES) return;
  if (updateStatementBytes(input.UpdateExpression, substitutions) > MAX_ITEM_BYTES) throw updateTooLarge();
}

function updateTooLarge(): Error {
  return validationError('Item size to update has exceeded the maximum allowed size');
}

/** Throws when the update writes a key attribute, gives one of an index another type, or reaches into one. */
export function checkLeavesKey(layout: TableLayout, update: Update): void {
  const written = update.topLevelAttributes();
  for (const name of layout.keyNames) {
    if (!written.has(name)) continue;
    throw validationError(
      `One or more parameter values were invalid: Cannot update attribute ${name}. This attribute is part of the key`,
    );
  }
  if (layout.indexes.length > 0) checkAssignedTypes(layout, update.assignedTypes());
  checkScalarKeys(layout, update.nestedAttributes());
}

/**
 * The item after the update. `base` is the item before it, or the key of a new one. Throws ValidationException when the
 * update does not fit the item, or the item does not fit the table afterwards.
 */
export function applyUpdate(
  layout: TableLayout,
  input: { readonly AttributeUpdates?: unknown },
  update: Update | undefined,
  base: StoredItem | AttributeMap,
): Updated {
  const result = (base instanceof StoredItem && applyInPlace(input, update, base)) || applyToAll(input, update, base);
  const { after } = result;
  if (after.sizeBytes + localEntriesBytes(layout, after) > MAX_ITEM_BYTES) throw updateTooLarge();
  if (layout.indexes.length > 0) checkUpdatedItemKeys(layout, after.attributes(layout.anyKeyAttributes));
  if (layout.vectors !== undefined) checkUpdatedVectors(layout, update?.topLevelAttributes(), base, after);
  return result;
}

interface Updated {
  readonly after: StoredItem;
  readonly paths: readonly Path[];
}

/** Looks at nothing but the attributes that the update names. Undefined where these are not known, or not enough. */
function applyInPlace(
  input: { readonly AttributeUpdates?: unknown },
  update: Update | undefined,
  base: StoredItem,
): Updated | undefined {
  const names = update?.attributes();
  if (update === undefined || names === undefined) return undefined;
  const before = base.attributes(new AttributeNames([...names]));
  const { item, updatedPaths } = apply(input, update, before);
  const after = base.replaced(new AttributeNames([...update.topLevelAttributes()]), before, item);
  return after && { after, paths: updatedPaths };
}

function applyToAll(
  input: { readonly AttributeUpdates?: unknown },
  update: Update | undefined,
  base: StoredItem | AttributeMap,
): Updated {
  const before = base instanceof StoredItem ? base.item : base;
  const { item, updatedPaths } =
    update === undefined ? { item: before, updatedPaths: [] } : apply(input, update, before);
  return { after: StoredItem.of(item, itemSizeBytes(item)), paths: updatedPaths };
}

/** Attributes of a type that cannot be updated so have a message of their own in AttributeUpdates. */
function apply(input: { readonly AttributeUpdates?: unknown }, update: Update, base: AttributeMap): UpdateResult {
  try {
    return update.apply(base);
  } catch (error) {
    const isMismatch = error instanceof DynamoError && error.message.includes('incorrect data type');
    if (input.AttributeUpdates === undefined || !isMismatch) throw error;
    throw validationError('Type mismatch for attribute to update');
  }
}

function returnedAttributes(
  wanted: ReturnValues | undefined,
  before: StoredItem | undefined,
  after: StoredItem | undefined,
  paths: readonly Path[],
): WriteOutput {
  switch (wanted) {
    case 'ALL_OLD':
      return before === undefined ? {} : { Attributes: before };
    case 'ALL_NEW':
      return after === undefined ? {} : { Attributes: after };
    case 'UPDATED_OLD':
      return attributes(updatedPart(before, paths));
    case 'UPDATED_NEW':
      return attributes(updatedPart(after, paths));
    default:
      return {};
  }
}

function updatedPart(item: StoredItem | undefined, paths: readonly Path[]): AttributeMap | undefined {
  if (item === undefined) return undefined;
  const names = new AttributeNames([...new Set(paths.map(topLevelAttribute))]);
  return projectUpdatedPaths(item.attributes(names), paths);
}

function attributes(projected: AttributeMap | undefined): WriteOutput {
  return projected === undefined ? {} : { Attributes: projected };
}
