import type { Reader } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import {
  applyUpdate,
  assertCondition,
  checkExpressionMembers,
  checkItemKeys,
  checkKey,
  checkLeavesKey,
  checkSizeWithEntries,
  compileWriteCondition,
  type ExpressionRules,
  type ItemChange,
  itemKey,
  MAX_ITEM_BYTES,
  openExpressions,
  StoredItem,
  type TableLayout,
  tableLayout,
  type WriteRequest,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { validationError } from '../errors.js';
import { type Condition, compileUpdate, type Update } from '../expression/index.js';
import { type AttributeMap, type CheckedItem, checkItem, checkName } from '../value/index.js';
import { type CancellationReason, NO_REASON, reasonOf } from './cancellation.js';
import type { Outcome } from './write-transaction.js';

type ActionRequest = WriteRequest & { readonly Item?: unknown; readonly Key?: unknown };

export type TransactWriteItem = {
  readonly ConditionCheck?: ActionRequest;
  readonly Put?: ActionRequest;
  readonly Delete?: ActionRequest;
  readonly Update?: ActionRequest;
};

type ActionKind = keyof TransactWriteItem;

const KINDS: readonly ActionKind[] = ['ConditionCheck', 'Put', 'Delete', 'Update'];

const RULES: ExpressionRules = {
  expressions: ['UpdateExpression', 'ConditionExpression'],
  legacy: [],
  hasNarrowNumbers: true,
};

const NUMBERS = { hasNarrowNumbers: true } as const;

/** An action whose values and expressions have been read; its table has not been looked at. */
export interface CheckedAction {
  readonly kind: ActionKind;
  readonly request: ActionRequest;
  /** The item of a Put, the key of all others. */
  readonly item: AttributeMap;
  readonly sizeBytes: number;
  /** What it adds to the size of its transaction. */
  readonly payloadBytes: number;
  readonly condition: Condition | undefined;
  readonly update: Update | undefined;
}

export interface LocatedAction extends CheckedAction {
  readonly layout: TableLayout;
  /** Undefined when there is a reason to cancel. */
  readonly storeKey: string | undefined;
  readonly reason: CancellationReason;
}

/** Everything that AWS checks before it looks at tables. */
export function checkAction(action: TransactWriteItem): CheckedAction {
  const { kind, request } = theOneAction(action);
  checkExpressionMembers(request, RULES);
  if (kind === 'Put') return withExpressions(kind, request, checkPutItem(request.Item));
  // Only the item of a Put comes before expressions.
  return withExpressions(kind, request, () => checkItem(request.Key, NUMBERS));
}

function withExpressions(
  kind: ActionKind,
  request: ActionRequest,
  checked: CheckedItem | (() => CheckedItem),
): CheckedAction {
  const { substitutions } = openExpressions(request, RULES);
  const update =
    substitutions && request.UpdateExpression !== undefined
      ? compileUpdate(request.UpdateExpression, substitutions)
      : undefined;
  const condition = compileWriteCondition(request, substitutions);
  substitutions?.assertAllUsed();
  const { item, sizeBytes } = typeof checked === 'function' ? checked() : checked;
  const payloadBytes = sizeBytes + (substitutions?.sizeBytes ?? 0);
  return { kind, request, item, sizeBytes, payloadBytes, condition, update };
}

/** Empty names of attributes come before values that nest too deeply, and these before empty names within maps. */
function checkPutItem(raw: unknown): CheckedItem {
  for (const name of Object.keys(raw ?? {})) checkName(name);
  const checked = checkItem(raw, { ...NUMBERS, nestingFirst: true });
  if (checked.sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
  return checked;
}

function theOneAction(action: TransactWriteItem): { kind: ActionKind; request: ActionRequest } {
  const given = KINDS.flatMap((kind) => {
    const request = action[kind];
    return request === undefined ? [] : [{ kind, request }];
  });
  if (given.length > 1) {
    throw validationError('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const [only] = given;
  if (only !== undefined) return only;
  throw validationError('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
}

/** Finds the table and checks the key against it; a key that does not fit is a reason to cancel. */
export function locateAction(context: EngineContext, caller: Caller, action: CheckedAction): LocatedAction {
  const layout = tableLayout(context.tables.table(caller, action.request.TableName));
  try {
    if (action.kind === 'Put') {
      checkItemKeys(layout, action.item);
      checkSizeWithEntries(layout, action.item, action.sizeBytes);
    } else {
      checkKey(layout, action.item);
    }
    if (action.update !== undefined) checkLeavesKey(layout, action.update);
    return { ...action, layout, storeKey: itemKey(layout.table, action.item), reason: NO_REASON };
  } catch (error) {
    return { ...action, layout, storeKey: undefined, reason: reasonOf(error) };
  }
}

/** What the action comes to, given the items as they are. Changes nothing. */
export function tryAction(reader: Reader, action: LocatedAction): Outcome {
  const { kind, request, layout, storeKey: key, condition } = action;
  if (key === undefined) return { reason: action.reason };
  const found = reader.get(key);
  const before = found && new StoredItem(found);
  try {
    assertCondition(request, condition, before);
    if (kind === 'ConditionCheck') {
      const after = before && { item: before.item, stored: before.bytes };
      return { change: { layout, key, before, after }, isWrite: false };
    }
    return { change: { layout, key, before, after: itemAfter(action, before) }, isWrite: true };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function itemAfter(action: LocatedAction, before: StoredItem | undefined): ItemChange['after'] {
  const { kind, item, sizeBytes, layout, update } = action;
  if (kind === 'Delete') return undefined;
  if (kind === 'Put') return { item, stored: StoredItem.encode(item, sizeBytes) };
  if (before === undefined && update?.onlyTakesAway === true) return undefined;
  return applyUpdate(layout, {}, update, before?.item ?? item).after;
}
