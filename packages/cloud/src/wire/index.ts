export type {
  ExhaustiveHandlers,
  Handler,
  Handlers,
  OperationInput,
  OperationName,
  OperationOutput,
} from './operation-types.js';
export type { Match, Mismatch } from './protocol-codec.js';
export { ServiceError, type ServiceErrorOptions } from './service-error.js';
export type { OperationSchema, ServiceDefinition, ServiceModel } from './service-model.js';
export type { Member, Shape, StructureShape } from './shape.js';
export { decodeInput, encodeError, encodeOutput, loadServiceModel, matchOperation } from './wire.js';
export type { Protocol, WireRequest, WireResponse } from './wire-message.js';
