export type TokenType =
  | 'name'
  | 'namePlaceholder'
  | 'valuePlaceholder'
  | 'index'
  | 'keyword'
  | 'symbol'
  | 'unknown'
  | 'end';

export interface Token {
  readonly type: TokenType;
  /** As written; keywords in upper case, as they may be written in any. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const KEYWORDS = new Set(['IN', 'BETWEEN', 'NOT', 'AND', 'OR', 'SET', 'ADD', 'DELETE', 'REMOVE']);

const TOKEN =
  /([ \t\r\n]+)|([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(0|[1-9][0-9]*)|(<>|<=|>=|[,().[\]=<>+-])/y;

const TYPE_OF_GROUP: readonly (TokenType | undefined)[] = [
  undefined,
  undefined,
  'name',
  'namePlaceholder',
  'valuePlaceholder',
  'index',
  'symbol',
];

/** All tokens without white space, ending with one of type end. What fits nothing is one unknown token a character. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(text);
    const end = match === null ? start + 1 : TOKEN.lastIndex;
    if (match === null) tokens.push({ type: 'unknown', text: text.slice(start, end), start, end });
    else if (match[1] === undefined) tokens.push(tokenOf(match, start, end));
    start = end;
  }
  tokens.push({ type: 'end', text: '', start, end: start });
  return tokens;
}

function tokenOf(match: RegExpExecArray, start: number, end: number): Token {
  const text = match[0];
  const type = TYPE_OF_GROUP[match.findIndex((group, index) => index > 1 && group !== undefined)] ?? 'unknown';
  const keyword = type === 'name' && text.length <= 7 ? text.toUpperCase() : '';
  return KEYWORDS.has(keyword) ? { type: 'keyword', text: keyword, start, end } : { type, text, start, end };
}
