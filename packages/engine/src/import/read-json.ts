import { isObject } from '../validation/check-types.js';
import type { InputRecord } from './input-record.js';
import { linesOf } from './lines.js';
import { MalformedObject } from './malformed-object.js';

/**
 * DynamoDB JSON, items as `{"Item":{…}}`: one a line, though AWS also reads several that follow each other in a line
 * (recorded on AWS by a public suite). Lines of blanks are nothing. What is no JSON, or has no Item, ends the reading
 * of the object (measured on AWS).
 */
export async function* readJson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputRecord> {
  for await (const line of linesOf(chunks)) {
    const text = line.toString('utf8').trim();
    if (text === '') continue;
    const whole = parsed(text);
    if (whole !== undefined) yield recordOf(whole);
    else for (const one of objectsOf(text)) yield recordOf(parsed(one));
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): InputRecord {
  if (value === undefined) throw new MalformedObject('Invalid JSON: the line is not a JSON object');
  if (isObject(value) && isObject(value.Item)) return { ...value, Item: value.Item };
  throw new MalformedObject('Invalid DynamoDB JSON: the line has no Item');
}

/** Cuts a line behind each object at its top; what stands between them goes with the next, what is left comes last. */
function* objectsOf(line: string): Generator<string> {
  let start = 0;
  let depth = 0;
  for (const { 0: token, index } of line.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === '{') depth++;
    if (token !== '}' || --depth > 0) continue;
    yield line.slice(start, index + 1);
    start = index + 1;
    depth = 0;
  }
  const rest = line.slice(start);
  if (rest.trim() !== '') yield rest;
}
