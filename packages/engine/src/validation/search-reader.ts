import { serializationError } from './check-types.js';

/** What stands in a request for a search, in the words of what reads it. */
const REQUIRED: Readonly<Record<string, string>> = {
  TableName: 'a string',
  IndexName: 'a string',
  SearchVector: 'a sequence',
  TopK: 'i32',
};

/**
 * The endpoint that serves searches reads requests in its own way: what is required cannot be null, where for other
 * operations null is as good as absent, and a fraction is no TopK, where others leave its end off. Recorded on AWS by
 * public projects, with the column of a body without white space.
 */
export function refuseUnreadable(input: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(input);
  const at = entries.findIndex(([name, value]) => unreadable(name, value) !== undefined);
  const [name, value] = entries[at] ?? [];
  if (name === undefined) return;
  const until = JSON.stringify(Object.fromEntries(entries.slice(0, at + 1)));
  throw serializationError(
    `invalid type: ${unreadable(name, value)}, expected ${REQUIRED[name]} at line 1 column ${until.length - '}'.length}`,
  );
}

function unreadable(name: string, value: unknown): string | undefined {
  if (value === null && Object.hasOwn(REQUIRED, name)) return 'null';
  const isFraction = name === 'TopK' && typeof value === 'number' && !Number.isInteger(value);
  return isFraction ? `floating point \`${value}\`` : undefined;
}
