import { checkKey, checkScalarKeys, itemKey, StoredItem, type TableLayout } from '../data/index.js';
import { validationError } from '../errors.js';
import { nestedAttributesOf } from '../expression/index.js';
import { type CancellationReason, reasonOf, type TransactionStep } from '../transactions/index.js';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type { SelectNode, StatementNode } from './ast.js';
import { allOf, type BoundCondition, conjunctsOf, pathsOf } from './bound-condition.js';
import { conditionFailed, keyEquality } from './located-write.js';
import type { TranslatedSelect } from './prepare-select.js';

/** The SELECT within EXISTS(…); undefined for all other statements. */
export function existsNode(node: StatementNode): SelectNode | undefined {
  if (node.kind !== 'expression' || node.expression.kind !== 'call' || node.expression.name !== 'exists') {
    return undefined;
  }
  const [operand, ...others] = node.expression.operands;
  if (operand?.kind !== 'statement' || others.length > 0) return undefined;
  return operand.statement.kind === 'select' ? operand.statement : undefined;
}

/**
 * EXISTS as a step of a transaction: there must be an item of this key, and it must meet the further conditions
 * (docs: ql-functions.exists).
 */
export function existsStep(
  layout: TableLayout,
  select: TranslatedSelect,
  isItemAsked: boolean,
): TransactionStep | { readonly reason: CancellationReason } {
  const { tableName, indexName, where } = select;
  if (indexName !== undefined) throw validationError('Operations on indices are not supported in transactions');
  const { key, conditions } = firstEqualities(layout, where);
  if (Object.keys(key).length < layout.keyAttributes.length || conditions.length === 0) {
    throw validationError('EXISTS() must contain a single item read with additional condition');
  }
  try {
    checkKey(layout, key);
  } catch (error) {
    return { reason: reasonOf(error) };
  }
  checkScalarKeys(layout, nestedAttributesOf(conditions.flatMap(pathsOf)));
  const [storeKey, condition] = [itemKey(layout.table, key), allOf(conditions)];
  const attempt: TransactionStep['attempt'] = (reader) => {
    const found = reader.get(storeKey);
    const before = found && new StoredItem(found);
    if (before === undefined || !condition(before.item)) {
      return { reason: reasonOf(conditionFailed(isItemAsked ? before : undefined)) };
    }
    return { change: { layout, key: storeKey, before, after: before }, isWrite: false };
  };
  return { tableName, layout, storeKey, attempt };
}

/** Of several equalities on one key attribute the first is the key; the others are conditions like any other. */
function firstEqualities(
  layout: TableLayout,
  where: BoundCondition | undefined,
): { readonly key: AttributeMap; readonly conditions: readonly BoundCondition[] } {
  const key = new Map<string, AttributeValue>();
  const conditions = conjunctsOf(where).filter((condition) => {
    const equality = keyEquality(layout, condition);
    if (equality === undefined || key.has(equality.name)) return true;
    key.set(equality.name, equality.value);
    return false;
  });
  return { key: Object.fromEntries(key), conditions };
}
