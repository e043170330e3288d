import { inOrder, type SetType } from './set-order.js';

// Operations that AWS has moved to its newer validation framework word a few faults of values in another way (recorded
// on AWS by a public conformance suite, October 2026). Only once something is wrong is the raw request looked through.

const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value';
const INVALID = 'One or more parameter values were invalid: ';
const DUPLICATE_NUMBERS = 'Input collection contains duplicates';
/** Lists and maps within each other, up to which the newer framework reads a request; the limit is 61 or 62. */
const MAX_DEPTH_READ = 61;

/** The newer words for a fault of a value; `raw` is the member, or all the members, that it was found in. */
export function recentValueFault(message: string, raw: unknown): string {
  if (message === NOT_NUMERIC) return `${NOT_NUMERIC}: `;
  if (message === DUPLICATE_NUMBERS) return `${INVALID}${DUPLICATE_NUMBERS}.`;
  if (!message.startsWith(`${INVALID}Input collection [`)) return message;
  for (const [type, members] of setsIn(raw)) {
    if (message !== duplicates(type, members, ', ', (member) => member)) continue;
    const separator = type === 'SS' ? ', ' : ',';
    return duplicates(type, recentOrder(type, members), separator, (member) => `"${member}"`);
  }
  return message;
}

/** Whether a request nests its values more deeply than the newer framework reads, so that the older one answers. */
export function nestsTooDeepForRecent(raw: unknown, room = MAX_DEPTH_READ): boolean {
  if (typeof raw !== 'object' || raw === null) return false;
  return Object.entries(raw).some(([name, content]) => {
    if (name !== 'M' && name !== 'L') return nestsTooDeepForRecent(content, room);
    if (room === 0) return typeof content === 'object' && content !== null;
    return nestsTooDeepForRecent(content, room - 1);
  });
}

function duplicates(
  type: SetType,
  members: readonly string[],
  separator: string,
  shown: (member: string) => string,
): string {
  const list = `[${members.map(shown).join(separator)}]`;
  return `${INVALID}Input collection ${list}${type === 'BS' ? 'of type BS' : ''} contains duplicates.`;
}

/** What comes before the first repetition is in order, the rest as it was sent. */
function recentOrder(type: SetType, members: readonly string[]): readonly string[] {
  const repeated = members.findIndex((member, index) => members.indexOf(member) < index);
  const before = members.slice(0, repeated);
  return [...inOrder(type, before), ...members.slice(repeated)];
}

/** The sets of strings and binary values of a raw request, in the order of the document. */
function* setsIn(raw: unknown): Iterable<readonly ['SS' | 'BS', readonly string[]]> {
  if (typeof raw !== 'object' || raw === null) return;
  for (const [name, content] of Object.entries(raw)) {
    const isSet = (name === 'SS' || name === 'BS') && Array.isArray(content);
    if (isSet && content.every((member) => typeof member === 'string')) yield [name, content];
    else yield* setsIn(content);
  }
}
