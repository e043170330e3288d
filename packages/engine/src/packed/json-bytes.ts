import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, isSpace, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '@tablewright/base';

export {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from '@tablewright/base';

/** The position of the first byte from `at` on that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let next = at;
  while (isSpace(bytes[next])) next++;
  return next;
}

/** Up to here, looking at byte after byte is quicker than a native search. */
const NEAR_BYTES = 24;

/** The position after the string whose opening quote is at `start`; beyond the end when it has no other. */
export function stringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  const near = Math.min(at + NEAR_BYTES, bytes.length);
  while (at < near) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return farStringEnd(bytes, at);
}

/** `from` is where a character of the string begins, or its closing quote is. */
function farStringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; ; ) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) return bytes.length + 1;
    // Escaped by an odd number of backslashes before it.
    let before = quote - 1;
    while (before >= at && bytes[before] === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
    at = quote + 1;
  }
}

/** The position after the object or list that begins at `start`; beyond the end when it does not end. */
export function collectionEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = stringEnd(bytes, at);
      continue;
    }
    at++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at;
  }
  return bytes.length + 1;
}
