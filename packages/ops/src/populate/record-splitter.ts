import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  defined,
  isSpace,
  NEWLINE,
  OPEN_BRACE,
  UserError,
} from '@tablewright/base';
import { type DataLayout, detectLayout } from './data-layout.js';
import { MemberScanner } from './member-scanner.js';
import { ValueScanner } from './value-scanner.js';

/** One record of a data file as it stands there. */
export interface RawRecord {
  /** Counted from 1. */
  readonly index: number;
  /** The line that it begins on, counted from 1. */
  readonly line: number;
  /** The record's JSON, without what surrounds it. */
  readonly bytes: Buffer;
  /** In a document such as `{"Items": […]}`: the member that holds the record. */
  readonly container: string | undefined;
}

/** Longer than any text that makes an item of 400 KB: an unclosed bracket, then. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Where the next byte stands, outside of a record. */
type Place = 'records' | 'array-first' | 'array-next' | 'array-after-record' | 'members' | 'end';

const FIRST_PLACE: Record<DataLayout, Place> = { array: 'array-first', records: 'records', document: 'members' };

/**
 * Splits JSON that arrives in pieces into its records (see {@link DataLayout}) without parsing it, so that memory
 * holds one record, however large the file is. It finds where records begin and end; what lies between is left to
 * `JSON.parse`.
 */
export class RecordSplitter {
  #place: Place | undefined;
  #line = 1;
  #index = 0;
  /** Bytes held back: of the file's beginning while its layout is not clear, later of the record being read. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #inRecord = false;
  #recordLine = 1;
  #inDocument = false;
  readonly #value = new ValueScanner();
  readonly #members = new MemberScanner();

  constructor(private readonly fileName: string) {}

  /** The records that `chunk` completes. */
  push(chunk: Buffer): RawRecord[] {
    if (this.#place !== undefined) return this.#split(chunk);
    this.#hold(chunk);
    if (this.#heldBytes < BYTE_ORDER_MARK.length) return [];
    const layout = detectLayout(withoutMark(Buffer.concat(this.#held)));
    return layout === undefined ? [] : this.#start(layout);
  }

  /** The record that the end of the file completes, if any; throws when the file is empty or cut off. */
  end(): RawRecord[] {
    const records = this.#place === undefined ? this.#start('records') : [];
    if (this.#inRecord && this.#value.bare) records.push(this.#endRecord(Buffer.alloc(0)));
    if (this.#inRecord) throw this.#neverClosed('at the end of the file');
    if (this.#place === 'records' && this.#index === 0) {
      throw this.#syntax('the file is empty', 'Give a JSON array of items, or one item a line.');
    }
    if (this.#place === 'records' || this.#place === 'end') return records;
    const [what, bracket] = this.#place === 'members' ? ['document', '}'] : ['array', ']'];
    throw this.#syntax(`the ${what} is never closed`, `The file seems cut off: it must end in "${bracket}".`);
  }

  #start(layout: DataLayout): RawRecord[] {
    const head = withoutMark(Buffer.concat(this.#held));
    this.#release();
    this.#place = FIRST_PLACE[layout];
    this.#inDocument = layout === 'document';
    if (layout !== 'array') return this.#split(head);
    const open = head.indexOf('[');
    this.#line += countNewlines(head.subarray(0, open));
    return this.#split(head.subarray(open + 1));
  }

  #split(chunk: Buffer): RawRecord[] {
    const records: RawRecord[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (!this.#inRecord) {
        if (!this.#beginsRecord(chunk[at] as number)) {
          at++;
          continue;
        }
        this.#beginRecord(chunk[at] as number);
      }
      const end = this.#value.scan(chunk, at);
      if (this.#value.brokenString) throw this.#brokenString();
      if (end === undefined) {
        this.#hold(chunk.subarray(at));
        break;
      }
      records.push(this.#endRecord(chunk.subarray(at, end)));
      at = end;
    }
    return records;
  }

  /** Reads one byte outside of a record; true when a record begins with it. */
  #beginsRecord(byte: number): boolean {
    if (byte === NEWLINE) this.#line++;
    if (this.#place === 'members') {
      this.#readMember(byte);
      return false;
    }
    if (isSpace(byte)) return false;
    if (this.#place === 'end') throw this.#syntax('something follows the end of the document', 'Remove it.');
    if (this.#place === 'records') return true;
    if (this.#place === 'array-after-record') {
      this.#readSeparator(byte);
      return false;
    }
    if (byte !== CLOSE_BRACKET) return true;
    if (this.#place === 'array-next') throw this.#syntax('a comma stands before the closing "]"', 'Remove the comma.');
    this.#endArray();
    return false;
  }

  #readMember(byte: number): void {
    const found = this.#members.read(byte);
    if (found === 'array') this.#place = 'array-first';
    if (found === 'end') this.#place = 'end';
  }

  #readSeparator(byte: number): void {
    if (byte === COMMA) this.#place = 'array-next';
    else if (byte === CLOSE_BRACKET) this.#endArray();
    else throw this.#syntax(`a comma or "]" is missing after record ${this.#index}`, 'Put a comma between records.');
  }

  #endArray(): void {
    this.#place = this.#inDocument ? 'members' : 'end';
  }

  #beginRecord(byte: number): void {
    if (byte === COMMA || byte === COLON || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      throw this.#syntax(
        `"${String.fromCharCode(byte)}" stands where a record should begin`,
        'Correct the JSON there.',
      );
    }
    if (this.#place === 'records' && byte !== OPEN_BRACE) {
      const remedy = 'Give a JSON array of items in DynamoDB JSON, or one item a line.';
      throw this.#syntax(
        `"${String.fromCharCode(byte)}" stands where an item should begin; this is no item data`,
        remedy,
      );
    }
    this.#inRecord = true;
    this.#recordLine = this.#line;
    this.#value.begin(byte);
  }

  #endRecord(last: Buffer): RawRecord {
    const bytes = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last]);
    this.#release();
    this.#inRecord = false;
    this.#line += this.#value.newlines;
    if (this.#place !== 'records') this.#place = 'array-after-record';
    this.#index++;
    return { index: this.#index, line: this.#recordLine, bytes, container: this.#members.name };
  }

  #hold(piece: Buffer): void {
    this.#held.push(piece);
    this.#heldBytes += piece.length;
    if (this.#inRecord && this.#heldBytes > MAX_RECORD_BYTES) throw this.#neverClosed('within 16 MB');
  }

  #release(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #brokenString(): UserError {
    this.#line += this.#value.newlines;
    return this.#syntax('a quote is not closed on its line', 'Close it; inside quotes, write a line break as \\n.');
  }

  /** The parser knows best where an unclosed record goes wrong; without its word, the record's first line is named. */
  #neverClosed(where: string): UserError {
    const record = `record ${this.#index + 1}`;
    const broken = parseFailure(Buffer.concat(this.#held));
    if (broken === undefined) {
      this.#line = this.#recordLine;
      return this.#syntax(`${record}, which begins here, is not closed ${where}`, 'Look for a missing bracket in it.');
    }
    this.#line = this.#recordLine + broken.newlinesBefore;
    return this.#syntax(`${record} is not JSON: ${broken.message}`, 'Correct the JSON there.');
  }

  #syntax(what: string, remedy: string): UserError {
    return new UserError(`${this.fileName}, line ${this.#line}: ${what}`, remedy);
  }
}

export interface ParseFailure {
  readonly message: string;
  /** Line breaks between the start of the text and the place of the error. */
  readonly newlinesBefore: number;
}

/** What `JSON.parse` says against `bytes`, when it says where; undefined when it has nothing against the text so far. */
export function parseFailure(bytes: Buffer): ParseFailure | undefined {
  const text = bytes.toString('utf8');
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = defined(error instanceof Error ? error.message : undefined, 'the message of JSON.parse');
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position === undefined || Number(position) >= text.length) return undefined;
    const newlinesBefore = text.slice(0, Number(position)).split('\n').length - 1;
    return { message: message.replace(/ in JSON at position.*$/s, ''), newlinesBefore };
  }
}

function withoutMark(head: Buffer): Buffer {
  return head.subarray(0, 3).equals(BYTE_ORDER_MARK) ? head.subarray(3) : head;
}

function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count++;
  return count;
}
