import { isUtf8 } from 'node:buffer';
import { StoredItem } from '../data/stored-item.js';
import { MAX_ITEM_BYTES } from '../data/write-request.js';
import { checkValue, MAX_NESTED_COLLECTIONS } from '../value/index.js';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  collectionEnd,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from './json-bytes.js';
import { plainNumberSize } from './plain-number.js';

/** Thrown for whatever is not plain, right or wrong. One for all: nobody looks at its stack. */
export const NOT_PLAIN = new Error('not plain');

const NON_ASCII = 0x80;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const LETTER_L = 76;
const LETTER_M = 77;
const LETTER_N = 78;
const LETTER_S = 83;
const MAX_NAME_BYTES = 65535;
/** Names of an item's maps that are open at the same time. */
const MAX_NAMES = 512;
const COLLECTION_BYTES = 3;
const ELEMENT_BYTES = 1;
/** Up to here copying byte by byte is quicker than a call. */
const SHORT_RUN = 24;

const [PLAIN, END, ESCAPE, HIGH, ILLEGAL] = [0, 1, 2, 3, 4];
/** What a byte means within a string. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE) return END;
  if (byte === BACKSLASH) return ESCAPE;
  if (byte >= NON_ASCII) return HIGH;
  return byte < SPACE ? ILLEGAL : PLAIN;
});
/** What JSON.stringify writes behind a backslash, besides \u. */
const SHORT_ESCAPES = new Set(Buffer.from('"\\bfnrt'));

const [TRUE, FALSE, BOOL, NULL] = ['true', 'false', 'BOOL"', 'NULL"'].map((word) => Buffer.from(word)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];

/**
 * Reads items straight from a request's bytes into their stored form, checking them on the way: for what clients
 * usually send this comes to what JSON.parse, `checkItem` and JSON.stringify come to, in a fraction of their time and
 * without an object for each value. Strings, numbers, flags, maps, lists and sets of strings in canonical form are
 * copied as they stand, but for white space; other values are parsed and checked one by one.
 *
 * Judges nothing: of all that it does not know, sound or not, it throws {@link NOT_PLAIN}.
 */
export class ItemReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Bytes from here on are yet to be copied, as they stand. */
  #runStart = 0;
  #out: Buffer = Buffer.allocUnsafeSlow(16 * 1024);
  #written = 0;
  #sizeBytes = 0;
  #isKnownUtf8 = false;
  readonly #hashes = new Int32Array(MAX_NAMES);
  #hashCount = 0;

  /** Where the last item that was read ended. */
  get position(): number {
    return this.#at;
  }

  begin(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#isKnownUtf8 = false;
    if (this.#out.length < bytes.length) this.#out = Buffer.allocUnsafeSlow(bytes.length);
  }

  /** The item whose opening brace is at `start`. */
  read(start: number): StoredItem {
    this.#at = start;
    this.#runStart = start;
    this.#written = 0;
    this.#sizeBytes = 0;
    this.#hashCount = 0;
    this.#map(0, 0);
    if (this.#sizeBytes > MAX_ITEM_BYTES) throw NOT_PLAIN;
    if (this.#written === 0) return StoredItem.ofJson(this.#bytes, this.#runStart, this.#at, this.#sizeBytes);
    this.#copyRun(this.#at);
    return StoredItem.ofJson(this.#out, 0, this.#written, this.#sizeBytes);
  }

  #map(depth: number, overheadBytes: number): void {
    const firstHash = this.#hashCount;
    this.#at++;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_BRACE) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#name(firstHash);
      this.#sizeBytes += overheadBytes;
      this.#colon();
      this.#value(depth);
      if (this.#isLast(CLOSE_BRACE)) break;
    }
    this.#hashCount = firstHash;
  }

  /** A name as it is: not escaped, not of digits (JSON.parse puts those first), and not in this map already. */
  #name(firstHash: number): void {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    const first = bytes[start] as number;
    if (bytes[start - 1] !== QUOTE || first === QUOTE || (first >= DIGIT_0 && first <= DIGIT_9)) throw NOT_PLAIN;
    let at = start;
    let hash = 0;
    for (;;) {
      const byte = at < bytes.length ? (bytes[at] as number) : 0;
      const kind = KINDS[byte];
      if (kind === HIGH) this.#assertUtf8();
      else if (kind === END) break;
      else if (kind !== PLAIN) throw NOT_PLAIN;
      hash = (Math.imul(hash, 31) + byte) | 0;
      at++;
    }
    if (at - start > MAX_NAME_BYTES || this.#hashCount === MAX_NAMES) throw NOT_PLAIN;
    // Equal names have equal hashes; others hardly ever do.
    for (let other = firstHash; other < this.#hashCount; other++) if (this.#hashes[other] === hash) throw NOT_PLAIN;
    this.#hashes[this.#hashCount++] = hash;
    this.#sizeBytes += at - start;
    this.#at = at + 1;
  }

  #value(depth: number): void {
    const bytes = this.#bytes;
    const start = this.#at;
    const [written, runStart, sizeBytes] = [this.#written, this.#runStart, this.#sizeBytes];
    if (bytes[start] !== OPEN_BRACE) throw NOT_PLAIN;
    this.#at++;
    this.#skipSpace();
    if (bytes[this.#at] !== QUOTE) throw NOT_PLAIN;
    if (this.#content(depth)) {
      this.#skipSpace();
      if (bytes[this.#at++] !== CLOSE_BRACE) throw NOT_PLAIN;
      return;
    }
    this.#written = written;
    this.#runStart = runStart;
    this.#sizeBytes = sizeBytes;
    this.#parseValue(start);
  }

  /** A type and its content; false when the value is to be parsed instead. */
  #content(depth: number): boolean {
    const bytes = this.#bytes;
    const at = this.#at + 1;
    const type = bytes[at];
    if (bytes[at + 1] === QUOTE) {
      this.#at = at + 2;
      this.#colon();
      switch (type) {
        case LETTER_S:
          return this.#string();
        case LETTER_N:
          return this.#number();
        case LETTER_M:
          return this.#nestedMap(depth);
        case LETTER_L:
          return this.#list(depth);
        default:
          return false;
      }
    }
    if (type === LETTER_S && bytes[at + 1] === LETTER_S && bytes[at + 2] === QUOTE) {
      this.#at = at + 3;
      this.#colon();
      return this.#stringSet();
    }
    const isBool = this.#isWord(at, BOOL);
    if (!isBool && !this.#isWord(at, NULL)) return false;
    this.#at = at + 5;
    this.#colon();
    this.#sizeBytes += 1;
    if (this.#isWord(this.#at, TRUE)) this.#at += 4;
    else if (isBool && this.#isWord(this.#at, FALSE)) this.#at += 5;
    else return false;
    return true;
  }

  #isWord(start: number, word: Buffer): boolean {
    for (let at = 0; at < word.length; at++) if (this.#bytes[start + at] !== word[at]) return false;
    return true;
  }

  /** False when it has escapes of another form than the stored one. */
  #string(): boolean {
    const bytes = this.#bytes;
    const { length } = bytes;
    if (bytes[this.#at] !== QUOTE) throw NOT_PLAIN;
    const start = this.#at + 1;
    let at = start;
    let escapes = 0;
    for (;;) {
      while (at < length && KINDS[bytes[at] as number] === PLAIN) at++;
      const kind = at < length ? KINDS[bytes[at] as number] : ILLEGAL;
      if (kind === END) break;
      if (kind === ILLEGAL) throw NOT_PLAIN;
      if (kind === HIGH) {
        this.#assertUtf8();
        at++;
        continue;
      }
      if (!SHORT_ESCAPES.has(bytes[at + 1] as number)) return false;
      escapes++;
      at += 2;
    }
    this.#sizeBytes += at - start - escapes;
    this.#at = at + 1;
    return true;
  }

  #number(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== QUOTE) throw NOT_PLAIN;
    const start = this.#at + 1;
    let end = start;
    while (end < bytes.length && bytes[end] !== QUOTE) end++;
    const sizeBytes = plainNumberSize(bytes, start, end);
    this.#sizeBytes += sizeBytes;
    this.#at = end + 1;
    return sizeBytes > 0;
  }

  #nestedMap(depth: number): boolean {
    if (this.#bytes[this.#at] !== OPEN_BRACE) throw NOT_PLAIN;
    this.#enter(depth);
    this.#map(depth + 1, ELEMENT_BYTES);
    return true;
  }

  #list(depth: number): boolean {
    if (this.#bytes[this.#at] !== OPEN_BRACKET) throw NOT_PLAIN;
    this.#enter(depth);
    this.#at++;
    this.#skipSpace();
    if (this.#bytes[this.#at] === CLOSE_BRACKET) {
      this.#at++;
      return true;
    }
    do {
      this.#sizeBytes += ELEMENT_BYTES;
      this.#value(depth + 1);
    } while (!this.#isLast(CLOSE_BRACKET));
    return true;
  }

  #enter(depth: number): void {
    if (depth >= MAX_NESTED_COLLECTIONS) throw NOT_PLAIN;
    this.#sizeBytes += COLLECTION_BYTES;
  }

  /** False unless each member is greater than the one before, as in a stored set, and none has escapes. */
  #stringSet(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== OPEN_BRACKET) throw NOT_PLAIN;
    this.#at++;
    this.#skipSpace();
    let last = -1;
    do {
      const start = this.#at;
      const sizeBefore = this.#sizeBytes;
      if (bytes[start] !== QUOTE || !this.#string()) return false;
      const hasEscapes = this.#at - start - 2 !== this.#sizeBytes - sizeBefore;
      if (hasEscapes || (last >= 0 && !this.#isGreater(start + 1, last + 1))) return false;
      last = start;
    } while (!this.#isLast(CLOSE_BRACKET));
    return true;
  }

  /** Whether one string comes after another, both given by their first bytes and neither with escapes. */
  #isGreater(one: number, other: number): boolean {
    const bytes = this.#bytes;
    for (let at = 0; ; at++) {
      const a = bytes[one + at] as number;
      const b = bytes[other + at] as number;
      if (b === QUOTE) return a !== QUOTE;
      if (a !== b) return a !== QUOTE && a > b;
    }
  }

  /** Every other value, in the usual way: one of a rare type, or not in canonical form. */
  #parseValue(start: number): void {
    const end = collectionEnd(this.#bytes, start);
    let text: string;
    try {
      const raw: unknown = JSON.parse(this.#bytes.toString('utf8', start, end));
      if (typeof raw !== 'object' || raw === null || 'M' in raw || 'L' in raw) throw NOT_PLAIN;
      const { value, sizeBytes } = checkValue(raw);
      this.#sizeBytes += sizeBytes;
      text = JSON.stringify(value);
    } catch {
      throw NOT_PLAIN;
    }
    this.#copyRun(start);
    this.#reserve(Buffer.byteLength(text) + this.#bytes.length - end);
    this.#written += this.#out.write(text, this.#written, 'utf8');
    this.#at = end;
    this.#runStart = end;
  }

  /** After a member: true at the end of the collection, false when another member follows. */
  #isLast(close: number): boolean {
    this.#skipSpace();
    const byte = this.#bytes[this.#at++];
    if (byte === close) return true;
    if (byte !== COMMA) throw NOT_PLAIN;
    this.#skipSpace();
    return false;
  }

  #colon(): void {
    this.#skipSpace();
    if (this.#bytes[this.#at++] !== COLON) throw NOT_PLAIN;
    this.#skipSpace();
  }

  #skipSpace(): void {
    const at = this.#at;
    if ((this.#bytes[at] as number) > SPACE) return;
    this.#copyRun(at);
    let next = at;
    while (isSpace(this.#bytes[next])) next++;
    this.#at = next;
    this.#runStart = next;
  }

  #copyRun(end: number): void {
    const [bytes, out, start] = [this.#bytes, this.#out, this.#runStart];
    const length = end - start;
    if (length > SHORT_RUN) bytes.copy(out, this.#written, start, end);
    else for (let at = 0; at < length; at++) out[this.#written + at] = bytes[start + at] as number;
    this.#written += length;
  }

  /** Only what is written anew can be longer than what it stands for. */
  #reserve(moreBytes: number): void {
    if (this.#written + moreBytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#written + moreBytes) * 2);
    this.#out.copy(larger, 0, 0, this.#written);
    this.#out = larger;
  }

  /** In bytes that are no UTF-8 the parser puts replacement characters. */
  #assertUtf8(): void {
    if (this.#isKnownUtf8) return;
    if (!isUtf8(this.#bytes)) throw NOT_PLAIN;
    this.#isKnownUtf8 = true;
  }
}
