import { createHash } from 'node:crypto';

/** An HTTP request as far as its signature covers it. */
export interface SignedRequest {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined for a body that is streamed and has not been read yet. */
  readonly body: Buffer | undefined;
}

/**
 * The canonical form that signer and verifier both hash.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param service S3 takes the path as it is; for all others it is encoded once more
 */
export function canonicalRequest(
  request: SignedRequest,
  { service, signedHeaders }: { readonly service: string; readonly signedHeaders: readonly string[] },
): string {
  const headers = signedHeaders.map((name) => `${name}:${collapsed(request.headers[name] ?? '')}\n`).join('');
  return [
    request.method,
    service === 's3' ? canonicalS3Path(request.path) : canonicalPath(request.path),
    canonicalQuery(request.query),
    headers,
    signedHeaders.join(';'),
    payloadHash(request, service),
  ].join('\n');
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** What the signature says of the body: its hash, or that it is not signed, or is signed in chunks. */
function payloadHash({ headers, query, body }: SignedRequest, service: string): string {
  const told = headers['x-amz-content-sha256'];
  if (service === 's3')
    return told ?? (query.includes('X-Amz-Signature=') ? 'UNSIGNED-PAYLOAD' : sha256Hex(body ?? ''));
  // Of other services only the hash of what came counts, so that a changed body is found out.
  // DynamoDB knows no bodies that are left unsigned.
  if (told === 'UNSIGNED-PAYLOAD' && service !== 'dynamodb') return told;
  return body === undefined ? (told ?? sha256Hex('')) : sha256Hex(body);
}

function collapsed(value: string): string {
  return value.trim().replace(/ {2,}/g, ' ');
}

function canonicalPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(encoded(segment));
  }
  const end = kept.length > 0 && path.endsWith('/') ? '/' : '';
  return `/${kept.join('/')}${end}`;
}

function canonicalS3Path(path: string): string {
  return path
    .split('/')
    .map((segment) => encoded(decoded(segment)))
    .join('/');
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const mark = pair.indexOf('=');
      const [name, value] = mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
      return [encoded(decoded(name)), encoded(decoded(value))] as const;
    });
  pairs.sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** RFC 3986: all but unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
