// *.tfvars.json: RFC 8259 with the place of every value kept, so that a wrong type can be pointed at.
import { SourceText } from './source-text.js';
import type { TfvarsEntry, TfvarsNode } from './tfvars-node.js';

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const WORD = /[a-zA-Z]+/y;
const MAX_DEPTH = 200;

/** Reads a whole `*.tfvars.json` file: one object, whose keys are variables. */
export function parseTfvarsJson(name: string, text: string): readonly TfvarsEntry[] {
  const source = new SourceText(name, text);
  const value = readValue(source, 0);
  skipBlanks(source);
  if (!source.ended) throw source.error('text follows the end of the object', 'Keep one JSON object in the file.');
  if (value.kind !== 'object') {
    throw source.error('the file holds no JSON object', 'Write { "table_name": "users-table", … }.', value.at);
  }
  return value.entries;
}

function readValue(source: SourceText, depth: number): TfvarsNode {
  skipBlanks(source);
  const at = source.position();
  const next = source.peek();
  if (depth > MAX_DEPTH) throw source.error(`arrays and objects are nested more than ${MAX_DEPTH} deep`, 'Flatten it.');
  if (next === '{') return readObject(source, depth);
  if (next === '[') return readArray(source, depth);
  if (next === '"') return { kind: 'string', at, value: readString(source) };
  const text = source.match(NUMBER)?.[0];
  if (text !== undefined) return { kind: 'number', at, value: Number(text), text };
  const word = source.match(WORD)?.[0];
  if (word === 'true' || word === 'false') return { kind: 'bool', at, value: word === 'true' };
  if (word === 'null') return { kind: 'null', at };
  throw source.error(next === '' ? 'the text ends here' : 'this is no JSON value', 'Check the JSON at this place.', at);
}

function readObject(source: SourceText, depth: number): TfvarsNode {
  const at = source.position();
  const entries: TfvarsEntry[] = [];
  readItems(source, '}', () => {
    const keyAt = source.position();
    if (source.peek() !== '"')
      throw source.error('a key in double quotes is expected', 'Check the JSON at this place.');
    const key = readString(source);
    if (entries.some((entry) => entry.key === key)) {
      throw source.error(`the key "${key}" is given twice`, 'Keep one of the two.', keyAt);
    }
    skipBlanks(source);
    if (source.peek() !== ':') throw source.error(`":" is missing after "${key}"`, 'Check the JSON at this place.');
    source.advance();
    entries.push({ key, at: keyAt, value: readValue(source, depth + 1) });
  });
  return { kind: 'object', at, entries };
}

function readArray(source: SourceText, depth: number): TfvarsNode {
  const at = source.position();
  const elements: TfvarsNode[] = [];
  readItems(source, ']', () => {
    elements.push(readValue(source, depth + 1));
  });
  return { kind: 'tuple', at, elements };
}

function readItems(source: SourceText, closing: string, readItem: () => void): void {
  const opened = source.position();
  source.advance();
  skipBlanks(source);
  if (source.peek() === closing) {
    source.advance();
    return;
  }
  for (;;) {
    skipBlanks(source);
    readItem();
    skipBlanks(source);
    if (source.peek() === closing) {
      source.advance();
      return;
    }
    if (source.ended) throw source.error(`"${closing}" is missing for this one`, `Add "${closing}".`, opened);
    if (source.peek() !== ',') throw source.error('a comma is expected here', 'Check the JSON at this place.');
    source.advance();
  }
}

function readString(source: SourceText): string {
  const at = source.position();
  const text = source.match(STRING)?.[0];
  const fail = () =>
    source.error('this string is broken', 'Close it, and write control characters as \\n, \\t, \\uNNNN.', at);
  if (text === undefined) throw fail();
  try {
    return String(JSON.parse(text));
  } catch {
    throw fail();
  }
}

function skipBlanks(source: SourceText): void {
  source.match(/[ \t\r\n]+/y);
}
