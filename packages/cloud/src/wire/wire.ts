import { defined } from '@tablewright/base';
import { plainRequest } from './plain-request.js';
import type { Match, Mismatch, ProtocolCodec } from './protocol-codec.js';
import type { ServiceError } from './service-error.js';
import type { ServiceDefinition, ServiceModel } from './service-model.js';
import type { Protocol, WireRequest, WireResponse } from './wire-message.js';

/**
 * Loads the SDK client and the codecs of its protocols: tens to hundreds of milliseconds, so do it
 * when the service is first asked for, and keep the result.
 */
export async function loadServiceModel(definition: ServiceDefinition): Promise<ServiceModel> {
  const { buildServiceModel } = await import('./build-service-model.js');
  return buildServiceModel(definition);
}

/**
 * Finds the protocol and the operation of a request. A request that no operation answers gives the
 * protocol and the error to send ({@link encodeError}).
 */
export function matchOperation(model: ServiceModel, request: WireRequest): Match | Mismatch {
  const codec = model.codecs.find((candidate) => candidate.claims(model, request));
  const chosen = codec ?? defined(model.codecs[0], `a protocol of ${model.definition.name}`);
  return chosen.match(model, plainRequest(model, request));
}

/** The operation's input in the SDK's own types. Throws {@link ServiceError} when the request is malformed. */
export function decodeInput(model: ServiceModel, match: Match, request: WireRequest): Promise<object> {
  return codecOf(model, match.protocol).decodeInput(model, match, plainRequest(model, request));
}

/** The response for an operation's output, given in the SDK's own types (without `$metadata`). */
export function encodeOutput(model: ServiceModel, match: Match, output: object, requestId: string): WireResponse {
  return codecOf(model, match.protocol).encodeOutput(model, match, output, requestId);
}

/** The response for an error. */
export function encodeError(
  model: ServiceModel,
  protocol: Protocol,
  error: ServiceError,
  requestId: string,
): WireResponse {
  return codecOf(model, protocol).encodeError(model, error, requestId);
}

function codecOf(model: ServiceModel, protocol: Protocol): ProtocolCodec {
  const codec = model.codecs.find((candidate) => candidate.protocol === protocol);
  return defined(codec, `protocol ${protocol} of ${model.definition.name}`);
}
