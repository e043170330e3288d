import type { CORSConfiguration, CORSRule } from '@aws-sdk/client-s3';
import type { WireRequest, WireResponse } from '../../wire/index.js';
import { bucketFromHost } from './bucket-from-host.js';
import type { S3State } from './s3-state.js';

/**
 * What a bucket's CORS rules add to an answer. Only pages of the endpoint's own address get so far: the origin guard has
 * refused all others, and preflight requests, which browsers make for others only.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export function withCorsHeaders(state: S3State, request: WireRequest, response: WireResponse): WireResponse {
  const { origin } = request.headers;
  if (origin === undefined) return response;
  const bucket = bucketFromHost(request.headers.host ?? '') ?? request.path.split('/')[1] ?? '';
  const rules = state.settings.get<CORSConfiguration>(bucket, 'cors')?.CORSRules ?? [];
  const rule = rules.find((candidate) => allows(candidate, origin, request.method));
  if (rule === undefined) return response;
  const isOpen = rule.AllowedOrigins?.includes('*') === true;
  const headers = {
    ...response.headers,
    'access-control-allow-origin': isOpen ? '*' : origin,
    'access-control-allow-methods': (rule.AllowedMethods ?? []).join(', '),
    ...(rule.ExposeHeaders === undefined ? {} : { 'access-control-expose-headers': rule.ExposeHeaders.join(', ') }),
    ...(rule.MaxAgeSeconds === undefined ? {} : { 'access-control-max-age': String(rule.MaxAgeSeconds) }),
    ...(isOpen ? {} : { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
  return { ...response, headers };
}

function allows(rule: CORSRule, origin: string, method: string): boolean {
  return (
    rule.AllowedMethods?.includes(method) === true &&
    rule.AllowedOrigins?.some((allowed) => fits(allowed, origin)) === true
  );
}

/** An allowed origin has one `*` at most, which PutBucketCors sees to. */
function fits(allowed: string, origin: string): boolean {
  const [before = '', after] = allowed.split('*');
  if (after === undefined) return allowed === origin;
  return origin.length >= before.length + after.length && origin.startsWith(before) && origin.endsWith(after);
}
