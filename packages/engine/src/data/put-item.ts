import type { EngineContext, Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { checkItem } from '../value/index.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { itemKey } from './key-codec.js';
import { checkItemKeys, checkScalarKeys } from './keys.js';
import { checkSizeWithEntries } from './local-entries-size.js';
import type { PutItemRequest } from './request.js';
import { StoredItem } from './stored-item.js';
import { tableLayout } from './table-layout.js';
import { attemptMetered, writeItem } from './write-item.js';
import { assertCondition, compileWriteCondition, MAX_ITEM_BYTES, reportWrite } from './write-request.js';

const RULES: ExpressionRules = {
  expressions: ['ConditionExpression'],
  legacy: ['Expected', 'ConditionalOperator'],
};

export function putItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as PutItemRequest;
    checkExpressionMembers(request, RULES);
    const { item, sizeBytes } = checkItem(request.Item);
    const wanted = request.ReturnValues ?? 'NONE';
    if (wanted !== 'NONE' && wanted !== 'ALL_OLD') throw validationError('ReturnValues can only be ALL_OLD or NONE');
    if (sizeBytes > MAX_ITEM_BYTES) throw validationError('Item size has exceeded the maximum allowed size');
    const { input, substitutions } = openExpressions(request, RULES);
    const condition = compileWriteCondition(input, substitutions);
    substitutions?.assertAllUsed();
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    checkItemKeys(layout, item);
    checkScalarKeys(layout, condition?.nestedAttributes());
    checkSizeWithEntries(layout, item, sizeBytes);
    const key = itemKey(layout.table, item);
    const stored = StoredItem.encode(item, sizeBytes);
    return context.store.change((writer) => {
      const found = writer.get(key);
      const before = found && new StoredItem(found);
      attemptMetered(context, writer, { layout, storeKey: key }, () => assertCondition(input, condition, before));
      const units = writeItem(context, writer, { layout, key, before, after: { item, stored } });
      const output = before !== undefined && wanted === 'ALL_OLD' ? { Attributes: before } : {};
      return reportWrite(output, input, layout, item, units, writer);
    });
  };
}
