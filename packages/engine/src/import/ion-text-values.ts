import { StringDecoder } from 'node:string_decoder';
import { MalformedObject } from './malformed-object.js';

/** More than any item takes, or a list of as many as AWS's example shows. */
const MAX_VALUE_CHARS = 64 * 1024 * 1024;
const LOCAL_TABLE = /^\s*(\$ion_1_0\s+)?'?\$ion_symbol_table'?\s*::/;

/**
 * Cuts a stream of text Ion into its top-level structs and lists, with what stands before each. A local symbol table
 * goes with every value after it. https://amazon-ion.github.io/ion-docs/docs/spec.html
 */
export async function* textIonValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  const scanner = new TextScanner();
  let tables = '';
  const complete = (values: readonly string[]): string[] =>
    values.flatMap((value) => {
      if (!LOCAL_TABLE.test(value)) return [tables + value];
      tables += value;
      return [];
    });
  for await (const chunk of chunks) yield* complete(scanner.push(decoder.write(Buffer.from(chunk))));
  yield* complete(scanner.push(`${decoder.end()}\n\n`));
  if (scanner.isInside()) throw new MalformedObject('Invalid Ion: the object ends in the middle of a value');
  const rest = scanner
    .rest()
    .replace(/\$ion_1_0/g, '')
    .trim();
  if (rest !== '') throw new MalformedObject('Invalid Ion: a value that is no struct with an Item');
}

type State = 'value' | 'string' | 'longString' | 'symbol' | 'lineComment' | 'blockComment';

/** Follows nesting, quotes and comments; nothing else of the syntax matters to where a value ends. */
class TextScanner {
  #text = '';
  /** Up to where `#text` has been looked at. */
  #at = 0;
  #depth = 0;
  #state: State = 'value';
  /** Between `{{` and `}}`, where slashes are base64. */
  #isInLob = false;

  push(text: string): string[] {
    this.#text += text;
    const values: string[] = [];
    let start = 0;
    // Two characters are kept back: they may begin a longer token.
    while (this.#at < this.#text.length - 2) {
      if (!this.#step()) continue;
      values.push(this.#text.slice(start, this.#at));
      start = this.#at;
    }
    this.#keep(start);
    return values;
  }

  isInside(): boolean {
    return (
      this.#depth > 0 ||
      this.#isInLob ||
      this.#state === 'string' ||
      this.#state === 'longString' ||
      this.#state === 'symbol'
    );
  }

  rest(): string {
    return this.#text;
  }

  #keep(start: number): void {
    this.#text = this.#text.slice(start);
    this.#at -= start;
    if (this.#text.length > MAX_VALUE_CHARS) {
      throw new MalformedObject(`A value is longer than ${MAX_VALUE_CHARS} characters`);
    }
  }

  /** Takes one token; whether a value at the top has ended with it. */
  #step(): boolean {
    switch (this.#state) {
      case 'value':
        return this.#inValue();
      case 'string':
        this.#untilQuote('"');
        return false;
      case 'symbol':
        this.#untilQuote("'");
        return false;
      case 'longString':
        this.#untilQuote("'''");
        return false;
      case 'lineComment':
        if (this.#text[this.#at] === '\n') this.#state = 'value';
        this.#at++;
        return false;
      case 'blockComment':
        this.#untilQuote('*/');
        return false;
    }
  }

  #inValue(): boolean {
    const char = this.#text[this.#at];
    const two = this.#text.slice(this.#at, this.#at + 2);
    if (two === (this.#isInLob ? '}}' : '{{')) {
      this.#isInLob = !this.#isInLob;
      return this.#enter('value', 2);
    }
    if (two === '//' && !this.#isInLob) return this.#enter('lineComment', 2);
    if (two === '/*' && !this.#isInLob) return this.#enter('blockComment', 2);
    if (this.#text.startsWith("'''", this.#at)) return this.#enter('longString', 3);
    if (char === '"') return this.#enter('string', 1);
    if (char === "'") return this.#enter('symbol', 1);
    this.#at++;
    if (this.#isInLob) return false;
    if (char === '{' || char === '[' || char === '(') this.#depth++;
    if (char !== '}' && char !== ']' && char !== ')') return false;
    this.#depth--;
    if (this.#depth < 0) throw new MalformedObject(`Invalid Ion: an unexpected ${char}`);
    return this.#depth === 0;
  }

  #enter(state: State, length: number): false {
    this.#state = state;
    this.#at += length;
    return false;
  }

  #untilQuote(quote: string): void {
    if (this.#text[this.#at] === '\\' && quote !== '*/') this.#at += 2;
    else if (this.#text.startsWith(quote, this.#at)) this.#enter('value', quote.length);
    else this.#at++;
  }
}
