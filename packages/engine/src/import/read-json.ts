import { isObject } from '../validation/check-types.js';
import { linesOf } from './lines.js';
import { MalformedObject } from './malformed-object.js';

/**
 * DynamoDB JSON, an item a line: `{"Item":{…}}`. Lines of blanks are nothing. What is no JSON, or has no Item, ends the
 * reading of the object (measured on AWS).
 */
export async function* readJson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  for await (const line of linesOf(chunks)) {
    const text = line.toString('utf8').trim();
    if (text !== '') yield itemOf(text);
  }
}

function itemOf(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new MalformedObject('Invalid JSON: the line is not a JSON object');
  }
  if (isObject(parsed) && isObject(parsed.Item)) return parsed.Item;
  throw new MalformedObject('Invalid DynamoDB JSON: the line has no Item');
}
