import type { EngineContext, Handler } from '../engine-context.js';
import { checkItem } from '../value/index.js';
import { checkExpressionMembers, type ExpressionRules, openExpressions } from './expression-members.js';
import { itemKey } from './key-codec.js';
import { checkKey, checkScalarKeys } from './keys.js';
import { inWordsOf } from './recent-words.js';
import type { KeyedWriteRequest } from './request.js';
import { StoredItem } from './stored-item.js';
import { tableLayout } from './table-layout.js';
import { attemptMetered, writeItem } from './write-item.js';
import { assertCondition, compileWriteCondition, oldOrNothing, reportWrite } from './write-request.js';

const RULES: ExpressionRules = {
  expressions: ['ConditionExpression'],
  legacy: ['Expected', 'ConditionalOperator'],
};

export function deleteItem(context: EngineContext): Handler {
  return (caller, rawInput) => {
    const request = rawInput as KeyedWriteRequest;
    const { input, keyValues, wanted, condition } = inWordsOf(context, 'DeleteItem', request, checkDelete);
    const layout = tableLayout(context.tables.table(caller, input.TableName));
    checkKey(layout, keyValues);
    checkScalarKeys(layout, condition?.nestedAttributes());
    const key = itemKey(layout.table, keyValues);
    return context.store.change((writer) => {
      const found = writer.get(key);
      const before = found && new StoredItem(found);
      attemptMetered(context, writer, { layout, storeKey: key }, () => assertCondition(input, condition, before));
      const units = writeItem(context, writer, { layout, key, before, after: undefined });
      const output = before !== undefined && wanted === 'ALL_OLD' ? { Attributes: before } : {};
      return reportWrite(output, input, layout, keyValues, units, writer);
    });
  };
}

/** What can be told from the request alone, which comes before whether there is the table. */
function checkDelete(request: KeyedWriteRequest) {
  checkExpressionMembers(request, RULES);
  const { item: keyValues } = checkItem(request.Key);
  const wanted = oldOrNothing(request);
  const { input, substitutions } = openExpressions(request, RULES);
  const condition = compileWriteCondition(input, substitutions);
  substitutions?.assertAllUsed();
  return { input, keyValues, wanted, condition };
}
