import type { EngineContext, Handler } from '../engine-context.js';
import { compileProjection } from '../expression/index.js';
import { type AttributeMap, checkItem } from '../value/index.js';
import { consumedCapacity, readUnits } from './capacity.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { ItemProjection } from './item-projection.js';
import type { JsonItem } from './json-item.js';
import { itemKey } from './key-codec.js';
import { checkKey, checkScalarKeys } from './keys.js';
import { inWordsOf } from './recent-words.js';
import type { GetItemRequest } from './request.js';
import { StoredItem } from './stored-item.js';
import { tableLayout } from './table-layout.js';

const RULES: ExpressionRules = { expressions: ['ProjectionExpression'], legacy: ['AttributesToGet'] };

interface GetItemOutput {
  Item?: AttributeMap | JsonItem;
  ConsumedCapacity?: Record<string, unknown>;
}

/** Answers at once, without a promise: reads see every change made so far. */
export function getItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as GetItemRequest;
    const { input, keyValues, projection } = inWordsOf(context, 'GetItem', request, checkGet);
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    checkKey(layout, keyValues);
    checkScalarKeys(layout, projection?.nestedAttributes());
    const key = itemKey(layout.table, keyValues);
    context.throughput.admitRead(layout, undefined, key);
    const found = context.store.get(key);
    const output: GetItemOutput = {};
    if (found !== undefined) {
      const stored = new StoredItem(found);
      output.Item = projection === undefined ? stored : new ItemProjection(projection).of(stored);
    }
    const sizeBytes = found === undefined ? 0 : StoredItem.sizeOf(found);
    const units = { table: readUnits(sizeBytes, input.ConsistentRead === true) };
    context.throughput.chargeRead(layout, undefined, key, units.table);
    const capacity = consumedCapacity(input.ReturnConsumedCapacity, input.TableName, layout, units);
    if (capacity !== undefined) output.ConsumedCapacity = capacity;
    return output;
  };
}

/** What can be told from the request alone, which comes before whether there is the table. */
function checkGet(request: GetItemRequest) {
  checkExpressionMembers(request, RULES);
  const { item: keyValues } = checkItem(request.Key);
  const { input, substitutions } = openExpressions(request, RULES);
  const projection = substitutions && compileProjection(input.ProjectionExpression, substitutions);
  substitutions?.assertAllUsed();
  return { input, keyValues, projection };
}
