import { defined } from '@tablewright/base';
import {
  type KeyStretch,
  keyStretch,
  matchKeyCondition,
  type PageFilter,
  prefixEnd,
  type ReadSource,
} from '../data/index.js';
import { type DynamoError, validationError } from '../errors.js';
import { topLevelAttribute } from '../expression/index.js';
import { javaSetOrder } from '../validation/java-set-order.js';
import { type AttributeMap, type AttributeValue, compareValues } from '../value/index.js';
import { type BoundCondition, pathsOf } from './bound-condition.js';
import {
  type Branch,
  branchFilter,
  checkBranchCount,
  decompose,
  filterOf,
  keyTypeError,
  mistypedKey,
  type ReadKey,
} from './decompose.js';
import type { Ordering } from './translate-select.js';

/** One stretch of the store that a SELECT reads. */
export interface PlannedRead {
  readonly stretch: KeyStretch;
  readonly reverse: boolean;
  readonly filter: PageFilter | undefined;
  /** Whether it names one item by its whole key. */
  readonly isOneItem: boolean;
}

interface KeyedRead extends PlannedRead {
  readonly branch: Branch;
  readonly hash: AttributeValue;
}

/** The key of what a statement reads. Keys of several attributes have been refused before. */
export function readKey({ keys }: ReadSource): ReadKey {
  return { hash: defined(keys.hash[0], 'hash key'), range: keys.range[0] };
}

/** What the SELECT reads, in order. Throws ValidationException with AWS's words. */
export function planReads(
  source: ReadSource,
  where: BoundCondition | undefined,
  orderBy: readonly Ordering[],
): readonly PlannedRead[] {
  const key = readKey(source);
  const mistyped = mistypedKey(where, key);
  if (mistyped !== undefined) throw keyTypeError(mistyped);
  const keyed = keyedReads(source, where);
  if (orderBy.length > 0) checkOrderBy(orderBy, key, where, keyed);
  if (keyed === undefined) return [scanRead(source, where)];
  checkFiltersProjected(source, keyed);
  return ordered(keyed, orderBy, key);
}

/** The reads by key, in order; undefined when everything must be looked at. */
function keyedReads(source: ReadSource, where: BoundCondition | undefined): readonly KeyedRead[] | undefined {
  const branches = where && decompose(where, readKey(source));
  if (where === undefined || branches === undefined) return undefined;
  const reads = branches.map((branch) => keyedRead(source, branch));
  reads.sort((a, b) => compareReads(a, b, 1, 1));
  const merged = mergeOverlaps(reads, source, where);
  checkBranchCount(branches);
  return merged;
}

/**
 * The key of the one item that the clause names, and it names nothing else; undefined when it does not. Throws
 * ValidationException as the read would. The types of the key have been checked.
 */
export function singleItemKey(source: ReadSource, where: BoundCondition | undefined): AttributeMap | undefined {
  const [read, ...others] = keyedReads(source, where) ?? [];
  if (read === undefined || others.length > 0 || !read.isOneItem || read.filter !== undefined) return undefined;
  const { hash, range } = read.branch;
  const terms = range === undefined ? [hash] : [hash, range];
  return Object.fromEntries(terms.map(({ attribute, operands }) => [attribute, defined(operands[0], 'key value')]));
}

function keyedRead(source: ReadSource, branch: Branch): KeyedRead {
  const { hash, range } = branch;
  const condition = matchKeyCondition(source, range === undefined ? [hash] : [hash, range]);
  const { keys } = source;
  return {
    branch,
    hash: defined(hash.operands[0], 'value of the hash key'),
    stretch: keyStretch(source, condition),
    reverse: false,
    filter: branchFilter(branch),
    isOneItem: source.index === undefined && (keys.range.length === 0 || range?.operator === '='),
  };
}

/** Everything is looked at, from the first hash to the last. */
function scanRead({ prefix }: ReadSource, where: BoundCondition | undefined): PlannedRead {
  return {
    stretch: { start: prefix, end: prefixEnd(prefix), accepts: undefined },
    reverse: false,
    filter: where && filterOf([where]),
    isOneItem: false,
  };
}

/** By hash key, then by range key; a sign of -1 turns the order round. */
function compareReads(a: KeyedRead, b: KeyedRead, hashSign: 1 | -1, rangeSign: 1 | -1): number {
  const byHash = compareValues(a.hash, b.hash) ?? 0;
  return byHash === 0 ? rangeSign * (a.stretch.start < b.stretch.start ? -1 : 1) : hashSign * byHash;
}

/**
 * Branches of one collection must not overlap, except where one of them only filters by the range key, as with NOT or
 * <>: such a collection is read once, by the whole clause (recorded on AWS by a public conformance suite).
 */
function mergeOverlaps(reads: readonly KeyedRead[], source: ReadSource, where: BoundCondition): readonly KeyedRead[] {
  const merged: KeyedRead[] = [];
  for (const read of reads) {
    const last = merged.findLast(isFull);
    if (last === undefined || !overlaps(last, read)) {
      merged.push(read);
      continue;
    }
    if (!filtersRange(last, source) && !filtersRange(read, source)) {
      throw validationError('Overlapping conditions with range keys are not supported in where clause');
    }
    const whole = collectionRead(source, last, read, where);
    while (merged.some((one) => overlaps(one, whole))) merged.pop();
    merged.push(whole);
  }
  return merged;
}

function isFull({ stretch }: KeyedRead): boolean {
  return stretch.start < stretch.end;
}

/** Other collections lie elsewhere, so reads that overlap are of one collection. */
function overlaps(a: KeyedRead, b: KeyedRead): boolean {
  return isFull(a) && isFull(b) && b.stretch.start < a.stretch.end && b.stretch.end > a.stretch.start;
}

function filtersRange({ branch }: KeyedRead, source: ReadSource): boolean {
  const range = readKey(source).range?.name;
  return branch.filters.some((filter) => {
    const paths = pathsOf(filter);
    return paths.length > 0 && paths.every((path) => topLevelAttribute(path) === range);
  });
}

function collectionRead(source: ReadSource, a: KeyedRead, b: KeyedRead, where: BoundCondition): KeyedRead {
  const filters = [...a.branch.filters, ...b.branch.filters];
  const read = keyedRead(source, { hash: a.branch.hash, range: undefined, filters });
  return { ...read, filter: filterOf([where]) };
}

function checkOrderBy(
  orderBy: readonly Ordering[],
  key: ReadKey,
  where: BoundCondition | undefined,
  keyed: readonly KeyedRead[] | undefined,
): void {
  if (where === undefined) {
    throw validationError('Must have WHERE clause in the statement when using ORDER BY clause.');
  }
  if (keyed === undefined) {
    throw validationError(
      'Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.',
    );
  }
  const other = orderBy.find(({ attribute }) => attribute !== key.hash.name && attribute !== key.range?.name);
  if (other !== undefined) {
    throw validationError(`Attribute ${other.attribute} in ORDER BY clause must be part of the primary key`);
  }
  const isHashOrdered = orderBy.some(({ attribute }) => attribute === key.hash.name);
  if (!isHashOrdered && keyed.some(({ hash }) => compareValues(hash, keyed[0]?.hash ?? hash) !== 0)) {
    throw validationError(
      'Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE clause.',
    );
  }
}

/** The range key descends where ORDER BY does not name it. */
function ordered(reads: readonly KeyedRead[], orderBy: readonly Ordering[], key: ReadKey): readonly PlannedRead[] {
  if (orderBy.length === 0) return reads;
  const ofHash = orderBy.find(({ attribute }) => attribute === key.hash.name);
  const ofRange = orderBy.find(({ attribute }) => attribute === key.range?.name);
  const reverse = ofRange?.isDescending ?? true;
  const hashSign = ofHash?.isDescending === true ? -1 : 1;
  const sorted = [...reads].sort((a, b) => compareReads(a, b, hashSign, reverse ? -1 : 1));
  return sorted.map((read) => ({ ...read, reverse }));
}

/**
 * Refuses filters on what an index does not project, unless one of the branches can do without. The branch that reads
 * the last hash key is the one whose attributes are named.
 */
function checkFiltersProjected({ index }: ReadSource, reads: readonly KeyedRead[]): void {
  const projected = index?.projected;
  if (index === undefined || projected === undefined) return;
  let missing: readonly string[] = [];
  for (const { branch } of reads) {
    const names = branch.filters.flatMap((filter) => pathsOf(filter).map(topLevelAttribute));
    missing = [...new Set(names)].filter((name) => !projected.has(name));
    if (missing.length === 0) return;
  }
  if (missing.length > 0) throw notProjected(index.index.name, missing);
}

function notProjected(indexName: string, attributes: readonly string[]): DynamoError {
  return validationError(
    `One or more parameter values were invalid: Secondary index ${indexName} does not project one or more filter ` +
      `attributes: [${javaSetOrder(attributes).join(', ')}]`,
  );
}
