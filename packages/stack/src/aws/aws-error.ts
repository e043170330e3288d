import { UserError } from '@tablewright/base';
import type { AwsConnection } from './aws-connection.js';

const NETWORK_CODES = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'EPIPE'];
const CREDENTIAL_NAMES = ['CredentialsProviderError', 'ExpiredTokenException', 'TokenProviderError'];
const REFUSED_KEYS = [
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'AuthFailure',
];

/** The name that AWS gives an error, such as `ResourceNotFoundException`; empty for anything else. */
export function awsErrorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** A failed AWS call as an error for a person. `doing` completes "cannot …", e.g. `read table users-table`. */
export function asUserError(error: unknown, doing: string, aws: AwsConnection): UserError {
  if (error instanceof UserError) return error;
  const name = awsErrorName(error);
  const message = error instanceof Error ? error.message : String(error);
  const network = networkCode(error);
  const where = aws.endpoint ?? `AWS in ${aws.region}`;
  const options = { cause: error };
  if (network !== null) {
    const remedy =
      aws.endpoint === undefined
        ? 'Check the network and the region, then run the command again.'
        : 'Start the local endpoint (tablewright local start), or correct AWS_ENDPOINT_URL.';
    return new UserError(`cannot ${doing}: ${where} does not answer (${network})`, remedy, options);
  }
  if (CREDENTIAL_NAMES.includes(name)) {
    const remedy = 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for SSO run aws sso login.';
    return new UserError(`cannot ${doing}: there are no valid AWS credentials (${message})`, remedy, options);
  }
  if (REFUSED_KEYS.includes(name)) {
    return new UserError(
      `cannot ${doing}: ${where} refused the credentials (${name}: ${message})`,
      'Check them.',
      options,
    );
  }
  if (name.startsWith('AccessDenied')) {
    const remedy = 'Ask for an IAM policy that allows the action named in the message.';
    return new UserError(`cannot ${doing}: ${name}: ${message}`, remedy, options);
  }
  return new UserError(
    `cannot ${doing}: ${name}: ${message}`,
    'Correct what AWS names, then run the command again.',
    options,
  );
}

/** ECONNREFUSED and its like, also where the SDK wraps them; null for an answer from AWS. */
function networkCode(error: unknown): string | null {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    const code = 'code' in current ? String(current.code) : '';
    if (NETWORK_CODES.includes(code)) return code;
    if (current.name === 'TimeoutError') return 'ETIMEDOUT';
    const inner = current instanceof AggregateError ? current.errors[0] : undefined;
    current = inner ?? current.cause;
  }
  return null;
}
