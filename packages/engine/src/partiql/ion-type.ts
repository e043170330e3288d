const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^null\b/, 'NULL'],
  [/^(true|false)$/, 'BOOL'],
  [/^[0-9]{4}(T|-[0-9]{2})/, 'TIMESTAMP'],
  [/^-?[0-9]+$/, 'INT'],
  [/^-?(0x|0b)/i, 'INT'],
  [/^[+-]?([0-9.]+e[0-9+-]+|inf|nan$)/i, 'FLOAT'],
  [/^-?[0-9]/, 'DECIMAL'],
  [/^("|''')/, 'STRING'],
  [/^\{\{\s*"/, 'CLOB'],
  [/^\{\{/, 'BLOB'],
  [/^\{/, 'STRUCT'],
  [/^\[/, 'LIST'],
  [/^\(/, 'SEXP'],
];

/** The type of an Ion literal (text between backquotes), as far as a look at its beginning tells. */
export function ionType(text: string): string {
  const literal = text.trim();
  return TYPES.find(([pattern]) => pattern.test(literal))?.[1] ?? 'SYMBOL';
}
