import type { EngineContext, Handler } from '../engine-context.js';
import type { OperationName } from '../operation-name.js';

/** The operations on items. */
export function dataOperations(_context: EngineContext): Partial<Record<OperationName, Handler>> {
  return {};
}
