import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  isSpace,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '@tablewright/base';

/** Finds where one JSON value ends, by its brackets and quotes alone; the value may arrive in pieces. */
export class ValueScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #bare = false;
  /** Line breaks inside the value so far. */
  newlines = 0;
  /** A line break inside quotes, which JSON does not allow: a quote is missing. */
  brokenString = false;

  /** Prepares for a value that begins with `byte`. */
  begin(byte: number): void {
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
    this.#bare = byte !== OPEN_BRACE && byte !== OPEN_BRACKET && byte !== QUOTE;
    this.newlines = 0;
  }

  /** A number, `true`, `null` or anything else without brackets or quotes: it ends where the file ends, too. */
  get bare(): boolean {
    return this.#bare;
  }

  /** Reads on from `from`; the position after the value's last byte, or undefined when the chunk ends before it does. */
  scan(chunk: Buffer, from: number): number | undefined {
    let at = from;
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#scanString(chunk, at);
        if (this.brokenString) return at;
        if (!this.#inString && this.#depth === 0) return at;
        continue;
      }
      const byte = chunk[at] as number;
      if (this.#bare) {
        if (byte === COMMA || byte === CLOSE_BRACKET || isSpace(byte)) return at;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
      else if (byte === NEWLINE) this.newlines++;
      else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --this.#depth === 0) return at + 1;
      at++;
    }
    return undefined;
  }

  #scanString(chunk: Buffer, from: number): number {
    let at = from;
    while (at < chunk.length) {
      const byte = chunk[at++] as number;
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#inString = false;
        return at;
      } else if (byte === NEWLINE) {
        this.brokenString = true;
        return at;
      }
    }
    return at;
  }
}
