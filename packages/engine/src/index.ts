export type { Caller } from './catalog/table.js';
export { Engine, type EngineOptions, type Output } from './engine.js';
export { DynamoError, type DynamoErrorCode } from './errors.js';
export type { OperationName } from './operation-name.js';
