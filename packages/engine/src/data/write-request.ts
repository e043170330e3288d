import type { Reader } from '@tablewright/store';
import { DynamoError, validationError } from '../errors.js';
import type { Condition } from '../expression/index.js';
import { compileCondition, type Substitutions } from '../expression/index.js';
import type { AttributeMap } from '../value/index.js';
import { consumedCapacity, type Units } from './capacity.js';
import { itemCollectionMetrics } from './item-collection.js';
import { AttributeNames } from './pick-json.js';
import type { WriteRequest } from './request.js';
import type { StoredItem } from './stored-item.js';
import type { TableLayout } from './table-layout.js';

export const MAX_ITEM_BYTES = 400 * 1024;

/** What a write answers with; StoredItem where the whole item is given back. */
export interface WriteOutput {
  Attributes?: AttributeMap | StoredItem;
  ConsumedCapacity?: Record<string, unknown>;
  ItemCollectionMetrics?: Record<string, unknown>;
}

export function compileWriteCondition(
  input: WriteRequest,
  substitutions: Substitutions | undefined,
): Condition | undefined {
  if (substitutions === undefined || input.ConditionExpression === undefined) return undefined;
  return compileCondition('ConditionExpression', input.ConditionExpression, substitutions);
}

/** `ReturnValues` of PutItem and DeleteItem, which know the item as it was, or nothing. */
export function oldOrNothing({ ReturnValues: wanted = 'NONE' }: WriteRequest): 'ALL_OLD' | 'NONE' {
  if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw validationError('ReturnValues can only be ALL_OLD or NONE');
  return wanted;
}

/** Throws ConditionalCheckFailedException, with the item if the request asks for it. */
export function assertCondition(
  input: WriteRequest,
  condition: Condition | undefined,
  item: StoredItem | undefined,
): void {
  if (condition === undefined || condition.evaluate(item?.attributes(new AttributeNames([...condition.attributes()]))))
    return;
  const isItemAsked = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' && item !== undefined;
  const details = isItemAsked ? { Item: item } : {};
  throw new DynamoError('ConditionalCheckFailedException', 'The conditional request failed', details);
}

/** Adds the members of the answer that any write may be asked for. */
export function reportWrite(
  output: WriteOutput,
  input: WriteRequest,
  layout: TableLayout,
  key: AttributeMap,
  units: Units,
  reader: Reader,
): WriteOutput {
  const capacity = consumedCapacity(input.ReturnConsumedCapacity, input.TableName, layout, units);
  if (capacity !== undefined) output.ConsumedCapacity = capacity;
  if (input.ReturnItemCollectionMetrics === 'SIZE') {
    const metrics = itemCollectionMetrics(reader, layout, key);
    if (metrics !== undefined) output.ItemCollectionMetrics = metrics;
  }
  return output;
}
