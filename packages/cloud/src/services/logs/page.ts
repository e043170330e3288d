import { constraint, invalidParameter } from './logs-errors.js';

/** A limit from 1 to `most`, which is also the default. */
export function limited(limit: number | undefined, member: string, most: number): number {
  if (limit === undefined) return most;
  if (limit < 1) throw constraint(limit, member, 'Member must have value greater than or equal to 1');
  if (limit > most) throw constraint(limit, member, `Member must have value less than or equal to ${most}`);
  return limit;
}

/** A page of a list; the token says after which entry the next one begins. */
export function pageOf<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string,
  limit: number,
  token: string | undefined,
): { readonly page: readonly T[]; readonly nextToken?: string } {
  const after = token === undefined ? undefined : readToken(token);
  // The entry itself may have gone since.
  const start = after === undefined ? 0 : entries.findIndex((entry) => nameOf(entry) === after) + 1;
  if (after !== undefined && start === 0) throw invalidToken();
  const page = entries.slice(start, start + limit);
  const last = page.at(-1);
  if (last === undefined || start + limit >= entries.length) return { page };
  return { page, nextToken: writeToken(nameOf(last)) };
}

export function writeToken(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url');
}

export function readToken(token: string): string {
  if (!/^[\w-]+$/.test(token)) throw invalidToken();
  return Buffer.from(token, 'base64url').toString('utf8');
}

export function invalidToken(): Error {
  return invalidParameter('The specified nextToken is invalid.');
}
