import type {
  ColumnNode,
  ExpressionNode,
  OrderNode,
  Position,
  Projection,
  ReturnedPart,
  ReturningNode,
  SelectNode,
  SourceNode,
  StatementNode,
  UpdateActionNode,
} from './ast.js';
import { ExpressionParser } from './expression-parser.js';
import { notWellFormed } from './statement-error.js';
import { TokenCursor } from './token-cursor.js';

/** Within SELECT, set operators between whole statements bind less tightly than clauses. */
const CLAUSE_PRECEDENCE = 6;

const RETURNED_PARTS: Readonly<Record<string, ReturnedPart>> = {
  all_old: 'ALL OLD',
  all_new: 'ALL NEW',
  modified_old: 'MODIFIED OLD',
  modified_new: 'MODIFIED NEW',
};

/** Parses one statement. Throws ValidationException with AWS's words. */
export function parseStatement(text: string): StatementNode {
  return new StatementParser(new TokenCursor(text)).whole();
}

class StatementParser {
  readonly #expressions: ExpressionParser;
  /** How deep in other expressions: only SELECT can be anywhere but at the top. */
  #depth = 0;

  constructor(private readonly cursor: TokenCursor) {
    this.#expressions = new ExpressionParser(cursor, () => this.#statement());
  }

  whole(): StatementNode {
    const expression = this.#expressions.expression();
    this.#expectEnd();
    return expression.kind === 'statement' ? expression.statement : { kind: 'expression', expression };
  }

  #expectEnd(): void {
    if (this.cursor.isEnd) return;
    const isAfterSemicolon = this.cursor.isSymbol(';');
    throw notWellFormed(
      isAfterSemicolon
        ? 'Unexpected token after semicolon. (Only one query is allowed.)'
        : 'Unexpected token after expression',
    );
  }

  #statement(): StatementNode | undefined {
    const { text, at } = this.cursor.next;
    const parse = this.#parserOf(text);
    if (parse === undefined) return undefined;
    if (this.#depth > 0 && text !== 'select' && text !== 'pivot') {
      throw notWellFormed(`Keyword ${text} only expected at the top level in the query`);
    }
    this.#depth++;
    this.cursor.take();
    const statement = parse(at);
    this.#depth--;
    return statement;
  }

  #parserOf(keyword: string): ((at: Position) => StatementNode) | undefined {
    switch (keyword) {
      case 'select':
        return () => this.#select();
      case 'pivot':
        return () => this.#pivot();
      case 'insert_into':
        return (at) => this.#insert(at);
      case 'update':
        return () => this.#update();
      case 'delete':
        return () => this.#delete();
      case 'from':
        return (at) => this.#from(at);
      case 'set':
      case 'remove':
        return () => this.#actionAlone(keyword);
      case 'create':
      case 'drop':
        return () => this.#definition(keyword);
      case 'exec':
        return () => this.#exec();
      default:
        return undefined;
    }
  }

  #select(): SelectNode {
    const isDistinct = this.cursor.skipKeyword('distinct');
    if (!isDistinct) this.cursor.skipKeyword('all');
    if (this.cursor.skipKeyword('value')) {
      this.#expressions.expression();
      return this.#afterProjection({ kind: 'value' }, isDistinct);
    }
    return this.#afterProjection(this.#columns(), isDistinct);
  }

  #pivot(): SelectNode {
    this.#expressions.expression();
    this.cursor.expectKeyword('at', 'Expected AT keyword');
    this.#expressions.expression();
    return this.#afterProjection({ kind: 'value' }, false);
  }

  #columns(): Projection {
    const columns: (ColumnNode | '*' | 'members')[] = [];
    do columns.push(this.cursor.skipSymbol('*') ? '*' : this.#column());
    while (this.cursor.skipSymbol(','));
    if (columns.includes('*')) {
      if (columns.length === 1) return { kind: 'all' };
      throw notWellFormed(
        "Other expressions may not be present in the select list when '*' is used without dot notation.",
      );
    }
    if (columns.includes('members')) return { kind: 'members' };
    return { kind: 'columns', columns: columns.filter((column) => typeof column === 'object') };
  }

  #column(): ColumnNode | 'members' {
    const { type, text } = this.cursor.next;
    if (type === 'keyword' && text === 'from') {
      const fault = `Expected identifier or an expression but found unexpected keyword '${text}' in a select list.`;
      throw notWellFormed(fault);
    }
    const expression = this.#expressions.expression();
    const isMembers = expression.kind === 'path' && endsInWildcard(expression);
    const hasAlias = this.#alias('as');
    return isMembers ? 'members' : { expression, hasAlias };
  }

  #afterProjection(projection: Projection, isDistinct: boolean): SelectNode {
    this.cursor.expectKeyword('from', 'Expected FROM after SELECT list');
    const from = this.#source();
    const isLet = this.#let();
    const where = this.cursor.skipKeyword('where') ? this.#clause() : undefined;
    const orderBy = this.cursor.skipKeyword('order') ? this.#orderBy() : [];
    const unsupportedClause = this.#unsupportedClauses() ?? (isLet ? { name: 'LET', at: undefined } : undefined);
    return { kind: 'select', projection, isDistinct, from, where, orderBy, unsupportedClause };
  }

  #clause(): ExpressionNode {
    return this.#expressions.expression(CLAUSE_PRECEDENCE);
  }

  #let(): boolean {
    if (!this.cursor.skipKeyword('let')) return false;
    do {
      this.#expressions.expression();
      this.cursor.expectKeyword('as', 'Expected AS following LET expr');
      if (!this.cursor.isIdentifier) throw notWellFormed('Expected identifier for AS-alias');
      this.cursor.take();
    } while (this.cursor.skipSymbol(','));
    return true;
  }

  #orderBy(): readonly OrderNode[] {
    this.cursor.expectKeyword('by', 'Expected BY');
    const terms: OrderNode[] = [];
    do {
      const expression = this.#expressions.expression();
      const isDescending = this.cursor.skipKeyword('desc');
      if (!isDescending) this.cursor.skipKeyword('asc');
      terms.push({ expression, isDescending });
    } while (this.cursor.skipSymbol(','));
    return terms;
  }

  #unsupportedClauses(): SelectNode['unsupportedClause'] {
    let first: SelectNode['unsupportedClause'];
    if (this.cursor.skipKeyword('group')) {
      this.cursor.skipKeyword('partial');
      this.cursor.expectKeyword('by', 'Expected BY');
      do {
        this.#clause();
        this.#alias('as');
      } while (this.cursor.skipSymbol(','));
      first = { name: 'GROUP BY', at: undefined };
    }
    for (const keyword of ['having', 'limit']) {
      if (!this.cursor.skipKeyword(keyword)) continue;
      const { at } = this.#clause();
      first ??= { name: keyword.toUpperCase(), at };
    }
    return first;
  }

  /** What stands behind FROM in SELECT. */
  #source(): SourceNode {
    let isJoin = this.cursor.skipKeyword('unpivot');
    const isGroup = this.cursor.isSymbol('(') && this.cursor.peek(1).text !== 'select';
    const inner = isGroup ? this.#sourceInParentheses() : undefined;
    const source = inner?.source ?? this.#clause();
    isJoin ||= inner?.isJoin === true;
    const hasAlias = this.#aliases() || inner?.hasAlias === true;
    while (this.cursor.isSymbol(',') || this.cursor.isKeyword('join')) {
      const { text } = this.cursor.take();
      this.#clause();
      this.#aliases();
      if (text === 'join' && this.cursor.skipKeyword('on')) this.#clause();
      isJoin = true;
    }
    return { source, hasAlias, isJoin };
  }

  #sourceInParentheses(): SourceNode {
    this.cursor.take();
    const inner = this.#source();
    this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    return inner;
  }

  /** What stands behind UPDATE and DELETE FROM. */
  #target(): SourceNode {
    const source = this.#expressions.simplePath();
    return { source, hasAlias: this.#aliases(), isJoin: false };
  }

  #aliases(): boolean {
    const found = ['as', 'at', 'by'].map((keyword) => this.#alias(keyword));
    return found.includes(true);
  }

  /** AS can be left out. */
  #alias(keyword: string): boolean {
    const isNamed = this.cursor.skipKeyword(keyword);
    if (this.cursor.isIdentifier && (isNamed || keyword === 'as')) {
      this.cursor.take();
      return true;
    }
    if (isNamed) throw notWellFormed(`Expected identifier for ${keyword.toUpperCase()}-alias`);
    return false;
  }

  #insert(at: Position): StatementNode {
    const into = this.#expressions.simplePath();
    if (!this.cursor.skipKeyword('value')) {
      const value = this.#expressions.expression();
      return { kind: 'insert', into, hasValueKeyword: false, value, unsupportedClause: undefined, at };
    }
    const value = this.#expressions.expression();
    const hasAt = this.cursor.skipKeyword('at');
    if (hasAt) this.#expressions.expression();
    const hasOnConflict = this.#onConflict();
    const isReturning = this.#returning() !== undefined;
    const unsupportedClause = hasAt ? 'AT' : hasOnConflict ? 'ON CONFLICT' : isReturning ? 'RETURNING' : undefined;
    return { kind: 'insert', into, hasValueKeyword: true, value, unsupportedClause, at };
  }

  #onConflict(): boolean {
    if (!this.cursor.skipKeyword('on_conflict')) return false;
    this.cursor.expectKeyword('where', 'invalid ON CONFLICT syntax');
    this.#expressions.expression();
    this.cursor.expectKeyword('do_nothing', 'invalid ON CONFLICT syntax');
    return true;
  }

  #update(): StatementNode {
    const from = this.#target();
    const actions = this.#actions();
    const where = this.cursor.skipKeyword('where') ? this.#expressions.expression() : undefined;
    return { kind: 'update', from, actions, where, returning: this.#returning() };
  }

  #delete(): StatementNode {
    this.cursor.expectKeyword('from', 'Expected FROM after DELETE');
    const from = this.#target();
    const where = this.cursor.skipKeyword('where') ? this.#expressions.expression() : undefined;
    return { kind: 'delete', from, where, returning: this.#returning() };
  }

  /** FROM … WHERE … SET …: UPDATE in another order. */
  #from(at: Position): StatementNode {
    const from = this.#source();
    const where = this.cursor.skipKeyword('where') ? this.#expressions.expression() : undefined;
    if (this.cursor.skipKeyword('insert_into')) {
      this.#insert(at);
      this.#returning();
      return { kind: 'insertFrom', at };
    }
    const actions = this.#actions();
    return { kind: 'update', from, actions, where, returning: this.#returning() };
  }

  #actions(): readonly UpdateActionNode[] {
    const actions: UpdateActionNode[] = [];
    for (;;) {
      if (this.cursor.skipKeyword('set')) actions.push(...this.#assignments());
      else if (this.cursor.skipKeyword('remove')) actions.push(this.#removal());
      else break;
    }
    if (actions.length === 0) throw notWellFormed('Expected data manipulation');
    return actions;
  }

  #assignments(): readonly UpdateActionNode[] {
    const actions: UpdateActionNode[] = [];
    do {
      const path = this.#expressions.simplePath();
      const isAssignment = this.cursor.next.type === 'operator' && this.cursor.next.text === '=';
      if (!isAssignment) throw notWellFormed("Expected '='");
      this.cursor.take();
      actions.push({ kind: 'set', path, value: this.#expressions.expression() });
    } while (this.cursor.skipSymbol(','));
    return actions;
  }

  #removal(): UpdateActionNode {
    return { kind: 'remove', path: this.#expressions.simplePath() };
  }

  #actionAlone(keyword: 'set' | 'remove'): StatementNode {
    if (keyword === 'set') this.#assignments();
    else this.#removal();
    return { kind: 'actionAlone' };
  }

  #returning(): ReturningNode | undefined {
    if (!this.cursor.skipKeyword('returning')) return undefined;
    const elements: { part: ReturnedPart; isAll: boolean }[] = [];
    do elements.push(this.#returned());
    while (this.cursor.skipSymbol(','));
    return { elements };
  }

  #returned(): { part: ReturnedPart; isAll: boolean } {
    const part = RETURNED_PARTS[this.cursor.next.text];
    if (part === undefined || this.cursor.next.type !== 'keyword') {
      throw notWellFormed('Expected ( MODIFIED | ALL ) ( NEW | OLD ) in each returning element.');
    }
    this.cursor.take();
    if (this.cursor.skipSymbol('*')) return { part, isAll: true };
    const { kind } = this.#expressions.expression();
    if (kind === 'identifier' || kind === 'path') return { part, isAll: false };
    throw notWellFormed('Unsupported syntax in RETURNING columns.');
  }

  /** CREATE TABLE, CREATE INDEX ON, DROP TABLE and DROP INDEX … ON, as far as the language has them. */
  #definition(keyword: 'create' | 'drop'): StatementNode {
    const { text } = this.cursor.take();
    if (text !== 'table' && text !== 'index')
      throw notWellFormed(`Unexpected token following ${keyword.toUpperCase()}`);
    const verb = keyword === 'create' ? 'Create' : 'Drop';
    if (text === 'table' || keyword === 'drop') this.#expectName('Expected identifier!');
    if (text === 'index') {
      this.cursor.expectKeyword('on', 'Expected ON');
      this.#expectName(`${keyword === 'create' ? 'Index' : 'Table'} target must be an identifier`);
      if (keyword === 'create') this.#indexKeys();
    }
    return { kind: 'definition', name: `${verb}${text === 'table' ? 'Table' : 'Index'}` };
  }

  #indexKeys(): void {
    this.cursor.expectSymbol('(', 'Expected parenthesis for keys');
    do this.#expressions.simplePath();
    while (this.cursor.skipSymbol(','));
    this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
  }

  #exec(): StatementNode {
    this.cursor.take();
    if (this.cursor.next.type !== 'end') this.#expressions.list();
    return { kind: 'definition', name: 'Exec' };
  }

  #expectName(detail: string): void {
    if (!this.cursor.isIdentifier) throw notWellFormed(detail);
    this.cursor.take();
  }
}

/** Whether a column is `path.*`; throws where a wildcard stands elsewhere in it. */
function endsInWildcard({ steps }: Extract<ExpressionNode, { kind: 'path' }>): boolean {
  const isMisplaced = steps.some(
    ({ kind }, index) => kind === 'wildcard' || (kind === 'unpivot' && index < steps.length - 1),
  );
  if (isMisplaced) throw notWellFormed('Invalid use of * in select list');
  if (steps.at(-1)?.kind !== 'unpivot') return false;
  if (steps.some(({ kind }) => kind === 'element')) {
    throw notWellFormed('Cannot use [] and * together in SELECT list expression');
  }
  return true;
}
