import { COMMA, collectionEnd, QUOTE, stringEnd } from '../packed/json-bytes.js';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import { setAttribute } from './own-attribute.js';

/** Names of attributes that are looked up often. */
export class AttributeNames {
  /** Each name as it stands in canonical JSON, quotes included. */
  readonly tokens: readonly Buffer[];

  constructor(readonly names: readonly string[]) {
    this.tokens = names.map((name) => Buffer.from(JSON.stringify(name)));
  }
}

/**
 * The attributes of these names from an item's canonical JSON (no white space, and each name once), which begins at
 * `start`. Walks over the bytes of the others without making anything of them, and no further than it has to.
 */
export function pickJson(json: Buffer, start: number, wanted: AttributeNames): AttributeMap {
  const picked: Record<string, AttributeValue> = {};
  findJson(json, start, wanted, (which, _, nameEnd, end) => {
    const value = JSON.parse(json.toString('utf8', nameEnd + 1, end)) as AttributeValue;
    setAttribute(picked, wanted.names[which] as string, value);
  });
  return picked;
}

/** Calls `found` for each attribute of these names: which it is, where it begins, and where its name and it end. */
export function findJson(
  json: Buffer,
  start: number,
  { names, tokens }: AttributeNames,
  found: (which: number, begin: number, nameEnd: number, end: number) => void,
): void {
  let missing = names.length;
  let at = start + 1;
  while (missing > 0 && json[at] === QUOTE) {
    const nameEnd = stringEnd(json, at);
    const which = indexOfToken(json, at, nameEnd, tokens);
    const end = collectionEnd(json, nameEnd + 1);
    if (which >= 0) {
      found(which, at, nameEnd, end);
      missing--;
    }
    at = json[end] === COMMA ? end + 1 : end;
  }
}

/** Which of `tokens` lies from `start` to `end`; -1: none. */
export function indexOfToken(json: Buffer, start: number, end: number, tokens: readonly Buffer[]): number {
  for (let which = 0; which < tokens.length; which++) {
    const token = tokens[which] as Buffer;
    if (token.length === end - start && isAt(json, start, token)) return which;
  }
  return -1;
}

function isAt(json: Buffer, start: number, token: Buffer): boolean {
  for (let at = 0; at < token.length; at++) if (json[start + at] !== token[at]) return false;
  return true;
}
