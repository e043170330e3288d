import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '@tablewright/base';

/** Walks through the members of a document around arrays of records, and stops at those arrays. */
export class MemberScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #text: number[] = [];
  /** The member that the scan is in. */
  name: string | undefined;

  /** What `byte` begins or ends: an array of records, the document, or neither. */
  read(byte: number): 'array' | 'end' | undefined {
    if (this.#inString) {
      this.#readInString(byte);
    } else if (byte === QUOTE) {
      this.#inString = true;
      this.#text = [];
    } else if (byte === COLON && this.#depth === 1) {
      this.name = Buffer.from(this.#text).toString('utf8');
    } else if (byte === OPEN_BRACKET && this.#depth === 1) {
      return 'array';
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      this.#depth++;
    } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --this.#depth === 0) {
      return 'end';
    }
    return undefined;
  }

  #readInString(byte: number): void {
    if (!this.#escaped && byte === QUOTE) this.#inString = false;
    else if (this.#depth === 1) this.#text.push(byte);
    this.#escaped = !this.#escaped && byte === BACKSLASH;
  }
}
