import type { GatedRequest } from '../kernel/gates.js';
import type { Need } from '../kernel/identity-port.js';
import { ServiceError } from '../wire/index.js';

/** How a service says that it is not allowed, where it is not the rule of its protocol. */
const CODES: Readonly<Record<string, readonly [code: string, httpStatus: number]>> = {
  s3: ['AccessDenied', 403],
  iam: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  sqs: ['AccessDenied', 403],
  sns: ['AuthorizationError', 403],
  monitoring: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  backup: ['AccessDeniedException', 403],
};

/** The error of a denied request, in the form of the service that was asked. JSON services answer it with 400. */
export function denialError(
  { service, requestId }: Pick<GatedRequest, 'service' | 'requestId'>,
  need: Need,
  message: string,
): ServiceError {
  const [code, httpStatus] = CODES[service] ?? ['AccessDeniedException', 400];
  return new ServiceError(
    code,
    service === 'dynamodb' && need.action.startsWith('kms:') ? keyDenied(requestId) : wording(service, need, message),
    { httpStatus, fault: 'client' },
  );
}

/** How DynamoDB hands on that KMS decrypts nothing for the caller; KMS does not tell whether the key is there. */
function keyDenied(requestId: string): string {
  return (
    'KMS key access denied error: com.amazonaws.services.kms.model.AWSKMSException: The ciphertext refers to a customer ' +
    'master key that does not exist, does not exist in this region, or you are not allowed to access. ' +
    `(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: ${requestId}; Proxy: null)`
  );
}

/**
 * S3 and CloudWatch leave out a resource that is none; S3 puts an ARN in quotation marks; SQS writes actions in lower
 * case, SNS its name in upper case.
 */
function wording(service: string, { action, resource }: Need, message: string): string {
  const named = ` on resource: ${resource}`;
  switch (service) {
    case 's3':
      return message.replace(named, resource === '*' ? '' : ` on resource: "${resource}"`);
    case 'monitoring':
      return resource === '*' ? message.replace(named, '') : message;
    case 'sqs':
      return message.replaceAll(action, action.toLowerCase());
    case 'sns':
      return message.replaceAll(action, action.replace('sns:', 'SNS:'));
    default:
      return message;
  }
}
