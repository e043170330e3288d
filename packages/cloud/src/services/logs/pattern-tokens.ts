import { invalidPattern } from './pattern-basics.js';

export interface Token {
  readonly kind: 'symbol' | 'string' | 'regex' | 'word';
  readonly text: string;
}

const TOKEN = /\s*(?:(&&|\|\||!=|>=|<=|[=<>(),])|"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s=<>!(),"&|%]+))/y;

/** The tokens of a condition: operators and brackets, quoted strings, `%regular expressions%`, bare words. */
export class PatternTokens {
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(text: string) {
    let at = 0;
    const end = text.trimEnd().length;
    while (at < end) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(text);
      if (match === null) throw invalidPattern();
      const [whole, symbol, quoted, regex, word] = match;
      at += whole.length;
      if (symbol !== undefined) this.#tokens.push({ kind: 'symbol', text: symbol });
      else if (quoted !== undefined) this.#tokens.push({ kind: 'string', text: quoted.replace(/\\(.)/g, '$1') });
      else if (regex !== undefined) this.#tokens.push({ kind: 'regex', text: regex });
      else this.#tokens.push({ kind: 'word', text: word ?? '' });
    }
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  next(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw invalidPattern();
    return token;
  }

  /** Takes a symbol, or a word whatever its case, if it comes next. */
  take(text: string): boolean {
    const token = this.peek();
    const isIt =
      token?.kind === 'symbol' ? token.text === text : token?.kind === 'word' && token.text.toUpperCase() === text;
    if (isIt) this.#at += 1;
    return isIt === true;
  }

  expect(text: string): void {
    if (!this.take(text)) throw invalidPattern();
  }
}
