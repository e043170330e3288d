import { UserError } from '@tablewright/base';
import { tableHandler } from './dynamodb-table/table-handler.js';
import { itemHandler } from './dynamodb-table-item/item-handler.js';
import type { ResourceHandler } from './resource-handler.js';

const HANDLERS: ReadonlyMap<string, ResourceHandler> = new Map(
  [tableHandler, itemHandler].map((handler) => [handler.type, handler]),
);

/** The handler of a type; a UserError for a resource of a type that is not handled. */
export function handlerFor(type: string, address: string): ResourceHandler {
  const handler = HANDLERS.get(type);
  if (handler !== undefined) return handler;
  const remedy = 'Plan, apply and destroy it with terraform; nothing was changed.';
  throw new UserError(`the state has ${address}, a type of resource that is not handled yet`, remedy);
}
