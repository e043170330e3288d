import type { ExhaustiveHandlers } from '../wire/index.js';
import type { RequestContext, Service } from './service.js';

/**
 * Turns a service's table of operations, typed one by one by the SDK client `Module`, into what the pipeline runs.
 * Every operation of the API is in the table; one that is not emulated stands there as undefined.
 */
export function defineService<Module>(
  handlers: ExhaustiveHandlers<Module, RequestContext>,
  rest: Omit<Service, 'handlers'>,
): Service {
  return { ...rest, handlers: handlers as Service['handlers'] };
}
