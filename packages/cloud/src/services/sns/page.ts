import { invalidParameter } from './sns-errors.js';

const PAGE = 100;

/** A page of records by name, and the token of the next where there is one. */
export function pageOf<T>(
  found: Iterable<readonly [name: string, record: T]>,
  token: string | undefined,
): { page: T[]; NextToken?: string } {
  const after = token === undefined || token === '' ? undefined : Buffer.from(token, 'base64').toString('utf8');
  if (after === '') throw invalidParameter('NextToken Reason: Invalid token');
  const page: T[] = [];
  let last = '';
  for (const [name, record] of found) {
    if (after !== undefined && Buffer.compare(Buffer.from(name), Buffer.from(after)) <= 0) continue;
    if (page.length === PAGE) return { page, NextToken: Buffer.from(last).toString('base64') };
    page.push(record);
    last = name;
  }
  return { page };
}
