import { isDeepStrictEqual } from 'node:util';
import type { Json, Outcome, Refusal } from './endpoint.js';
import type { Request } from './requests.js';

/** What differs between two outcomes; undefined when nothing does that matters. */
export type Difference = { readonly kind: 'output' | 'error' | 'wording' | 'capacity'; readonly summary: string };

export function difference(request: Request, ours: Outcome, theirs: Outcome): Difference | undefined {
  if ('error' in ours && 'error' in theirs) {
    if (ours.error.code !== theirs.error.code)
      return { kind: errorKind(ours, theirs), summary: errorPair(ours, theirs) };
    if (!isSame(ours.error.item, theirs.error.item)) return { kind: 'output', summary: 'Item of the error' };
    if (!isSame(reasons(ours.error), reasons(theirs.error))) {
      // What is invalid in one action cancels on AWS, with a reason for each action; the reference ends at it. And it
      // takes an item that is there for a fault of validation.
      const kind = /ValidationError|DuplicateItem/.test(ours.error.message) ? 'wording' : 'output';
      return { kind, summary: errorPair(ours, theirs) };
    }
    if (ours.error.message === theirs.error.message) return undefined;
    return { kind: 'wording', summary: errorPair(ours, theirs) };
  }
  if ('error' in ours || 'error' in theirs) return { kind: errorKind(ours, theirs), summary: errorPair(ours, theirs) };
  const { ConsumedCapacity: ourCapacity, ...ourRest } = ours.output;
  const { ConsumedCapacity: theirCapacity, ...theirRest } = theirs.output;
  const [a, b] = [normalize(ourRest, request.isUnordered), normalize(theirRest, request.isUnordered)];
  if (!isSame(a, b)) {
    if (isReadAlso(request, ours.output, theirs.output))
      return { kind: 'wording', summary: 'UPDATED_… with what was read' };
    const isWording = isSame(withoutMessages(a), withoutMessages(b));
    if (isWording)
      return { kind: 'wording', summary: `${request.operation}: ${messages(a)}\n    reference: ${messages(b)}` };
    return { kind: 'output', summary: `${request.operation}: outputs differ` };
  }
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
  // What is wrong with an action, given the item that is there, is a reason to cancel the transaction.
  ['ValidationError', 'ValidationException'],
  ['Attempted conditional constraint is not an indexable operation', 'InternalFailure'],
  // Of two faults, the one that the request shows by itself comes first.
  ['CONTAINS is not valid for', 'success'],
  ['CONTAINS is not valid for', 'ConditionalCheckFailedException'],
  // Of several faults in the actions of a transaction, it names another.
  ['ValidationException', 'ValidationError'],
  ['Invalid ProjectionExpression', 'The number of conditions on the keys is invalid'],
  // It lets some transactions have several actions on one item.
  ['cannot include multiple operations on one item', 'TransactionCanceledException'],
  ['cannot include multiple operations on one item', 'success'],
  ['DELETE action with value is not supported', 'ConditionalCheckFailedException'],
];

/** Of an update's attributes, the reference also returns nested ones that the update only reads. */
function isReadAlso({ input: { ReturnValues } }: Request, ours: Json, theirs: Json): boolean {
  if (ReturnValues !== 'UPDATED_NEW' && ReturnValues !== 'UPDATED_OLD') return false;
  return isPartOf({ M: ours.Attributes ?? {} }, { M: theirs.Attributes ?? {} });
}

function isPartOf(part: Json, whole: Json | undefined): boolean {
  if (whole === undefined) return false;
  if (!('M' in part) || !('M' in whole)) return isSame(part, whole);
  const members = whole.M as Record<string, Json>;
  return Object.entries(part.M as Record<string, Json>).every(([name, member]) => isPartOf(member, members[name]));
}

/** The errors of single statements within an output. */
function withoutMessages(output: unknown): unknown {
  return JSON.parse(JSON.stringify(output, (name, value) => (name === 'Message' ? undefined : value)));
}

function messages(output: unknown): string {
  return [...JSON.stringify(output).matchAll(/"Message":"([^"]*)"/g)].map(([, text]) => text).join('; ');
}

/** Without the messages, which are the reference's own. */
function reasons({ reasons: given }: Refusal): unknown {
  return given?.map(({ Code, Item }) => ({ Code, ...(Item !== undefined && { Item }) }));
}

function errorKind(ours: Outcome, theirs: Outcome): 'error' | 'wording' {
  const [a, b] = [describe(ours), describe(theirs)];
  return KNOWN.some(([ourPart, theirPart]) => a.includes(ourPart) && b.includes(theirPart)) ? 'wording' : 'error';
}

function errorPair(ours: Outcome, theirs: Outcome): string {
  return `${describe(ours)}
    reference: ${describe(theirs)}`;
}

function describe(outcome: Outcome): string {
  if (!('error' in outcome)) return 'success';
  const { code, message, reasons: given = [] } = outcome.error;
  const words = given.flatMap(({ Message }) => (Message === undefined ? [] : [` (${Message})`]));
  return `${code}: ${message}${words.join('')}`;
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
  // The reference leaves zeros behind its arithmetic: 1.5 - 2.5 is -1.0.
  if (name === 'N' && typeof member === 'string' && /\.\d*0$/.test(member)) return member.replace(/\.?0+$/, '');
  if (!Array.isArray(member)) return normalize(member, isUnordered);
  const isSet = name === 'SS' || name === 'NS' || name === 'BS';
  const isItems = isUnordered && name !== 'L';
  const members = member.map((each) => normalize(each, isUnordered));
  return isSet || isItems ? members.map((each) => JSON.stringify(each)).sort() : members;
}

function isSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(normalize(a, false), normalize(b, false));
}
