import { UserError } from '@tablewright/base';
import { httpStatusOf, networkCodeOf } from './retry.js';

/** Where a failed call went, for the message. */
export interface CallPlace {
  readonly endpoint: string | undefined;
  readonly region: string;
}

const SERVICE_NOUN = 'AWS';
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'ETIMEDOUT',
  'EAI_AGAIN',
]);
const BAD_CREDENTIALS = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'ExpiredTokenException',
  'MissingAuthenticationTokenException',
]);
const DENIED = new Set(['AccessDeniedException', 'AccessDenied']);

/** The error that a person should read for what the SDK threw; undefined when it is nothing that this layer knows. */
export function toUserError(error: unknown, place: CallPlace): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error)) return undefined;
  return connectionError(error, place) ?? credentialsError(error) ?? serviceError(error);
}

function connectionError(error: Error, place: CallPlace): UserError | undefined {
  const code = networkCodeOf(error);
  if (error.name !== 'TimeoutError' && !UNREACHABLE.has(code ?? '')) return undefined;
  const where = place.endpoint ?? `${SERVICE_NOUN} in ${place.region}`;
  const remedy =
    place.endpoint === undefined
      ? 'Check the network, and that the region is spelt right.'
      : 'Start the local endpoint with `tablewright local start`, or name another target with --target.';
  return new UserError(`cannot reach ${where} (${code ?? 'no answer in time'})`, remedy, { cause: error });
}

function credentialsError(error: Error): UserError | undefined {
  if (error.name === 'CredentialsProviderError') {
    const remedy = 'Run `aws configure` or `aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.';
    return new UserError(`no usable AWS credentials: ${error.message}`, remedy, { cause: error });
  }
  if (BAD_CREDENTIALS.has(error.name)) {
    const remedy = 'Check AWS_ACCESS_KEY_ID, AWS_PROFILE and the session: they are not those of a live AWS account.';
    return new UserError(`AWS refused the credentials (${error.name}): ${error.message}`, remedy, { cause: error });
  }
  if (!DENIED.has(error.name)) return undefined;
  const remedy = 'Ask for the named permission, or use another profile.';
  return new UserError(`not allowed: ${error.message}`, remedy, { cause: error });
}

function serviceError(error: Error): UserError | undefined {
  const status = httpStatusOf(error);
  if (status === undefined) return undefined;
  const remedy =
    status >= 500
      ? 'Try again later; nothing more was done.'
      : 'Correct what the message names and run the command again.';
  return new UserError(`${error.name}: ${error.message}`, remedy, { cause: error });
}
