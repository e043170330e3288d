import type { AttributeValue } from '../value/index.js';

export type KeyOperator = '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN' | 'begins_with';

/** One condition of a key condition expression: BETWEEN has two operands, all others one. */
export interface KeyTerm {
  readonly attribute: string;
  readonly operator: KeyOperator;
  readonly operands: readonly AttributeValue[];
}
