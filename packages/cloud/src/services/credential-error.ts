import type { CredentialFault } from '../kernel/credential.js';
import { ServiceError } from '../wire/index.js';

/** Codes without the suffix that the Query services leave out, with the status AWS gives each (403, JSON's 400). */
const QUERY_CODES: Readonly<Record<CredentialFault['code'], string>> = {
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
};

/**
 * A missing or malformed signature in the words of each service.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function credentialError(service: string, fault: CredentialFault): ServiceError {
  if (service === 's3') return s3Error(fault);
  if (service === 'sts' || service === 'iam')
    return new ServiceError(QUERY_CODES[fault.code], fault.message, { httpStatus: 403 });
  return new ServiceError(fault.code, fault.message, { httpStatus: service === 'lambda' ? 403 : 400 });
}

function s3Error(fault: CredentialFault): ServiceError {
  if (fault.code === 'MissingAuthenticationTokenException') {
    return new ServiceError('AccessDenied', 'Access Denied', { httpStatus: 403 });
  }
  return new ServiceError('AuthorizationHeaderMalformed', fault.message, { httpStatus: 400 });
}
