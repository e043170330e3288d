/**
 * Who calls, and where, read from a Signature Version 4 credential. Signatures are verified for the keys that IAM and STS
 * of this endpoint issued (`signature/verify-request.ts`); it knows no secrets of others. As AWS does, it refuses
 * requests that carry no signature at all, or one that is malformed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export interface Credential {
  readonly accessKeyId: string;
  /** The access key id when that is twelve digits, else {@link DEFAULT_ACCOUNT_ID}. */
  readonly accountId: string;
  readonly region: string;
  /** The signing name of the service, e.g. `dynamodb`, `monitoring`. */
  readonly service: string;
}

/** What is wrong with the signature of a request, in AWS's words. */
export interface CredentialFault {
  readonly code:
    | 'MissingAuthenticationTokenException'
    | 'IncompleteSignatureException'
    | 'InvalidSignatureException'
    | 'UnrecognizedClientException'
    | 'ExpiredTokenException';
  readonly message: string;
}

export const DEFAULT_ACCOUNT_ID = '000000000000';

const CACHE_LIMIT = 1000;
const scopes = new Map<string, Credential | CredentialFault>();

export function isCredentialFault(value: Credential | CredentialFault): value is CredentialFault {
  return 'code' in value;
}

/** The credential of an `Authorization` header (undefined: there is none). */
export function readAuthorization(header: string | undefined): Credential | CredentialFault {
  if (header === undefined || !header.startsWith('AWS4-')) return MISSING_TOKEN;
  const start = header.indexOf('Credential=');
  if (start < 0 || !header.includes('Signature=') || !header.includes('SignedHeaders=')) return incomplete(header);
  let end = header.indexOf(',', start);
  if (end < 0) end = header.length;
  return readScope(header.slice(start + 'Credential='.length, end).trim());
}

/** The credential named by a scope `keyid/date/region/service/aws4_request`, as presigned URLs carry it, too. */
export function readScope(scope: string): Credential | CredentialFault {
  let known = scopes.get(scope);
  if (known === undefined) {
    known = parseScope(scope);
    if (scopes.size >= CACHE_LIMIT) scopes.clear();
    scopes.set(scope, known);
  }
  return known;
}

/**
 * The credential of a presigned URL: `X-Amz-Credential` of version 4, or `AWSAccessKeyId` of version 2, which S3 still
 * takes in us-east-1 and some clients still make. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export function readPresigned(query: string): Credential | CredentialFault {
  const parameters = new URLSearchParams(query);
  const scope = parameters.get('X-Amz-Credential');
  if (scope !== null) return readScope(scope);
  const accessKeyId = parameters.get('AWSAccessKeyId');
  if (accessKeyId === null || !parameters.has('Signature')) return MISSING_TOKEN;
  return readScope(`${accessKeyId}/0/us-east-1/s3/aws4_request`);
}

const MISSING_TOKEN: CredentialFault = {
  code: 'MissingAuthenticationTokenException',
  message: 'Request is missing Authentication Token',
};

function incomplete(header: string): CredentialFault {
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !header.includes(`${name}=`));
  const message = missing.map((name) => `Authorization header requires '${name}' parameter. `).join('');
  return { code: 'IncompleteSignatureException', message: `${message}Authorization=${header}` };
}

function parseScope(scope: string): Credential | CredentialFault {
  const parts = scope.replace(/\/+$/, '').split('/');
  const [accessKeyId = '', , region = '', service = '', terminator = ''] = parts;
  if (parts.length !== 5) {
    const rule = 'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term';
    return { code: 'IncompleteSignatureException', message: `${rule}, got '${scope}'` };
  }
  if (!/^[a-z0-9-]{1,32}$/.test(region)) {
    const message = `Credential should be scoped to a valid region, not '${region}'. `;
    return { code: 'InvalidSignatureException', message };
  }
  if (terminator !== 'aws4_request') {
    const message = `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `;
    return { code: 'InvalidSignatureException', message };
  }
  const accountId = /^\d{12}$/.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT_ID;
  return { accessKeyId, accountId, region, service };
}
