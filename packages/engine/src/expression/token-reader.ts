import type { DynamoError } from '../errors.js';
import { type ExpressionKind, expressionError } from './expression-error.js';
import { type Token, tokenize } from './lexer.js';

const REDUNDANT_PARENTHESES = 'The expression has redundant parentheses';
const MAX_DEPTH = 350;
const END: Token = { type: 'end', text: '', start: 0, end: 0 };

/**
 * A fault of an expression that parses. AWS reports the first in the text, once the whole text has parsed; one that is
 * late only when there is no other.
 */
interface Fault {
  readonly position: number;
  readonly message: string;
  readonly details: readonly string[];
  readonly isLate: boolean;
}

/** What all parsers share: the tokens, syntax errors, and faults found on the way. */
export class TokenReader {
  private readonly tokens: readonly Token[];
  private position = 0;
  private depth = 0;
  private redundantParentheses = false;
  private firstFault: Fault | undefined;

  constructor(
    readonly kind: ExpressionKind,
    private readonly text: string,
  ) {
    this.tokens = tokenize(text);
  }

  get next(): Token {
    return this.tokens[this.position] ?? END;
  }

  take(): Token {
    const token = this.next;
    this.position++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.next.type === 'symbol' && this.next.text === text;
  }

  isKeyword(text: string): boolean {
    return this.next.type === 'keyword' && this.next.text === text;
  }

  /** Takes the symbol when it comes next. */
  skipSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.position++;
    return found;
  }

  skipKeyword(text: string): boolean {
    const found = this.isKeyword(text);
    if (found) this.position++;
    return found;
  }

  expectSymbol(text: string): void {
    if (!this.skipSymbol(text)) throw this.syntaxError();
  }

  expectKeyword(text: string): void {
    if (!this.skipKeyword(text)) throw this.syntaxError();
  }

  /** The next token is not one that can come here. The message shows it with its neighbours, as written. */
  syntaxError(): DynamoError {
    const token = this.next;
    const previous = this.tokens[this.position - 1];
    const following = this.tokens[this.position + 1];
    const written = token.type === 'end' ? '<EOF>' : this.text.slice(token.start, token.end);
    const near = this.text.slice(previous?.start ?? 0, following?.end ?? this.text.length);
    return expressionError(this.kind, 'Syntax error', [`token: "${written}"`, `near: "${near}"`]);
  }

  /**
   * Takes an opening parenthesis. An expression with more levels than this either has redundant ones or too many
   * operators; it is refused before it exhausts the stack.
   */
  openParenthesis(): void {
    this.expectSymbol('(');
    this.depth++;
    if (this.depth > MAX_DEPTH) throw expressionError(this.kind, REDUNDANT_PARENTHESES);
  }

  closeParenthesis(): void {
    this.expectSymbol(')');
    this.depth--;
  }

  noteRedundantParentheses(): void {
    this.redundantParentheses = true;
  }

  noteFault(position: number, message: string, details: readonly string[], isLate = false): void {
    const first = this.firstFault;
    const isFirst = first === undefined || (isLate === first.isLate ? position < first.position : first.isLate);
    if (isFirst) this.firstFault = { position, message, details, isLate };
  }

  /** To be called when the expression has been read: throws what was found, in AWS's order. */
  finish(): void {
    if (this.next.type !== 'end') throw this.syntaxError();
    if (this.redundantParentheses) throw expressionError(this.kind, REDUNDANT_PARENTHESES);
    if (this.firstFault !== undefined) {
      throw expressionError(this.kind, this.firstFault.message, this.firstFault.details);
    }
  }
}
