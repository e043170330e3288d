import type { CredentialFault } from '../kernel/credential.js';
import { ServiceError } from '../wire/index.js';

/** Codes without the suffix that the Query services leave out, with the status AWS gives each (403, JSON's 400). */
const QUERY_CODES: Readonly<Record<CredentialFault['code'], string>> = {
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  UnrecognizedClientException: 'InvalidClientTokenId',
  ExpiredTokenException: 'ExpiredToken',
};

/** Services of the Query protocol, whose codes these are. */
const QUERY_SERVICES = new Set(['sts', 'iam', 'sns']);

/** Services of the REST protocols, which have statuses of their own. */
const REST_SERVICES = new Set(['lambda', 'backup']);

/**
 * A missing or malformed signature in the words of each service.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function credentialError(service: string, fault: CredentialFault): ServiceError {
  if (service === 's3') return s3Error(fault);
  if (QUERY_SERVICES.has(service)) return new ServiceError(QUERY_CODES[fault.code], fault.message, { httpStatus: 403 });
  return new ServiceError(fault.code, fault.message, { httpStatus: REST_SERVICES.has(service) ? 403 : 400 });
}

/** Faults of keys in S3's words; those of the header's form are told in S3's own code with the details. */
const S3_ERRORS: Partial<Record<CredentialFault['code'], readonly [code: string, message: string, status: number]>> = {
  MissingAuthenticationTokenException: ['AccessDenied', 'Access Denied', 403],
  UnrecognizedClientException: [
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
    403,
  ],
  ExpiredTokenException: ['ExpiredToken', 'The provided token has expired.', 400],
};

function s3Error(fault: CredentialFault): ServiceError {
  const [code, message, httpStatus] = S3_ERRORS[fault.code] ?? s3SignatureError(fault);
  return new ServiceError(code, message, { httpStatus });
}

function s3SignatureError({ message }: CredentialFault): readonly [code: string, message: string, status: number] {
  if (!message.startsWith('The request signature')) return ['AuthorizationHeaderMalformed', message, 400];
  const text =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return ['SignatureDoesNotMatch', text, 403];
}
