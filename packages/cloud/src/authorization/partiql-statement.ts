/** What permissions look at in a PartiQL statement. */
export interface StatementOutline {
  readonly action: 'PartiQLSelect' | 'PartiQLInsert' | 'PartiQLUpdate' | 'PartiQLDelete';
  readonly table: string;
  readonly index: string | undefined;
  /** The text behind WHERE; empty when there is none. */
  readonly condition: string;
}

/** Names with dots are quoted. */
const NAME = '(?:\\s*"([^"]+)"|\\s+([A-Za-z0-9_-]+))';
/** What is selected: names and literals in quotes count as one piece, so that no FROM is found within. */
const SELECTION = `(?:"[^"]*"|'(?:[^']|'')*'|[^'"])*?`;
const STARTS: readonly (readonly [pattern: RegExp, action: StatementOutline['action']])[] = [
  [new RegExp(`^\\s*INSERT\\s+INTO${NAME}`, 'i'), 'PartiQLInsert'],
  [new RegExp(`^\\s*UPDATE${NAME}`, 'i'), 'PartiQLUpdate'],
  [new RegExp(`^\\s*DELETE\\s+FROM${NAME}`, 'i'), 'PartiQLDelete'],
  [
    new RegExp(`^\\s*(?:SELECT|EXISTS)\\b${SELECTION}\\bFROM${NAME}(?:\\.(?:"([^"]+)"|([A-Za-z0-9_-]+)))?`, 'i'),
    'PartiQLSelect',
  ],
];

/** Undefined for a statement that is not understood. */
export function outlineOf(statement: string): StatementOutline | undefined {
  for (const [pattern, action] of STARTS) {
    const match = pattern.exec(statement);
    const table = match?.[1] ?? match?.[2];
    if (table === undefined) continue;
    const index = match?.[3] ?? match?.[4];
    const condition = /\bWHERE\b([\s\S]*)$/i.exec(statement)?.[1] ?? '';
    return { action, table, index, condition };
  }
  return undefined;
}

/** The text or number, or the number of the parameter, that a condition wants of an attribute. */
export function equalTo(condition: string, attribute: string): readonly string[] {
  const name = attribute.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const left = `(?:"${name}"|\\b${name}\\b)\\s*`;
  const equal = new RegExp(`${left}=\\s*('(?:[^']|'')*'|-?[0-9.eE+]+|\\?)`).exec(condition)?.[1];
  if (equal !== undefined) return [equal];
  const list = new RegExp(`${left}IN\\s*[[(]([^\\])]*)[\\])]`, 'i').exec(condition)?.[1];
  return list?.match(/'(?:[^']|'')*'|-?[0-9.eE+]+|\?/g) ?? [];
}
