import type { WireRequest } from '../../wire/index.js';
import { s3Error } from './s3-errors.js';

const WEEK_SECONDS = 604_800;
const PARAMETERS = ['Algorithm', 'Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'].map(
  (name) => `X-Amz-${name}`,
);

/**
 * A request whose signature is in its query: refused when its time is over on the endpoint's clock. What clients would
 * have said in `x-amz-…` headers they say in the query as well; the request returned has it where it belongs.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function admitPresigned(request: WireRequest, nowMs: number): WireRequest {
  if (!/signature=/i.test(request.query)) return request;
  const query = new URLSearchParams(request.query);
  if (query.has('X-Amz-Signature')) checkVersion4(query, nowMs);
  else if (query.has('Signature')) checkVersion2(query, nowMs);
  return { ...request, headers: { ...hoisted(query), ...request.headers } };
}

function checkVersion4(query: URLSearchParams, nowMs: number): void {
  if (!PARAMETERS.every((name) => query.has(name))) {
    throw badQuery(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
        'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  }
  const lifetime = query.get('X-Amz-Expires') ?? '';
  if (!/^-?\d+$/.test(lifetime)) throw badQuery('X-Amz-Expires should be a number');
  if (Number(lifetime) < 0) throw badQuery('X-Amz-Expires must be non-negative');
  if (Number(lifetime) > WEEK_SECONDS) {
    throw badQuery(
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${WEEK_SECONDS} seconds`,
    );
  }
  const signedMs = Date.parse((query.get('X-Amz-Date') ?? '').replace(BASIC_DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(signedMs)) throw badQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  checkExpiry(signedMs + Number(lifetime) * 1000, nowMs, { 'X-Amz-Expires': lifetime });
}

const BASIC_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function checkVersion2(query: URLSearchParams, nowMs: number): void {
  const expires = query.get('Expires') ?? '';
  if (!/^\d+$/.test(expires)) throw s3Error('AccessDenied', `Invalid date (should be seconds since epoch): ${expires}`);
  checkExpiry(Number(expires) * 1000, nowMs, {});
}

function checkExpiry(expiresMs: number, nowMs: number, members: Record<string, string>): void {
  if (nowMs <= expiresMs) return;
  throw s3Error('AccessDenied', 'Request has expired', {
    ...members,
    Expires: wholeSeconds(expiresMs),
    ServerTime: wholeSeconds(nowMs),
  });
}

function wholeSeconds(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function hoisted(query: URLSearchParams): Record<string, string> {
  const names = [...query.keys()].filter((name) => /^x-amz-/i.test(name) && !PARAMETERS.includes(name));
  return Object.fromEntries(names.map((name) => [name.toLowerCase(), query.get(name) ?? '']));
}

function badQuery(message: string): Error {
  return s3Error('AuthorizationQueryParametersError', message);
}
