import { offsetPage } from '../../kernel/offset-page.js';
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
  const found = offsetPage(all, limit, token, () => invalidParameter(`The NextToken ${token} is invalid`));
  if (limit < 1 || limit > MOST) throw invalidParameter(`MaxResults must be from 1 to ${MOST}; it is ${limit}`);
  return found;
}

/** Whether a time is within bounds that may be missing, in the manner of the lists' filters: after, and before. */
export function isWithin(atMs: number | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (after === undefined && before === undefined) return true;
  if (atMs === undefined) return false;
  return (after === undefined || atMs > after.getTime()) && (before === undefined || atMs < before.getTime());
}
