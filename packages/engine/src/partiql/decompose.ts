import type { KeyAttribute } from '../catalog/table.js';
import { AttributeNames, type PageFilter } from '../data/index.js';
import { validationError } from '../errors.js';
import { type KeyTerm, topLevelAttribute } from '../expression/index.js';
import { valuesEqual } from '../value/index.js';
import { type AttributeTest, allOf, type BoundCondition, pathsOf } from './bound-condition.js';

// AWS reads by key what a WHERE clause pins by key: it spreads the clause into branches, of which any may hold, and
// makes one query of each. Undocumented; as public conformance suites recorded it on AWS in 2026.

/** The key that a statement reads by. */
export interface ReadKey {
  readonly hash: KeyAttribute;
  readonly range: KeyAttribute | undefined;
}

/** One of the queries that a statement comes to. */
export interface Branch {
  readonly hash: KeyTerm;
  readonly range: KeyTerm | undefined;
  readonly filters: readonly BoundCondition[];
}

/** What joins into a branch: tests of the key, and what else must hold. */
interface Draft {
  readonly tests: readonly AttributeTest[];
  readonly filters: readonly BoundCondition[];
}

const MAX_BRANCHES = 50;
/** Clauses that spread into more are not looked into. */
const MAX_DRAFTS = 1000;

/** The key attribute that the clause tests against a value of another type; undefined when it does not. */
export function mistypedKey(where: BoundCondition | undefined, key: ReadKey): KeyAttribute | undefined {
  return where && new Spreader(key).mistyped(where);
}

/**
 * The branches of a WHERE clause; undefined when they do not all pin the hash key, or make two different conditions on
 * one key attribute, so that everything must be looked at. Throws ValidationException when there are too many.
 */
export function decompose(where: BoundCondition, key: ReadKey): readonly Branch[] | undefined {
  const spreader = new Spreader(key);
  if (spreader.count(where) > MAX_DRAFTS) {
    if (spreader.pinsHash(where)) throw tooManyReads();
    return undefined;
  }
  const branches = spreader.drafts(where).map((draft) => branchOf(draft, key));
  if (!branches.every((branch) => branch !== undefined)) return undefined;
  return branches;
}

/** Comes after the check of branches that overlap. */
export function checkBranchCount(branches: readonly Branch[]): void {
  if (branches.length > MAX_BRANCHES) throw tooManyReads();
}

function tooManyReads(): Error {
  return validationError('Too many decomposed read operations for a given query.');
}

class Spreader {
  constructor(private readonly key: ReadKey) {}

  mistyped(condition: BoundCondition): KeyAttribute | undefined {
    if (condition.kind === 'and' || condition.kind === 'or') {
      return this.mistyped(condition.left) ?? this.mistyped(condition.right);
    }
    const test = this.#keyTest(condition);
    const attribute = test?.attribute === this.key.hash.name ? this.key.hash : this.key.range;
    if (test === undefined || attribute === undefined) return undefined;
    return test.values.every((value) => attribute.type in value) ? undefined : attribute;
  }

  /** How many drafts the condition spreads into. */
  count(condition: BoundCondition): number {
    if (condition.kind === 'and') return this.count(condition.left) * this.count(condition.right);
    if (condition.kind === 'or' && this.#namesKey(condition)) {
      return this.count(condition.left) + this.count(condition.right);
    }
    const test = this.#keyTest(condition);
    return test?.operator === 'IN' ? test.values.length : 1;
  }

  pinsHash(condition: BoundCondition): boolean {
    if (condition.kind === 'and') return this.pinsHash(condition.left) || this.pinsHash(condition.right);
    if (condition.kind === 'or') return this.pinsHash(condition.left) && this.pinsHash(condition.right);
    return this.#keyTest(condition)?.attribute === this.key.hash.name;
  }

  drafts(condition: BoundCondition): readonly Draft[] {
    if (condition.kind === 'and') return crossed(this.drafts(condition.left), this.drafts(condition.right));
    if (condition.kind === 'or' && this.#namesKey(condition)) {
      return [...this.drafts(condition.left), ...this.drafts(condition.right)];
    }
    const test = this.#keyTest(condition);
    if (test === undefined) return [{ tests: [], filters: [condition] }];
    if (test.operator !== 'IN') return [{ tests: [test], filters: [] }];
    return test.values.map((value) => ({ tests: [{ ...test, operator: '=', values: [value] }], filters: [] }));
  }

  #namesKey(condition: BoundCondition): boolean {
    if (condition.kind !== 'and' && condition.kind !== 'or') return this.#keyTest(condition) !== undefined;
    return this.#namesKey(condition.left) || this.#namesKey(condition.right);
  }

  /** The condition as one that a query could make of its key. */
  #keyTest(condition: BoundCondition): AttributeTest | undefined {
    const test = condition.kind === 'test' ? condition.test : undefined;
    if (test?.attribute === this.key.range?.name) return test;
    if (test?.attribute !== this.key.hash.name) return undefined;
    return test.operator === '=' || test.operator === 'IN' ? test : undefined;
  }
}

function crossed(left: readonly Draft[], right: readonly Draft[]): readonly Draft[] {
  return left.flatMap((a) =>
    right.map((b) => ({ tests: [...a.tests, ...b.tests], filters: [...a.filters, ...b.filters] })),
  );
}

function branchOf({ tests, filters }: Draft, key: ReadKey): Branch | undefined {
  const [hash, ...otherHashes] = distinct(tests.filter(({ attribute }) => attribute === key.hash.name));
  const [range, ...otherRanges] = distinct(tests.filter(({ attribute }) => attribute === key.range?.name));
  if (hash === undefined || otherHashes.length > 0 || otherRanges.length > 0) return undefined;
  return { hash, range, filters };
}

/** The tests as terms of a key condition, each once. */
function distinct(tests: readonly AttributeTest[]): readonly KeyTerm[] {
  const terms: KeyTerm[] = [];
  for (const { attribute, operator, values } of tests) {
    if (operator === 'IN') continue;
    const term = { attribute, operator, operands: values };
    if (!terms.some((known) => isSameTerm(known, term))) terms.push(term);
  }
  return terms;
}

function isSameTerm(a: KeyTerm, b: KeyTerm): boolean {
  if (a.operator !== b.operator || a.operands.length !== b.operands.length) return false;
  return a.operands.every((operand, index) => {
    const other = b.operands[index];
    return other !== undefined && valuesEqual(operand, other);
  });
}

export function keyTypeError({ name }: KeyAttribute): Error {
  return validationError(`Key attribute's data type should match its data type in table's schema: Key ${name}`);
}

/** The filter of a branch; undefined when all it reads is wanted. */
export function branchFilter({ filters }: Branch): PageFilter | undefined {
  return filters.length === 0 ? undefined : filterOf(filters);
}

/** Lets through the items for which all conditions hold. */
export function filterOf(conditions: readonly BoundCondition[]): PageFilter {
  const names = new Set(conditions.flatMap(pathsOf).map(topLevelAttribute));
  return { evaluate: allOf(conditions), names: new AttributeNames([...names]) };
}
