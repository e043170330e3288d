import { isObject, type LeafTest, leafTest, PatternError, type Scalar } from './pattern-operators.js';

export { PatternError } from './pattern-operators.js';

// Event patterns as Lambda's filter criteria and SNS's filter policies use them: a part of EventBridge's language.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html

/** Whether an event, as parsed JSON, matches. */
export type EventTest = (event: unknown) => boolean;

/**
 * Compiles a pattern. Every key of an object must match; a leaf is a list, of which one entry must match; of `$or`'s
 * patterns one must match. Where the event has an array, one of its elements must match.
 * Throws PatternError.
 */
export function compilePattern(text: string): EventTest {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw new PatternError('the pattern is not JSON');
  }
  if (!isObject(pattern)) throw new PatternError('the pattern is not an object');
  return objectTest(pattern);
}

function objectTest(pattern: Record<string, unknown>): EventTest {
  const tests = Object.entries(pattern).map(([key, value]) => (key === '$or' ? orTest(value) : memberTest(key, value)));
  return (event) => tests.every((test) => test(event));
}

function orTest(value: unknown): EventTest {
  if (!Array.isArray(value) || value.length === 0) throw new PatternError('$or is a list of patterns');
  const tests = value.map((pattern: unknown) => {
    if (!isObject(pattern)) throw new PatternError('$or is a list of patterns');
    return objectTest(pattern);
  });
  return (event) => tests.some((test) => test(event));
}

function memberTest(key: string, value: unknown): EventTest {
  if (Array.isArray(value)) return leafMemberTest(key, value);
  if (!isObject(value)) throw new PatternError(`${key} is neither a list nor an object`);
  const test = objectTest(value);
  return (event) => elements(memberOf(event, key)).some((element) => test(element ?? {}));
}

function leafMemberTest(key: string, entries: readonly unknown[]): EventTest {
  if (entries.length === 0) throw new PatternError(`${key} has an empty list`);
  const exists = entries.filter((entry) => isObject(entry) && 'exists' in entry).map(existsOf);
  const tests: LeafTest[] = entries.filter((entry) => !(isObject(entry) && 'exists' in entry)).map(leafTest);
  return (event) => {
    const found = memberOf(event, key);
    // Only a leaf exists: an object is a way to others.
    const isThere = found !== undefined && !isObject(found);
    if (exists.includes(isThere)) return true;
    return isThere && elements(found).some((element) => isScalar(element) && tests.some((test) => test(element)));
  };
}

function existsOf(entry: unknown): boolean {
  const value: unknown = isObject(entry) ? entry.exists : undefined;
  if (typeof value !== 'boolean') throw new PatternError('exists is true or false');
  return value;
}

function memberOf(event: unknown, key: string): unknown {
  return isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
}

/** The elements of arrays within arrays, too; of what is no array, that itself. */
function elements(value: unknown): unknown[] {
  return Array.isArray(value) ? value.flatMap(elements) : [value];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
