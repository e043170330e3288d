import { type AttributeValue, checkValue } from '../value/index.js';

/**
 * The parameters of a statement, checked. AWS does so before it reads the statement, and takes more of them than the
 * statement has question marks.
 */
export function checkParameters(raw: readonly unknown[] | undefined): readonly AttributeValue[] {
  return (raw ?? []).map((value) => checkValue(value, { hasNarrowNumbers: true }).value);
}
