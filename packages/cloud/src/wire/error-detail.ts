import type { ServiceError } from './service-error.js';
import type { ServiceModel } from './service-model.js';
import type { StructureShape } from './shape.js';
import type { Protocol } from './wire-message.js';

/** Codes that AWS's Query and REST services answer with 403 (IAM "Common Errors", S3 "Error responses"). */
const forbiddenCodes: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/** Codes of faults of the service itself. */
const serverCodes: ReadonlyMap<string, number> = new Map([
  ['InternalError', 500],
  ['InternalFailure', 500],
  ['InternalServerError', 500],
  ['ServiceUnavailable', 503],
]);

/** What the model and the protocol say of an error. */
export interface ErrorDetail {
  /** The modelled error; undefined when the model does not list it. */
  readonly shape: StructureShape | undefined;
  /** Name of the error's shape, for JSON, CBOR and REST-JSON. */
  readonly shapeName: string;
  /** The code for Query and XML. */
  readonly queryCode: string;
  readonly httpStatus: number;
  readonly fault: 'client' | 'server';
  /** All members, the message under the name that the model gives it. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** Looks an error up in the model and settles its code, status and members for one protocol. */
export function errorDetail(model: ServiceModel, protocol: Protocol, error: ServiceError): ErrorDetail {
  const shape = model.errors.get(error.code);
  const fault = error.options.fault ?? shape?.traits.error ?? faultOfStatus(defaultStatus(error, shape, protocol));
  return {
    shape,
    shapeName: shape?.name ?? error.code,
    queryCode: shape?.traits.awsQueryError?.[0] ?? error.code,
    httpStatus: error.options.httpStatus ?? statusOf(error, shape, fault, protocol),
    fault,
    members: { [messageKey(shape)]: error.message, ...error.options.members },
  };
}

function defaultStatus(error: ServiceError, shape: StructureShape | undefined, protocol: Protocol): number {
  if (error.options.httpStatus !== undefined) return error.options.httpStatus;
  if (protocol === 'awsQuery' && shape?.traits.awsQueryError !== undefined) return shape.traits.awsQueryError[1];
  if (shape?.traits.httpError !== undefined) return shape.traits.httpError;
  if (shape?.traits.error === 'server') return 500;
  return serverCodes.get(error.code) ?? (forbiddenCodes.has(error.code) ? 403 : 400);
}

/**
 * AWS's JSON services answer every fault of the client with 400 and every modelled fault of their own with 500,
 * whatever status their model lists (KMS API reference, "Errors"; Application Auto Scaling's
 * ObjectNotFoundException).
 */
function statusOf(
  error: ServiceError,
  shape: StructureShape | undefined,
  fault: 'client' | 'server',
  protocol: Protocol,
): number {
  const status = defaultStatus(error, shape, protocol);
  if (protocol !== 'awsJson1_0' && protocol !== 'awsJson1_1' && protocol !== 'awsCbor1_1') return status;
  if (fault === 'client') return 400;
  return shape === undefined ? status : 500;
}

function faultOfStatus(status: number): 'client' | 'server' {
  return status >= 500 ? 'server' : 'client';
}

function messageKey(shape: StructureShape | undefined): string {
  return shape?.member('Message') !== undefined && shape.member('message') === undefined ? 'Message' : 'message';
}
