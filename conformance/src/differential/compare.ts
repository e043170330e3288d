import { isDeepStrictEqual } from 'node:util';
import type { Outcome } from './endpoint.js';
import type { Request } from './requests.js';

/** What differs between two outcomes; undefined when nothing does that matters. */
export type Difference = { readonly kind: 'output' | 'error' | 'wording' | 'capacity'; readonly summary: string };

export function difference(request: Request, ours: Outcome, theirs: Outcome): Difference | undefined {
  if ('error' in ours && 'error' in theirs) {
    if (ours.error.code !== theirs.error.code)
      return { kind: errorKind(ours, theirs), summary: errorPair(ours, theirs) };
    if (!isSame(ours.error.item, theirs.error.item)) return { kind: 'output', summary: 'Item of the error' };
    if (ours.error.message === theirs.error.message) return undefined;
    return { kind: 'wording', summary: errorPair(ours, theirs) };
  }
  if ('error' in ours || 'error' in theirs) return { kind: errorKind(ours, theirs), summary: errorPair(ours, theirs) };
  const { ConsumedCapacity: ourCapacity, ...ourRest } = ours.output;
  const { ConsumedCapacity: theirCapacity, ...theirRest } = theirs.output;
  const [a, b] = [normalize(ourRest, request.isUnordered), normalize(theirRest, request.isUnordered)];
  if (!isSame(a, b)) return { kind: 'output', summary: `${request.operation}: outputs differ` };
  if (!isCapacityCompared(request) || isSame(ourCapacity, theirCapacity)) return undefined;
  const capacities = `${JSON.stringify(ourCapacity)}\n    reference: ${JSON.stringify(theirCapacity)}`;
  return { kind: 'capacity', summary: `${request.operation}: ${capacities}` };
}

/** Where the reference is known to differ from AWS: a part of our error, and a part of its outcome. */
const KNOWN: readonly (readonly [ours: string, theirs: string])[] = [
  // AWS looks at the update before it reads the item.
  ['Cannot update attribute', 'ConditionalCheckFailedException'],
  ['Type mismatch for Index Key', 'ConditionalCheckFailedException'],
  // It lets updates give index keys of another type, and takes numbers written differently for different keys.
  ['Type mismatch for Index Key', 'success'],
  ['secondary index key to unsupported type', 'success'],
  ['contains duplicates', 'success'],
  // The code of the model, and of AWS, has the longer name.
  ['DuplicateItemException', 'DuplicateItem'],
];

function errorKind(ours: Outcome, theirs: Outcome): 'error' | 'wording' {
  const [a, b] = [describe(ours), describe(theirs)];
  return KNOWN.some(([ourPart, theirPart]) => a.includes(ourPart) && b.includes(theirPart)) ? 'wording' : 'error';
}

function errorPair(ours: Outcome, theirs: Outcome): string {
  return `${describe(ours)}
    reference: ${describe(theirs)}`;
}

function describe(outcome: Outcome): string {
  return 'error' in outcome ? `${outcome.error.code}: ${outcome.error.message}` : 'success';
}

/**
 * The reference's arithmetic for pages is its own: a page that reads nothing costs nothing there. It also reports
 * capacity unasked when it deletes nothing, and charges for entries that an index never had.
 */
function isCapacityCompared({ operation, input }: Request): boolean {
  const isAsked = input.ReturnConsumedCapacity === 'TOTAL' || input.ReturnConsumedCapacity === 'INDEXES';
  return isAsked && operation !== 'Query' && operation !== 'Scan';
}

/** Sets have no order, and neither have the items of an unordered answer. */
function normalize(value: unknown, isUnordered: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => normalize(each, isUnordered));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, normalizeMember(name, member, isUnordered)]),
  );
}

function normalizeMember(name: string, member: unknown, isUnordered: boolean): unknown {
  if (!Array.isArray(member)) return normalize(member, isUnordered);
  const isSet = name === 'SS' || name === 'NS' || name === 'BS';
  const isItems = isUnordered && name !== 'L';
  const members = member.map((each) => normalize(each, isUnordered));
  return isSet || isItems ? members.map((each) => JSON.stringify(each)).sort() : members;
}

function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(normalize(a, false), normalize(b, false));
}
