import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CredentialFault } from '../credential.js';
import type { IssuedKey } from '../identity-port.js';
import { canonicalRequest, type SignedRequest, sha256Hex } from './canonical-request.js';
import { s3QuerySignatures } from './s3-query-signature.js';

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A Signature Version 4 as it came: in the `Authorization` header, or in the query of a presigned URL. */
export interface GivenSignature {
  readonly date: string;
  /** `20260101/us-east-1/dynamodb/aws4_request` */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly token: string | undefined;
}

/** Of a key that nobody issued, or that is no longer in use. */
export const INVALID_TOKEN: CredentialFault = {
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};
/** A session's token beside a key that is no session's: AWS's words, which end without a full stop here. */
const NO_SESSION: CredentialFault = {
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid',
};
const EXPIRED: CredentialFault = {
  code: 'ExpiredTokenException',
  message: 'The security token included in the request is expired',
};
const MISMATCH: CredentialFault = {
  code: 'InvalidSignatureException',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.',
};

const WRONG_SERVICE: CredentialFault = {
  code: 'InvalidSignatureException',
  message: "Credential should be scoped to correct service: 'dynamodb'. ",
};
const DYNAMODB_TARGET = /^DynamoDB(Streams)?_/;

/**
 * What is wrong with a request that comes with a key of this endpoint; undefined when nothing is.
 * Differs: when it was signed is not looked at, since the endpoint's clock may be elsewhere than the client's.
 */
export function credentialFaultOf(request: SignedRequest, key: IssuedKey, nowMs: number): CredentialFault | undefined {
  if (!key.isActive || key.principal === undefined) return INVALID_TOKEN;
  const given = givenSignature(request);
  const isOver = key.session !== undefined && key.session.expirationMs <= nowMs;
  if (given === undefined) return !ofVersion2(request, key) ? MISMATCH : isOver ? EXPIRED : undefined;
  if (key.session !== undefined) {
    if (given.token === undefined || !isSame(given.token, key.session.token)) return INVALID_TOKEN;
    if (isOver) return EXPIRED;
  } else if (given.token !== undefined) return NO_SESSION;
  if (isDynamoDb(request) && serviceOf(given.scope) !== 'dynamodb') return WRONG_SERVICE;
  return isSame(expectedSignature(request, given, key.secret), given.signature) ? undefined : MISMATCH;
}

function ofVersion2(request: SignedRequest, key: IssuedKey): boolean {
  const parameters = new URLSearchParams(request.query);
  const signature = parameters.get('Signature');
  if (signature === null || parameters.get('AWSAccessKeyId') !== key.accessKeyId) return false;
  if (key.session !== undefined && parameters.get('x-amz-security-token') !== key.session.token) return false;
  return s3QuerySignatures(request, key.secret).some((expected) => isSame(expected, signature));
}

/** The key that signs whatever belongs to a day, region and service. */
export function signingKey(secret: string, scope: string): Buffer {
  let key: string | Buffer = `AWS4${secret}`;
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  return Buffer.from(key);
}

function expectedSignature(request: SignedRequest, given: GivenSignature, secret: string): string {
  const { date, scope, signedHeaders } = given;
  const canonical = canonicalRequest(request, { service: serviceOf(scope), signedHeaders });
  const toSign = [ALGORITHM, date, scope, sha256Hex(canonical)].join('\n');
  return createHmac('sha256', signingKey(secret, scope)).update(toSign).digest('hex');
}

export function givenSignature({ headers, query }: SignedRequest): GivenSignature | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return ofQuery(new URLSearchParams(query));
  if (!authorization.startsWith(ALGORITHM)) return undefined;
  const part = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1] ?? '';
  return {
    date: headers['x-amz-date'] ?? '',
    scope: scopeOf(part('Credential')),
    signedHeaders: part('SignedHeaders').split(';'),
    signature: part('Signature'),
    token: headers['x-amz-security-token'],
  };
}

function ofQuery(parameters: URLSearchParams): GivenSignature | undefined {
  if (parameters.get('X-Amz-Algorithm') !== ALGORITHM) return undefined;
  return {
    date: parameters.get('X-Amz-Date') ?? '',
    scope: scopeOf(parameters.get('X-Amz-Credential') ?? ''),
    signedHeaders: (parameters.get('X-Amz-SignedHeaders') ?? '').split(';'),
    signature: parameters.get('X-Amz-Signature') ?? '',
    token: parameters.get('X-Amz-Security-Token') ?? undefined,
  };
}

/** DynamoDB answers whatever has a target of its own, in whichever service's name it is signed. */
function isDynamoDb({ headers }: SignedRequest): boolean {
  return DYNAMODB_TARGET.test(headers['x-amz-target'] ?? '');
}

function serviceOf(scope: string): string {
  return scope.split('/')[2] ?? '';
}

function scopeOf(credential: string): string {
  return credential.slice(credential.indexOf('/') + 1);
}

export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
