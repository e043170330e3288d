import type { Position } from './ast.js';
import { KEYWORDS, WORD_OPERATORS, WORD_PAIRS } from './keywords.js';
import { notWellFormed } from './statement-error.js';

export type TokenType =
  | 'identifier'
  | 'quotedIdentifier'
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  | 'missing'
  | 'ion'
  | 'keyword'
  | 'operator'
  | 'symbol'
  | 'end';

export interface Token {
  readonly type: TokenType;
  /** Names and literals without quotes; keywords and word operators in lower case. */
  readonly text: string;
  readonly at: Position;
}

const TOKEN = new RegExp(
  [
    String.raw`(?<blank>[ \t\r\n\v\f]+|--[^\r\n]*|/\*[^]*?\*/)`,
    String.raw`(?<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE](?:[+-]?[0-9]+|(?<broken>)))?)`,
    '(?<word>[A-Za-z_$][A-Za-z0-9_$]*)',
    `(?<string>'(?:[^']|'')*')`,
    `(?<quoted>"(?:[^"]|"")*")`,
    '(?<ion>`[^`]*`)',
    String.raw`(?<symbol><<|>>|[()\[\]{}:,.*;?])`,
    String.raw`(?<operator><=|<>|>=|!=|\|\||/(?!\*)|[\^%=@+<>-])`,
  ].join('|'),
  'y',
);

/** The tokens of a statement, ending with one of type end. Throws ValidationException without a detail. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const place = new Place();
  let start = 0;
  while (start < text.length) {
    TOKEN.lastIndex = start;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined || groups.broken !== undefined) throw notWellFormed('');
    const written = text.slice(start, TOKEN.lastIndex);
    if (groups.blank === undefined) addToken(tokens, tokenOf(groups, place.of(written)));
    place.advance(written);
    start = TOKEN.lastIndex;
  }
  tokens.push({ type: 'end', text: '', at: place.of('') });
  return tokens;
}

/** Keeps count of lines and columns, in characters, not in UTF-16 units. */
class Place {
  #line = 1;
  #column = 1;

  of(written: string): Position {
    return { line: this.#line, column: this.#column, length: [...written].length };
  }

  advance(written: string): void {
    const lines = written.split(/\r\n|\r|\n/);
    const last = [...(lines.at(-1) ?? '')].length;
    this.#column = lines.length === 1 ? this.#column + last : last + 1;
    this.#line += lines.length - 1;
  }
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: Position): Token {
  const { number, word, string, quoted, ion, symbol, operator } = groups;
  if (word !== undefined) return wordToken(word, at);
  if (number !== undefined) return { type: 'number', text: checkedNumber(number), at };
  if (string !== undefined) return { type: 'string', text: string.slice(1, -1).replaceAll("''", "'"), at };
  if (quoted !== undefined) {
    return { type: 'quotedIdentifier', text: quoted.slice(1, -1).replaceAll('""', '"'), at };
  }
  if (ion !== undefined) return { type: 'ion', text: ion.slice(1, -1), at };
  if (symbol !== undefined) return { type: 'symbol', text: symbol, at };
  return { type: 'operator', text: operator === '!=' ? '<>' : (operator ?? ''), at };
}

function wordToken(word: string, at: Position): Token {
  const text = word.toLowerCase();
  if (!KEYWORDS.has(text)) return { type: 'identifier', text: word, at };
  if (text === 'true' || text === 'false') return { type: 'boolean', text, at };
  if (text === 'null' || text === 'missing') return { type: text, text, at };
  return { type: WORD_OPERATORS.has(text) ? 'operator' : 'keyword', text, at };
}

/** Two words that are one keyword become one token. */
function addToken(tokens: Token[], token: Token): void {
  const previous = tokens.at(-1);
  const pair = previous && isWord(previous) && isWord(token) && WORD_PAIRS.get(`${previous.text} ${token.text}`);
  if (previous === undefined || !pair) {
    tokens.push(token);
    return;
  }
  tokens[tokens.length - 1] = { ...previous, text: pair };
}

function isWord({ type }: Token): boolean {
  return type === 'keyword' || type === 'operator';
}

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);

/** A literal is read as a Java BigDecimal: neither its exponent nor its scale may go beyond 32 bits. */
function checkedNumber(text: string): string {
  const [digits = '', exponentText = '0'] = text.toLowerCase().split('e');
  const exponent = Number(exponentText);
  const scale = (digits.split('.')[1] ?? '').length - exponent;
  if (exponent > MAX_INT || exponent < MIN_INT || scale > MAX_INT || scale < MIN_INT) throw notWellFormed('');
  return text;
}
