import type { Reader } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import {
  applyUpdate,
  assertCondition,
  checkItemKeys,
  checkKey,
  checkLeavesKey,
  checkSizeWithEntries,
  compileWriteCondition,
  type ExpressionRules,
  type ItemChange,
  itemKey,
  MAX_ITEM_BYTES,
  newItem,
  openExpressions,
  PackedItem,
  StoredItem,
  type TableLayout,
  tableLayout,
  type WriteRequest,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { validationError } from '../errors.js';
import { type Condition, compileUpdate, type Update } from '../expression/index.js';
import { type AttributeMap, checkItem, checkName } from '../value/index.js';
import { checkVectors } from '../vectors/check-vectors.js';
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
  readonly subject: StoredItem | AttributeMap;
  /** What it adds to the size of its transaction. */
  readonly payloadBytes: number;
  readonly condition: Condition | undefined;
  readonly update: Update | undefined;
}

export interface LocatedAction extends CheckedAction {
  readonly layout: TableLayout;
  /** Holds at least the key attributes, as far as they are there. */
  readonly key: AttributeMap;
  /** Undefined when there is a reason to cancel. */
  readonly storeKey: string | undefined;
  readonly reason: CancellationReason;
}

/** Everything that AWS checks before it looks at tables. */
export function checkAction(action: TransactWriteItem): CheckedAction {
  const { kind, request } = theOneAction(action);
  if (kind === 'Put') {
    const item = checkPutItem(request.Item);
    return withExpressions(kind, request, () => [item, item.sizeBytes]);
  }
  // Only the item of a Put comes before expressions.
  return withExpressions(kind, request, () => {
    const { item, sizeBytes } = checkItem(request.Key, NUMBERS);
    return [item, sizeBytes];
  });
}

function withExpressions(
  kind: ActionKind,
  request: ActionRequest,
  readSubject: () => readonly [subject: CheckedAction['subject'], sizeBytes: number],
): CheckedAction {
  // Names and values without an expression are taken, unlike in single writes.
  const { substitutions } = openExpressions(request, RULES);
  const update =
    substitutions && request.UpdateExpression !== undefined
      ? compileUpdate(request.UpdateExpression, substitutions)
      : undefined;
  const condition = compileWriteCondition(request, substitutions);
  substitutions?.assertAllUsed();
  const [subject, sizeBytes] = readSubject();
  const payloadBytes = sizeBytes + (substitutions?.sizeBytes ?? 0);
  return { kind, request, subject, payloadBytes, condition, update };
}

/** Empty names of attributes come before values that nest too deeply, and these before empty names within maps. */
function checkPutItem(raw: unknown): StoredItem {
  if (!(raw instanceof PackedItem)) for (const name of Object.keys(raw ?? {})) checkName(name);
  const item = newItem(raw, { ...NUMBERS, nestingFirst: true });
  if (item.sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
  return item;
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
  const { subject } = action;
  const key = subject instanceof StoredItem ? subject.attributes(layout.anyKeyAttributes) : subject;
  try {
    if (subject instanceof StoredItem) {
      checkItemKeys(layout, key);
      checkVectors(layout, subject);
      checkSizeWithEntries(layout, subject);
    } else {
      checkKey(layout, key);
    }
    if (action.update !== undefined) checkLeavesKey(layout, action.update);
    return { ...action, layout, key, storeKey: itemKey(layout.table, key), reason: NO_REASON };
  } catch (error) {
    return { ...action, layout, key, storeKey: undefined, reason: reasonOf(error) };
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
      return { change: { layout, key, before, after: before }, isWrite: false };
    }
    return { change: { layout, key, before, after: itemAfter(action, before) }, isWrite: true };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function itemAfter(action: LocatedAction, before: StoredItem | undefined): ItemChange['after'] {
  const { kind, subject, key, layout, update } = action;
  if (kind === 'Delete') return undefined;
  if (subject instanceof StoredItem) return subject;
  if (before === undefined && update?.onlyTakesAway === true) return undefined;
  return applyUpdate(layout, {}, update, before ?? key).after;
}
