import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { checkVectors } from '../vectors/check-vectors.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { itemKey } from './key-codec.js';
import { checkItemKeys, checkScalarKeys } from './keys.js';
import { checkSizeWithEntries } from './local-entries-size.js';
import { newItem } from './new-item.js';
import { inWordsOf } from './recent-words.js';
import type { PutItemRequest } from './request.js';
import { StoredItem } from './stored-item.js';
import { tableLayout } from './table-layout.js';
import { attemptMetered, writeItem } from './write-item.js';
import { assertCondition, compileWriteCondition, MAX_ITEM_BYTES, oldOrNothing, reportWrite } from './write-request.js';

const RULES: ExpressionRules = {
  expressions: ['ConditionExpression'],
  legacy: ['Expected', 'ConditionalOperator'],
};

export function putItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as PutItemRequest;
    const { input, item, wanted, condition } = inWordsOf(context, 'PutItem', request, checkPut);
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    const keys = item.attributes(layout.anyKeyAttributes);
    checkItemKeys(layout, keys);
    checkVectors(layout, item);
    checkScalarKeys(layout, condition?.nestedAttributes());
    checkSizeWithEntries(layout, item);
    const key = itemKey(layout.table, keys);
    return context.store.change((writer) => {
      const found = writer.get(key);
      const before = found && new StoredItem(found);
      attemptMetered(context, writer, { layout, storeKey: key }, () => assertCondition(input, condition, before));
      const units = writeItem(context, writer, { layout, key, before, after: item });
      const output = before !== undefined && wanted === 'ALL_OLD' ? { Attributes: before } : {};
      return reportWrite(output, input, layout, keys, units, writer);
    });
  };
}

/** What can be told from the request alone, which comes before whether there is the table. */
function checkPut(request: PutItemRequest) {
  checkExpressionMembers(request, RULES);
  const item = newItem(request.Item);
  const wanted = oldOrNothing(request);
  if (item.sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
  const { input, substitutions } = openExpressions(request, RULES);
  const condition = compileWriteCondition(input, substitutions);
  substitutions?.assertAllUsed();
  return { input, item, wanted, condition };
}
