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
 * operations null is as good as absent. Recorded on AWS by a public suite of tests, with the column of a body without
 * white space.
 */
export function refuseNulls(input: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(input);
  const at = entries.findIndex(([name, value]) => value === null && Object.hasOwn(REQUIRED, name));
  const name = entries[at]?.[0];
  if (name === undefined) return;
  const until = JSON.stringify(Object.fromEntries(entries.slice(0, at + 1)));
  throw serializationError(
    `invalid type: null, expected ${REQUIRED[name]} at line 1 column ${until.length - '}'.length}`,
  );
}
