import { defined } from '@tablewright/base';
import type { KeyRange } from '@tablewright/store';
import type { KeyAttribute } from '../catalog/table.js';
import { validationError } from '../errors.js';
import type { KeyTerm } from '../expression/index.js';
import { type AttributeMap, type AttributeValue, compareValues } from '../value/index.js';
import { prefixEnd } from './byte-string.js';
import { collectionPrefix, keyValueBytes, MAX_ORDERED_BYTES, orderedComponent, orderedPrefix } from './key-codec.js';
import { checkKeySizes, checkNotEmpty } from './keys.js';
import { ownAttribute } from './own-attribute.js';
import type { ReadSource } from './read-source.js';
import { checkStartKeyPart } from './start-key.js';
import type { StoredItem } from './stored-item.js';

/** A key condition matched with the keys of what it queries. */
export interface KeyCondition {
  /** The values that the equalities name. */
  readonly values: AttributeMap;
  /** Equalities on range key attributes, from the first on. */
  readonly equal: readonly KeyAttribute[];
  /** The condition on the range key attribute after those. */
  readonly last: { readonly attribute: KeyAttribute; readonly term: KeyTerm } | undefined;
}

/**
 * Matches the terms of a key condition with the key schema: equality on every hash attribute, then range attributes
 * from left to right, all but the last with equality (docs: Query; GSI.DesignPattern.MultiAttributeKeys). AWS looks at
 * the start key, if there is one, in between: its part of the hash key before the condition on that, and so on.
 */
export function matchKeyCondition(
  source: ReadSource,
  terms: readonly KeyTerm[],
  startKey?: AttributeMap,
): KeyCondition {
  const { hash, range } = source.keys;
  if (startKey !== undefined) checkStartKeyPart(hash, [], startKey);
  if (terms.length > hash.length + range.length) {
    throw validationError(
      `The number of query conditions (${terms.length}) exceeds the number of key attributes defined in the schema ` +
        `(${hash.length + range.length})`,
    );
  }
  const byName = new Map(terms.map((term) => [term.attribute, term]));
  if (hash.length > 1) checkEveryHash(hash, byName);
  const values: Record<string, AttributeValue> = {};
  for (const attribute of hash) {
    const term = byName.get(attribute.name);
    if (term === undefined) throw missedElement(attribute);
    checkOperands(attribute, term);
    if (term.operator !== '=') throw validationError('Query key condition not supported');
    values[attribute.name] = firstOperand(term);
  }
  if (startKey !== undefined) checkStartKeyPart([], range, startKey);
  const rangeTermCount = terms.length - hash.length;
  const equal: KeyAttribute[] = [];
  let last: KeyCondition['last'];
  for (const attribute of range.slice(0, rangeTermCount)) {
    const term = byName.get(attribute.name);
    if (term === undefined || last !== undefined) throw brokenRange(source, byName);
    if (hash.length + range.length > 2) checkPrefixable(attribute, term);
    checkOperands(attribute, term);
    if (term.operator === '=') {
      equal.push(attribute);
      values[attribute.name] = firstOperand(term);
    } else {
      last = { attribute, term };
    }
  }
  checkKeySizes(hash, range, values);
  return { values, equal, last };
}

/** The error for a range key condition that leaves out an attribute, or has anything but equality before the last. */
function brokenRange({ keys: { range } }: ReadSource, terms: ReadonlyMap<string, KeyTerm>): Error {
  const lastAt = range.findLastIndex(({ name }) => terms.has(name));
  const lacking = range.slice(0, Math.max(0, lastAt)).filter(({ name }) => terms.get(name)?.operator !== '=');
  const last = range[lastAt];
  const missed = range.find(({ name }) => !terms.has(name));
  if (last === undefined || lacking.length === 0) return missedElement(defined(missed, 'range key attribute'));
  const names = lacking.map(({ name }) => name).join(', ');
  return validationError(
    `RANGE key attributes ${names} must have equality conditions specified in the query because a condition is ` +
      `present on key attribute ${last.name}`,
  );
}

/** A hash key of several attributes has a message of its own. */
function checkEveryHash(hash: readonly KeyAttribute[], terms: ReadonlyMap<string, KeyTerm>): void {
  const lacking = hash.filter(({ name }) => terms.get(name)?.operator !== '=');
  if (lacking.length === 0) return;
  const names = lacking.map(({ name }) => name).join(', ');
  throw validationError(`HASH key attributes ${names} must have equality conditions specified in the query`);
}

function missedElement(attribute: KeyAttribute): Error {
  return validationError(`Query condition missed key schema element: ${attribute.name}`);
}

/** In keys of several attributes AWS looks at the attribute before the operand. */
function checkPrefixable(attribute: KeyAttribute, term: KeyTerm): void {
  if (term.operator !== 'begins_with' || attribute.type !== 'N') return;
  throw validationError(
    'Invalid KeyConditionExpression: Incorrect operand type for operator or function; ' +
      'operator or function: begins_with, operand type: N',
  );
}

function checkOperands(attribute: KeyAttribute, term: KeyTerm): void {
  if (term.isNotIndexable) throw validationError('Attempted conditional constraint is not an indexable operation');
  for (const operand of term.operands) {
    if (!(attribute.type in operand)) {
      throw validationError(
        'One or more parameter values were invalid: Condition parameter type does not match schema type',
      );
    }
    checkNotEmpty(attribute, operand);
  }
}

function firstOperand(term: KeyTerm): AttributeValue {
  return defined(term.operands[0], 'operand of a key condition');
}

/** The stretch of the store that a key condition means; `accepts` where that is more than the condition. */
export interface KeyStretch extends KeyRange {
  readonly start: string;
  readonly end: string;
  readonly accepts: ((entry: StoredItem) => boolean) | undefined;
}

export function keyStretch(source: ReadSource, condition: KeyCondition): KeyStretch {
  const base = collectionPrefix(source.prefix, source.keys.hash, condition.values);
  return source.index === undefined ? itemStretch(base, condition) : entryStretch(base, condition);
}

/** In a table the range key is the end of the store key, without a terminator. */
function itemStretch(base: string, { values, equal, last }: KeyCondition): KeyStretch {
  const attribute = equal[0];
  if (attribute !== undefined) {
    const key = base + keyValueBytes(defined(values[attribute.name], 'value of an equality'));
    return { start: key, end: `${key}\0`, accepts: undefined };
  }
  if (last === undefined) return { start: base, end: prefixEnd(base), accepts: undefined };
  const { start, end } = termBounds(base, last.term, keyValueBytes, keyValueBytes, (key) => `${key}\0`);
  return { start, end, accepts: undefined };
}

function entryStretch(base: string, { values, equal, last }: KeyCondition): KeyStretch {
  let ordered = '';
  for (const attribute of equal) {
    ordered += orderedComponent(attribute, defined(values[attribute.name], 'value of an equality'));
  }
  const prefix = base + ordered;
  const bounds =
    last === undefined
      ? { start: prefix, end: prefixEnd(prefix) }
      : termBounds(
          prefix,
          last.term,
          (operand) => orderedComponent(last.attribute, operand),
          (operand) => orderedPrefix(last.attribute, operand),
          prefixEnd,
        );
  const longest = base.length + MAX_ORDERED_BYTES;
  if (bounds.start.length <= longest && bounds.end.length <= longest) return { ...bounds, accepts: undefined };
  // Longer range keys are cut in the store: read all that begin like them, and look at the attributes themselves.
  return {
    start: bounds.start.slice(0, longest),
    end: prefixEnd(bounds.end.slice(0, longest)),
    accepts: (entry) => meetsRangeTerms(entry.item, { values, equal, last }),
  };
}

function termBounds(
  base: string,
  { operator, operands }: KeyTerm,
  whole: (operand: AttributeValue) => string,
  beginning: (operand: AttributeValue) => string,
  after: (key: string) => string,
): { start: string; end: string } {
  const first = defined(operands[0], 'operand of a key condition');
  const key = base + whole(first);
  switch (operator) {
    case '=':
      return { start: key, end: after(key) };
    case '<':
      return { start: base, end: key };
    case '<=':
      return { start: base, end: after(key) };
    case '>':
      return { start: after(key), end: prefixEnd(base) };
    case '>=':
      return { start: key, end: prefixEnd(base) };
    case 'BETWEEN':
      return { start: key, end: after(base + whole(defined(operands[1], 'upper bound of BETWEEN'))) };
    case 'begins_with': {
      const prefix = base + beginning(first);
      return { start: prefix, end: prefixEnd(prefix) };
    }
  }
}

/** Whether the range key attributes of `item` meet the condition, compared as values. */
export function meetsRangeTerms(item: AttributeMap, { values, equal, last }: KeyCondition): boolean {
  for (const { name } of equal) {
    if (order(ownAttribute(item, name), values[name]) !== 0) return false;
  }
  if (last === undefined) return true;
  const { attribute, term } = last;
  const value = ownAttribute(item, attribute.name);
  const [first, second] = term.operands;
  if (term.operator === 'begins_with') {
    return value !== undefined && first !== undefined && keyValueBytes(value).startsWith(keyValueBytes(first));
  }
  const toFirst = order(value, first);
  if (toFirst === undefined) return false;
  switch (term.operator) {
    case '=':
      return toFirst === 0;
    case '<':
      return toFirst < 0;
    case '<=':
      return toFirst <= 0;
    case '>':
      return toFirst > 0;
    case '>=':
      return toFirst >= 0;
    case 'BETWEEN':
      return toFirst >= 0 && (order(value, second) ?? 1) <= 0;
  }
}

function order(a: AttributeValue | undefined, b: AttributeValue | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : compareValues(a, b);
}
