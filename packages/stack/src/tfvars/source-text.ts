import { UserError } from '@tablewright/base';
import type { SourcePosition } from './tfvars-node.js';

/** A source being read character by character, which can point at any place in itself. */
export class SourceText {
  #offset = 0;

  constructor(
    /** As messages name it: a path, `-var`, `TF_VAR_tags`. */
    readonly name: string,
    readonly text: string,
  ) {
    // A byte order mark is no part of the first name.
    if (text.startsWith('\uFEFF')) this.#offset = 1;
  }

  get offset(): number {
    return this.#offset;
  }

  get ended(): boolean {
    return this.#offset >= this.text.length;
  }

  /** The character at the cursor or `ahead` of it; empty at the end. */
  peek(ahead = 0): string {
    return this.text[this.#offset + ahead] ?? '';
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.#offset);
  }

  advance(count = 1): void {
    this.#offset += count;
  }

  /** What `pattern` (with the sticky flag) matches at the cursor, moving past it; null without a match. */
  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#offset;
    const found = pattern.exec(this.text);
    if (found !== null) this.#offset += found[0].length;
    return found;
  }

  position(offset = this.#offset): SourcePosition {
    const before = this.text.slice(0, offset);
    const line = before.split('\n').length;
    return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
  }

  /** An error that shows the place: name, line, column, the line itself and a caret. */
  error(message: string, remedy: string, at: SourcePosition = this.position()): UserError {
    return new UserError(`${this.name}:${at.line}:${at.column}: ${message}\n\n${this.excerpt(at)}`, remedy);
  }

  /** The source line at `at` with a caret under the column. */
  excerpt(at: SourcePosition): string {
    const line = (this.text.split('\n')[at.line - 1] ?? '').replace(/\r$/, '').replace(/\t/g, ' ');
    const gutter = `  ${at.line} | `;
    return `${gutter}${line}\n${' '.repeat(gutter.length + at.column - 1)}^`;
  }
}
