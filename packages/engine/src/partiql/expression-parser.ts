import type { BinaryOperator, ExpressionNode, PathStep, Position, SequenceNode, StatementNode } from './ast.js';
import { AGGREGATE_FUNCTIONS, FUNCTION_KEYWORDS, PRECEDENCES, TYPE_NAMES } from './keywords.js';
import type { Token } from './lexer.js';
import { notWellFormed } from './statement-error.js';
import type { TokenCursor } from './token-cursor.js';

/** Takes all that follows. */
const LOWEST = -1;
/** Beyond this, expressions within each other would fill the stack. Values nest to 32 levels, operators to 300. */
const MAX_DEPTH = 500;

/** Operators that say that the operator after their `not_` does not hold. */
const NEGATED: Readonly<Record<string, string>> = {
  not_in: 'in',
  not_between: 'between',
  not_like: 'like',
  is_not: 'is',
};

/**
 * Parses expressions by precedence climbing, in the way of the reference implementation, whose details show in AWS's
 * messages. Statements are expressions, too.
 */
export class ExpressionParser {
  #parameters = 0;
  #depth = 0;

  /** `statement` parses the statement that begins here; undefined when none does. */
  constructor(
    private readonly cursor: TokenCursor,
    private readonly statement: () => StatementNode | undefined,
  ) {}

  /** Stops before operators that do not bind more tightly than `precedence`. */
  expression(precedence = LOWEST): ExpressionNode {
    if (++this.#depth > MAX_DEPTH) throw notWellFormed('');
    let left = this.#unary();
    for (;;) {
      const operator = this.cursor.next;
      const binding = bindingOf(operator);
      if (binding === undefined || binding <= precedence) break;
      left = this.#infix(left, operator, binding);
    }
    this.#depth--;
    return left;
  }

  /** Expressions between commas; at least one. */
  list(precedence = LOWEST): readonly ExpressionNode[] {
    const elements: ExpressionNode[] = [];
    do elements.push(this.expression(precedence));
    while (this.cursor.skipSymbol(','));
    return elements;
  }

  /** The path of a table or of an attribute to write: begins with a name, and has no wildcards. */
  simplePath(): ExpressionNode {
    if (!this.cursor.isIdentifier) throw notWellFormed('Expected identifier for simple path');
    const { text: name, at } = this.cursor.take();
    return this.#steps({ kind: 'identifier', name, at }, true);
  }

  #infix(left: ExpressionNode, operator: Token, binding: number): ExpressionNode {
    const kind = NEGATED[operator.text] ?? operator.text;
    const node = this.#affirmed(left, kind, operator, binding);
    return kind === operator.text ? node : { kind: 'not', at: operator.at, operand: node };
  }

  #affirmed(left: ExpressionNode, kind: string, { at }: Token, binding: number): ExpressionNode {
    if (kind === 'is') {
      this.cursor.take();
      return { kind: 'isType', at, operand: left, type: this.#typeName() };
    }
    const right = kind === 'in' ? this.#candidates(binding) : this.#operand(binding);
    if (kind === 'between') {
      this.cursor.expectKeyword('and', 'Expected AND keyword');
      if (this.cursor.isEnd) throw notWellFormed('Expected expression after AND');
      return { kind, at, operand: left, lower: right, upper: this.expression(binding) };
    }
    // What LIKE's pattern means does not matter, as nothing has LIKE.
    if (kind === 'like' && this.cursor.skipKeyword('escape')) this.expression(binding);
    return { kind: 'binary', at, operator: kind as BinaryOperator, left, right };
  }

  #operand(binding: number): ExpressionNode {
    if (this.cursor.left < 3) throw notWellFormed('Missing right-hand side expression of infix operator');
    this.cursor.take();
    return this.expression(binding);
  }

  /** After IN, parentheses enclose a list, even one of a single element. */
  #candidates(binding: number): ExpressionNode {
    const [bracket, first] = [this.cursor.peek(1), this.cursor.peek(2)];
    const isList = isSymbol(bracket, '(') && first.text !== 'select' && first.text !== 'values';
    if (!isList) return this.#operand(binding);
    this.cursor.take();
    this.cursor.take();
    const elements = this.list();
    this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    return { kind: 'list', at: bracket.at, elements };
  }

  #typeName(): string {
    const { type, text } = this.cursor.next;
    const name = type === 'quotedIdentifier' || type === 'string' ? undefined : TYPE_NAMES.get(text.toLowerCase());
    if (name === undefined) throw notWellFormed('Expected type name');
    this.cursor.take();
    return name;
  }

  #unary(): ExpressionNode {
    const { type, text, at } = this.cursor.next;
    if (type !== 'operator') return this.#steps(this.#term(), false);
    if (text === 'not') {
      this.cursor.take();
      return { kind: 'not', at, operand: this.expression(PRECEDENCES.not) };
    }
    if (text !== '-' && text !== '+') return this.#steps(this.#term(), false);
    this.cursor.take();
    const operand = this.#unary();
    if (operand.kind !== 'number') return { kind: text === '-' ? 'minus' : 'plus', at, operand };
    return text === '-' ? { ...operand, text: negated(operand.text) } : operand;
  }

  #steps(root: ExpressionNode, isSimple: boolean): ExpressionNode {
    const steps: PathStep[] = [];
    while (this.cursor.isSymbol('.') || this.cursor.isSymbol('[')) {
      const { text } = this.cursor.take();
      steps.push(text === '.' ? this.#member(isSimple) : this.#element(isSimple));
    }
    return steps.length === 0 ? root : { kind: 'path', at: undefined, root, steps };
  }

  #member(isSimple: boolean): PathStep {
    const { at, text } = this.cursor.next;
    if (this.cursor.isIdentifier) {
      this.cursor.take();
      return { kind: 'member', at, name: text };
    }
    if (!this.cursor.skipSymbol('*')) throw notWellFormed('Invalid path dot component');
    if (isSimple) throw notWellFormed('Invalid path dot component for simple path');
    return { kind: 'unpivot', at };
  }

  #element(isSimple: boolean): PathStep {
    const { at } = this.cursor.next;
    if (this.cursor.skipSymbol('*')) {
      this.cursor.expectSymbol(']', 'Expected RIGHT_BRACKET');
      if (isSimple) throw notWellFormed('Invalid path component for simple path');
      return { kind: 'wildcard', at };
    }
    const index = this.expression();
    this.cursor.expectSymbol(']', 'Expected RIGHT_BRACKET');
    if (isSimple && !isAtom(index)) throw notWellFormed('Invalid path component for simple path');
    return { kind: 'element', at, index };
  }

  #term(): ExpressionNode {
    const { type, text, at } = this.cursor.next;
    switch (type) {
      case 'ion':
        if (text.trim() === '') throw notWellFormed('');
        this.cursor.take();
        return { kind: type, at, text };
      case 'string':
      case 'number':
        this.cursor.take();
        return { kind: type, at, text };
      case 'boolean':
        this.cursor.take();
        return { kind: type, at, value: text === 'true' };
      case 'null':
      case 'missing':
        this.cursor.take();
        return { kind: type, at };
      case 'identifier':
      case 'quotedIdentifier':
        return this.#nameOrCall();
      case 'symbol':
        return this.#symbolTerm(text, at);
      case 'operator':
        return this.#operatorTerm(text);
      case 'keyword':
        return this.#keywordTerm(text, at);
      case 'end':
        throw notWellFormed('Unexpected term');
    }
  }

  #nameOrCall(): ExpressionNode {
    const { text, at } = this.cursor.take();
    return this.cursor.isSymbol('(') ? this.#call(text.toLowerCase(), at) : { kind: 'identifier', at, name: text };
  }

  /** Where names lie in scopes, `@` looks them up; DynamoDB has one scope. */
  #operatorTerm(text: string): ExpressionNode {
    if (text !== '@') throw notWellFormed('Unexpected operator');
    this.cursor.take();
    if (!this.cursor.isIdentifier) throw notWellFormed('Identifier must follow @-operator');
    const { text: name, at } = this.cursor.take();
    return { kind: 'identifier', at, name };
  }

  #symbolTerm(text: string, at: Position): ExpressionNode {
    switch (text) {
      case '(':
        return this.#group(at);
      case '[':
        this.cursor.take();
        return { kind: 'list', at, elements: this.#elements(']', 'RIGHT_BRACKET') };
      case '<<':
        this.cursor.take();
        return { kind: 'bag', at, elements: this.#elements('>>', 'RIGHT_DOUBLE_ANGLE_BRACKET') };
      case '{':
        return this.#struct(at);
      case '?':
        this.cursor.take();
        return { kind: 'parameter', at, index: this.#parameters++ };
      default:
        throw notWellFormed('Unexpected term');
    }
  }

  /** Parentheses around one expression only group it, around several they make a list. */
  #group(at: Position): ExpressionNode {
    this.cursor.take();
    const elements = this.list();
    this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    const [only] = elements;
    return elements.length === 1 && only !== undefined ? only : { kind: 'list', at, elements };
  }

  #elements(close: string, closeName: string): SequenceNode['elements'] {
    if (this.cursor.skipSymbol(close)) return [];
    const elements = this.list();
    this.cursor.expectSymbol(close, `Expected ${closeName}`);
    return elements;
  }

  #struct(at: Position): ExpressionNode {
    this.cursor.take();
    if (this.cursor.skipSymbol('}')) return { kind: 'struct', at, members: [] };
    const members: { key: ExpressionNode; value: ExpressionNode }[] = [];
    do {
      const key = this.expression();
      this.cursor.expectSymbol(':', 'Expected COLON');
      members.push({ key, value: this.expression() });
    } while (this.cursor.skipSymbol(','));
    this.cursor.expectSymbol('}', 'Expected RIGHT_CURLY');
    return { kind: 'struct', at, members };
  }

  #keywordTerm(text: string, at: Position): ExpressionNode {
    if (text === 'case') return this.#case(at);
    if (text === 'cast') return this.#cast();
    if (text === 'values') return this.#tableValues(at);
    const statement = this.statement();
    if (statement !== undefined) return { kind: 'statement', at, statement };
    if (!FUNCTION_KEYWORDS.has(text) || !isSymbol(this.cursor.peek(1), '(')) throw notWellFormed('Unexpected keyword');
    this.cursor.take();
    return this.#call(text, at);
  }

  #call(name: string, at: Position): ExpressionNode {
    this.cursor.take();
    if (AGGREGATE_FUNCTIONS.has(name)) return this.#aggregate(name, at);
    if (this.cursor.isSymbol('*')) throw notWellFormed(`${name}(*) is not allowed`);
    const operands = this.#elements(')', 'RIGHT_PAREN');
    if (name === 'list' || name === 'bag') return { kind: name, at, elements: operands };
    if (name === 'sexp') return { kind: 'unsupported', at, name: 'Seq', operation: 'Seq' };
    return { kind: 'call', at, name, operands };
  }

  #aggregate(name: string, at: Position): ExpressionNode {
    const isAny = name === 'count' && this.cursor.skipSymbol('*');
    if (!isAny && !this.cursor.skipKeyword('distinct')) this.cursor.skipKeyword('all');
    const operands = isAny ? [] : this.#elements(')', 'RIGHT_PAREN');
    if (isAny) this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    else if (operands.length !== 1) throw notWellFormed('Aggregate functions are always unary');
    return { kind: 'unsupported', at, name, operation: 'CallAgg' };
  }

  #case(at: Position): ExpressionNode {
    this.cursor.take();
    const isSearched = this.cursor.isKeyword('when');
    if (!isSearched) this.expression();
    if (!this.cursor.isKeyword('when')) throw notWellFormed('Expected a WHEN clause in CASE');
    while (this.cursor.skipKeyword('when')) {
      this.expression();
      this.cursor.expectKeyword('then', 'Expected THEN keyword');
      this.expression();
    }
    if (this.cursor.skipKeyword('else')) this.expression();
    this.cursor.expectKeyword('end', 'Expected END keyword');
    return { kind: 'unsupported', at, name: 'CASE', operation: isSearched ? 'SearchedCase' : 'SimpleCase' };
  }

  #cast(): ExpressionNode {
    this.cursor.take();
    const at = this.cursor.expectSymbol('(', 'Missing left parenthesis after CAST');
    this.expression();
    this.cursor.expectKeyword('as', 'Expected AS');
    this.#typeName();
    this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    return { kind: 'unsupported', at, name: 'cast', operation: 'Cast' };
  }

  #tableValues(at: Position): ExpressionNode {
    this.cursor.take();
    const elements: ExpressionNode[] = [];
    do {
      const row = this.cursor.expectSymbol('(', 'Expected LEFT_PAREN for row value constructor');
      elements.push({ kind: 'list', at: row, elements: this.list() });
      this.cursor.expectSymbol(')', 'Expected RIGHT_PAREN');
    } while (this.cursor.skipSymbol(','));
    return { kind: 'bag', at, elements };
  }
}

function bindingOf(token: Token): number | undefined {
  const isOperator = token.type === 'operator' || token.type === 'keyword' || isSymbol(token, '*');
  if (!isOperator || token.text === 'not' || !Object.hasOwn(PRECEDENCES, token.text)) return undefined;
  return PRECEDENCES[token.text];
}

function isSymbol({ type, text }: Token, symbol: string): boolean {
  return type === 'symbol' && text === symbol;
}

function isAtom({ kind }: ExpressionNode): boolean {
  return !['path', 'call', 'struct', 'list', 'bag', 'binary', 'between', 'not', 'isType', 'statement'].includes(kind);
}

function negated(number: string): string {
  return number.startsWith('-') ? number.slice(1) : `-${number}`;
}
