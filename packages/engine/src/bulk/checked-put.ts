import {
  checkExpressionMembers,
  checkItemKeys,
  checkScalarKeys,
  checkSizeWithEntries,
  compileWriteCondition,
  type ExpressionRules,
  itemKey,
  MAX_ITEM_BYTES,
  newItem,
  openExpressions,
  type StoredItem,
  type TableLayout,
} from '../data/index.js';
import type { PutItemRequest } from '../data/request.js';
import { DynamoError, validationError } from '../errors.js';
import type { Condition } from '../expression/index.js';
import type { InputRecord } from '../import/input-record.js';
import { checkInput } from '../validation/index.js';
import { checkVectors } from '../vectors/check-vectors.js';

/** A record of the input that may be put, if its condition lets it. */
export interface CheckedPut {
  readonly layout: TableLayout;
  readonly storeKey: string;
  readonly item: StoredItem;
  readonly request: PutItemRequest;
  readonly condition: Condition | undefined;
}

const RULES: ExpressionRules = { expressions: ['ConditionExpression'], legacy: [] };

/**
 * Holds a record to the rules of PutItem: the item, in its stored form, or what is wrong with it. `isMalformed` when it
 * is no item at all, or no request, so that the object is not to be trusted any further.
 */
export function checkPut(
  layout: TableLayout,
  record: InputRecord,
): CheckedPut | { readonly fault: string; readonly isMalformed: boolean } {
  try {
    return checked(layout, record);
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    return { fault: error.message, isMalformed: error.code !== 'ValidationException' };
  }
}

function checked(layout: TableLayout, record: InputRecord): CheckedPut {
  const { Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = record;
  const request = checkInput('PutItem', {
    TableName: layout.table.name,
    Item,
    ConditionExpression,
    ExpressionAttributeNames,
    ExpressionAttributeValues,
  }) as PutItemRequest & Record<string, unknown>;
  checkExpressionMembers(request, RULES);
  const item = newItem(request.Item);
  if (item.sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
  const { substitutions } = openExpressions(request, RULES);
  const condition = compileWriteCondition(request, substitutions);
  substitutions?.assertAllUsed();
  const keys = item.attributes(layout.anyKeyAttributes);
  checkItemKeys(layout, keys);
  checkVectors(layout, item);
  checkScalarKeys(layout, condition?.nestedAttributes());
  checkSizeWithEntries(layout, item);
  return { layout, storeKey: itemKey(layout.table, keys), item, request, condition };
}
