/**
 * The syntax trees of expressions. Trees depend on the text alone, not on a request's substitutions, so they can be
 * shared between requests; placeholders stay as they are written, with their # or :.
 */

export type PathElement =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'namePlaceholder'; readonly placeholder: string }
  | { readonly kind: 'index'; readonly index: number };

export interface PathNode {
  readonly kind: 'path';
  readonly elements: readonly PathElement[];
}

export interface ValueNode {
  readonly kind: 'value';
  readonly placeholder: string;
}

export interface FunctionNode {
  readonly kind: 'function';
  readonly name: string;
  readonly operands: readonly OperandNode[];
}

export type OperandNode = PathNode | ValueNode | FunctionNode;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type ConditionNode =
  | FunctionNode
  | {
      readonly kind: 'comparison';
      readonly comparator: Comparator;
      readonly left: OperandNode;
      readonly right: OperandNode;
    }
  | {
      readonly kind: 'between';
      readonly operand: OperandNode;
      readonly lower: OperandNode;
      readonly upper: OperandNode;
    }
  | { readonly kind: 'in'; readonly operand: OperandNode; readonly candidates: readonly OperandNode[] }
  | { readonly kind: 'and' | 'or'; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly kind: 'not'; readonly condition: ConditionNode };

export type SetValueNode =
  | OperandNode
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: OperandNode;
      readonly right: OperandNode;
    };

/** In the order of the text. */
export type UpdateActionNode =
  | { readonly kind: 'set'; readonly path: PathNode; readonly value: SetValueNode }
  | { readonly kind: 'remove'; readonly path: PathNode }
  | { readonly kind: 'add' | 'delete'; readonly path: PathNode; readonly value: ValueNode };

export interface UpdateNode {
  readonly kind: 'update';
  readonly actions: readonly UpdateActionNode[];
}

export interface ProjectionNode {
  readonly kind: 'projection';
  readonly paths: readonly PathNode[];
}
