/** A page of a list whose token is the number of entries before it. Throws `invalidToken` for a token that is none. */
export function offsetPage<T>(
  all: readonly T[],
  limit: number,
  token: string | undefined,
  invalidToken: () => Error,
): { readonly page: readonly T[]; readonly NextToken?: string } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64').toString('latin1'));
  if (!Number.isInteger(start) || start < 0) throw invalidToken();
  const end = start + limit;
  const page = all.slice(start, end);
  return end < all.length ? { page, NextToken: Buffer.from(String(end)).toString('base64') } : { page };
}
