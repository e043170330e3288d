import type { ServiceError } from './service-error.js';
import type { OperationSchema, ServiceModel } from './service-model.js';
import type { Protocol, WireRequest, WireResponse } from './wire-message.js';

/** A request that is for a known operation of the service. */
export interface Match {
  readonly kind: 'operation';
  readonly protocol: Protocol;
  readonly operation: OperationSchema;
  /** Values of the URI template's labels, decoded. */
  readonly labels: ReadonlyMap<string, string>;
}

/** A request that names no operation of the service; `error` is what AWS answers on that protocol. */
export interface Mismatch {
  readonly kind: 'unknown';
  readonly protocol: Protocol;
  readonly error: ServiceError;
}

/** The server side of one protocol. */
export interface ProtocolCodec {
  readonly protocol: Protocol;
  /** Whether the request is in this protocol, whatever it asks for. */
  claims(model: ServiceModel, request: WireRequest): boolean;
  match(model: ServiceModel, request: WireRequest): Match | Mismatch;
  decodeInput(model: ServiceModel, match: Match, request: WireRequest): Promise<object>;
  encodeOutput(model: ServiceModel, match: Match, output: object, requestId: string): WireResponse;
  encodeError(model: ServiceModel, error: ServiceError, requestId: string): WireResponse;
}
