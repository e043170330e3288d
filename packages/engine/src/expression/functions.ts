/** Functions that are conditions by themselves; they cannot be operands. */
const CONDITIONS = new Set(['attribute_exists', 'attribute_not_exists', 'attribute_type', 'begins_with', 'contains']);
/** The one function that yields a value to compare. */
const SIZE = 'size';
const UPDATES = new Set(['if_not_exists', 'list_append']);

const MISUSE = 'The function is not allowed to be used this way in an expression';

/** Why a function cannot be used so in a condition; undefined when it can. */
export function conditionFunctionFault(name: string, isCondition: boolean): string | undefined {
  if (UPDATES.has(name)) return 'The function is not allowed in a condition expression';
  if (CONDITIONS.has(name)) return isCondition ? undefined : MISUSE;
  if (name === SIZE) return isCondition ? MISUSE : undefined;
  return 'Invalid function name';
}

/** The same for an update; `isWholeValue` when the function alone is what is assigned. */
export function updateFunctionFault(name: string, isWholeValue: boolean): string | undefined {
  if (CONDITIONS.has(name) || name === SIZE) return 'The function is not allowed in an update expression';
  if (name === 'list_append') return isWholeValue ? undefined : MISUSE;
  return name === 'if_not_exists' ? undefined : 'Invalid function name';
}
