import type { JsonValue } from '../json-value.js';
import type { ValueOf, VariableType } from './variable-type.js';

/** One variable of the module. */
export interface Variable<T extends VariableType = VariableType> {
  readonly type: T;
  /** For documentation and for messages: one sentence. */
  readonly description: string;
  /** Absent for a required variable. Where it is not null, a given null means the default. */
  readonly default?: JsonValue;
  /** What is wrong with a value that is not null, as a message naming variable and value; null when it is right. */
  check?(value: ValueOf<T>, name: string): string | null;
}

/** The TypeScript type of a variable's value: null only where null is the default. */
export type VariableValue<V> = V extends { readonly type: infer T; readonly default: null }
  ? ValueOf<T> | null
  : V extends { readonly type: infer T }
    ? ValueOf<T>
    : never;

/** Declares a variable; only there to tie `check` to `type`. */
export function variable<T extends VariableType, D extends { readonly default?: JsonValue }>(
  declaration: Variable<T> & D,
): Variable<T> & D {
  return declaration;
}
