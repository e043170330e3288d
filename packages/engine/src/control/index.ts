import type { Handler } from '../engine-context.js';
import type { OperationName } from '../operation-name.js';
import type { ControlContext } from './control-context.js';

/** The operations on tables. */
export function controlOperations(_context: ControlContext): Partial<Record<OperationName, Handler>> {
  return {};
}
