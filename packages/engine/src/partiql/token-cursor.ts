import type { Position } from './ast.js';
import { type Token, tokenize } from './lexer.js';
import { notWellFormed } from './statement-error.js';

const END: Token = { type: 'end', text: '', at: { line: 1, column: 1, length: 0 } };

/** The tokens of a statement, read from the first to the last. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  get next(): Token {
    return this.peek(0);
  }

  /** How many tokens are left, the end included. */
  get left(): number {
    return this.#tokens.length - this.#position;
  }

  peek(ahead: number): Token {
    return this.#tokens[this.#position + ahead] ?? this.#tokens.at(-1) ?? END;
  }

  take(): Token {
    const token = this.next;
    this.#position++;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.next.type === 'symbol' && this.next.text === text;
  }

  isKeyword(text: string): boolean {
    return (this.next.type === 'keyword' || this.next.type === 'operator') && this.next.text === text;
  }

  /** Takes the symbol when it comes next. */
  skipSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.#position++;
    return found;
  }

  skipKeyword(text: string): boolean {
    const found = this.isKeyword(text);
    if (found) this.#position++;
    return found;
  }

  expectSymbol(text: string, detail: string): Position {
    const { at } = this.next;
    if (!this.skipSymbol(text)) throw notWellFormed(detail);
    return at;
  }

  expectKeyword(text: string, detail: string): void {
    if (!this.skipKeyword(text)) throw notWellFormed(detail);
  }

  /** Whether nothing is left but, possibly, a semicolon. */
  get isEnd(): boolean {
    return this.next.type === 'end' || (this.isSymbol(';') && this.peek(1).type === 'end');
  }

  get isIdentifier(): boolean {
    return this.next.type === 'identifier' || this.next.type === 'quotedIdentifier';
  }
}
