import { invalidParameter } from './backup-errors.js';

const MOST = 1000;

/** A page of a list; the token is the number of entries before the next page. */
export function pageOf<T>(
  all: readonly T[],
  {
    MaxResults: limit = MOST,
    NextToken: token,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly page: readonly T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString('latin1'));
  if (!Number.isInteger(start) || start < 0) throw invalidParameter(`The NextToken ${token} is invalid`);
  if (limit < 1 || limit > MOST) throw invalidParameter(`MaxResults must be from 1 to ${MOST}; it is ${limit}`);
  const end = start + limit;
  const page = all.slice(start, end);
  return end < all.length ? { page, NextToken: Buffer.from(String(end)).toString('base64') } : { page };
}

/** Whether a time is within bounds that may be missing, in the manner of the lists' filters: after, and before. */
export function isWithin(atMs: number | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  if (atMs === undefined) return false;
  return (after === undefined || atMs > after.getTime()) && (before === undefined || atMs < before.getTime());
}
