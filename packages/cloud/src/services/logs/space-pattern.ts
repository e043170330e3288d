import { readComparison, type ValueTest } from './comparison.js';
import { invalidPattern, type MessageFilter } from './pattern-basics.js';
import { PatternTokens } from './pattern-tokens.js';

type Fields = ReadonlyMap<string, string>;
type Predicate = (fields: Fields) => boolean;

interface Column {
  readonly name: string;
  readonly predicate: Predicate;
}

/** `[ip, user, ..., status = 4*, bytes > 1000]`, for messages whose fields have spaces between them. */
export function spacePattern(text: string): MessageFilter {
  if (!text.endsWith(']')) throw invalidPattern();
  const tokens = new PatternTokens(text.slice(1, -1));
  const columns: Column[] = [];
  do {
    columns.push(readColumn(tokens));
  } while (tokens.take(','));
  const gap = columns.findIndex(({ name }) => name === '...');
  if (!tokens.isAtEnd || columns.filter(({ name }) => name === '...').length > 1) throw invalidPattern();
  return (message) => {
    const fields = named(splitFields(message), columns, gap);
    return fields !== undefined && columns.every(({ predicate }) => predicate(fields));
  };
}

/** A name, alone or in conditions about it: `status = 404 || status = 410`. */
function readColumn(tokens: PatternTokens): Column {
  const [name, predicate] = readOr(tokens);
  return { name, predicate };
}

function readOr(tokens: PatternTokens): [string, Predicate] {
  const [name, first] = readAnd(tokens);
  const parts = [first];
  while (tokens.take('||')) parts.push(readAnd(tokens)[1]);
  return [name, (fields) => parts.some((part) => part(fields))];
}

function readAnd(tokens: PatternTokens): [string, Predicate] {
  const [name, first] = readCondition(tokens);
  const parts = [first];
  while (tokens.take('&&')) parts.push(readCondition(tokens)[1]);
  return [name, (fields) => parts.every((part) => part(fields))];
}

function readCondition(tokens: PatternTokens): [string, Predicate] {
  if (tokens.take('(')) {
    const inner = readOr(tokens);
    tokens.expect(')');
    return inner;
  }
  const { kind, text: name } = tokens.next();
  if (kind !== 'word') throw invalidPattern();
  const next = tokens.peek();
  if (next === undefined || next.text === ',') return [name, () => true];
  const test: ValueTest = readComparison(tokens);
  return [name, (fields) => fields.has(name) && test(fields.get(name))];
}

/** Fields end at spaces; those in quotes or square brackets may hold some. */
function splitFields(message: string): string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(([, quoted, bracketed, plain]) => {
    return quoted ?? bracketed ?? plain ?? '';
  });
}

/** The fields by the columns' names; undefined when their number does not fit. `...` takes as many as there are. */
function named(fields: readonly string[], columns: readonly Column[], gap: number): Fields | undefined {
  const surplus = fields.length - (columns.length - (gap < 0 ? 0 : 1));
  if (surplus < 0 || (gap < 0 && surplus > 0)) return undefined;
  const result = new Map<string, string>();
  columns.forEach(({ name }, at) => {
    if (at === gap) return;
    const field = fields[gap >= 0 && at > gap ? at + surplus - 1 : at];
    if (field !== undefined) result.set(name, field);
  });
  return result;
}
