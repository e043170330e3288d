// The syntax trees of PartiQL statements. They depend on the text alone, not on a request's parameters or on tables, so
// they can be shared between requests.

/** Where a token is: line and column, counted from 1 in characters, and its length. AWS's messages end with it. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

interface Located {
  readonly at: Position;
}

export interface IdentifierNode extends Located {
  readonly kind: 'identifier';
  readonly name: string;
}

/** `.name`, `[expression]`, `.*` and `[*]`. */
export type PathStep =
  | (Located & { readonly kind: 'member'; readonly name: string })
  | (Located & { readonly kind: 'element'; readonly index: ExpressionNode })
  | (Located & { readonly kind: 'unpivot' })
  | (Located & { readonly kind: 'wildcard' });

/** Messages about a path have no position. */
export interface PathNode {
  readonly kind: 'path';
  readonly at: undefined;
  readonly root: ExpressionNode;
  readonly steps: readonly PathStep[];
}

export interface CallNode extends Located {
  readonly kind: 'call';
  /** In lower case: functions are called in any. */
  readonly name: string;
  readonly operands: readonly ExpressionNode[];
}

export interface StructNode extends Located {
  readonly kind: 'struct';
  readonly members: readonly { readonly key: ExpressionNode; readonly value: ExpressionNode }[];
}

export interface SequenceNode extends Located {
  readonly kind: 'list' | 'bag';
  readonly elements: readonly ExpressionNode[];
}

export type BinaryOperator =
  | 'and'
  | 'or'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'like'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '||'
  | 'union'
  | 'except'
  | 'intersect';

export type ExpressionNode =
  | (Located & { readonly kind: 'string' | 'number'; readonly text: string })
  | (Located & { readonly kind: 'boolean'; readonly value: boolean })
  | (Located & { readonly kind: 'null' })
  | (Located & { readonly kind: 'missing' })
  | (Located & { readonly kind: 'ion'; readonly text: string })
  /** `index` counts the question marks of the statement from 0. */
  | (Located & { readonly kind: 'parameter'; readonly index: number })
  | IdentifierNode
  | PathNode
  | CallNode
  | StructNode
  | SequenceNode
  | (Located & { readonly kind: 'not' | 'plus' | 'minus'; readonly operand: ExpressionNode })
  | BinaryNode
  | (Located & {
      readonly kind: 'between';
      readonly operand: ExpressionNode;
      readonly lower: ExpressionNode;
      readonly upper: ExpressionNode;
    })
  | (Located & { readonly kind: 'isType'; readonly operand: ExpressionNode; readonly type: string })
  /** Parsed, but nothing that DynamoDB supports, with its name within expressions and as a statement of its own. */
  | (Located & { readonly kind: 'unsupported'; readonly name: string; readonly operation: string })
  | (Located & { readonly kind: 'statement'; readonly statement: StatementNode });

export interface BinaryNode extends Located {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** What stands behind FROM, INSERT INTO, UPDATE. Aliases are told from joins, as both are refused. */
export interface SourceNode {
  readonly source: ExpressionNode;
  readonly hasAlias: boolean;
  readonly isJoin: boolean;
}

export interface ColumnNode {
  readonly expression: ExpressionNode;
  readonly hasAlias: boolean;
}

export interface OrderNode {
  readonly expression: ExpressionNode;
  readonly isDescending: boolean;
}

export type Projection =
  | { readonly kind: 'all' }
  /** `path.*` */
  | { readonly kind: 'members' }
  | { readonly kind: 'value' }
  | { readonly kind: 'columns'; readonly columns: readonly ColumnNode[] };

export interface SelectNode {
  readonly kind: 'select';
  readonly projection: Projection;
  readonly isDistinct: boolean;
  readonly from: SourceNode;
  readonly where: ExpressionNode | undefined;
  readonly orderBy: readonly OrderNode[];
  /** A clause that parses and is refused: GROUP BY, HAVING, LIMIT, LET, with where its expression is. */
  readonly unsupportedClause: { readonly name: string; readonly at: Position | undefined } | undefined;
}

export interface InsertNode {
  readonly kind: 'insert';
  readonly into: ExpressionNode;
  /** VALUE has one item; without it, a statement inserts what an expression yields, which DynamoDB does not have. */
  readonly hasValueKeyword: boolean;
  readonly value: ExpressionNode;
  readonly unsupportedClause: 'AT' | 'ON CONFLICT' | 'RETURNING' | undefined;
  readonly at: Position;
}

export type UpdateActionNode =
  | { readonly kind: 'set'; readonly path: ExpressionNode; readonly value: ExpressionNode }
  | { readonly kind: 'remove'; readonly path: ExpressionNode };

export type ReturnedPart = 'ALL OLD' | 'MODIFIED OLD' | 'ALL NEW' | 'MODIFIED NEW';

export interface ReturningNode {
  readonly elements: readonly { readonly part: ReturnedPart; readonly isAll: boolean }[];
}

/** UPDATE, and FROM … WHERE … SET, which is the same in another order. */
export interface UpdateNode {
  readonly kind: 'update';
  readonly from: SourceNode;
  readonly actions: readonly UpdateActionNode[];
  readonly where: ExpressionNode | undefined;
  readonly returning: ReturningNode | undefined;
}

export interface DeleteNode {
  readonly kind: 'delete';
  readonly from: SourceNode;
  readonly where: ExpressionNode | undefined;
  readonly returning: ReturningNode | undefined;
}

export type StatementNode =
  | SelectNode
  | InsertNode
  | UpdateNode
  | DeleteNode
  /** FROM … INSERT, which DynamoDB does not have. */
  | { readonly kind: 'insertFrom'; readonly at: Position }
  /** SET and REMOVE without a table. */
  | { readonly kind: 'actionAlone' }
  /** CREATE, DROP and EXEC; `name` is as the message says. */
  | { readonly kind: 'definition'; readonly name: string }
  | { readonly kind: 'expression'; readonly expression: ExpressionNode };
