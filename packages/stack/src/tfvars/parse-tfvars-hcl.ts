// The literal part of HCL as *.tfvars files use it: the native syntax specification of HCL 2
// (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md) without operators, templates,
// references and functions, which Terraform refuses in tfvars or which no variable needs.
import { readHeredoc, readQuotedString } from './hcl-strings.js';
import { SourceText } from './source-text.js';
import type { TfvarsEntry, TfvarsNode } from './tfvars-node.js';

const LITERALS_ONLY =
  'A tfvars file holds literal values only: strings, numbers, true, false, null, [lists] and { maps }.';
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;
const NUMBER = /-?(?:0|[1-9][0-9]*|0[0-9]+)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const BLANKS = /[ \t\r]+/y;
const LINE_COMMENT = /(?:#|\/\/)[^\n]*/y;
/** Deeper nesting than any item has (DynamoDB takes 32 levels); stops a file made to exhaust the stack. */
const MAX_DEPTH = 200;

/** Reads a whole `*.tfvars` file. Throws a UserError that shows the place of the first mistake. */
export function parseTfvarsHcl(name: string, text: string): readonly TfvarsEntry[] {
  return new HclReader(new SourceText(name, text)).file();
}

/** Reads one value, as in `-var 'tags={a="b"}'` or TF_VAR_tags. */
export function parseHclValue(name: string, text: string): TfvarsNode {
  return new HclReader(new SourceText(name, text)).soleValue();
}

class HclReader {
  #depth = 0;

  constructor(private readonly source: SourceText) {}

  file(): readonly TfvarsEntry[] {
    const entries: TfvarsEntry[] = [];
    const seen = new Map<string, number>();
    for (;;) {
      this.skip({ newlines: true });
      if (this.source.ended) return entries;
      const entry = this.attribute();
      const earlier = seen.get(entry.key);
      if (earlier !== undefined) {
        const message = `"${entry.key}" is set twice, first in line ${earlier}`;
        throw this.source.error(message, 'Keep one of the two lines.', entry.at);
      }
      seen.set(entry.key, entry.at.line);
      entries.push(entry);
    }
  }

  soleValue(): TfvarsNode {
    this.skip({ newlines: true });
    const value = this.value();
    this.skip({ newlines: true });
    if (!this.source.ended) throw this.unexpected('after the value');
    return value;
  }

  private attribute(): TfvarsEntry {
    const at = this.source.position();
    const key = this.source.match(IDENTIFIER)?.[0];
    if (key === undefined) throw this.unexpected('where a variable name is expected');
    this.skip({ newlines: false });
    if (this.source.peek() !== '=' || this.source.peek(1) === '=') {
      const found = this.source.peek();
      const message = found === '{' ? `"${key}" opens a block` : `"=" is missing after "${key}"`;
      throw this.source.error(message, `Write ${key} = followed by its value.`);
    }
    this.source.advance();
    this.skip({ newlines: false });
    const value = this.value();
    this.skip({ newlines: false });
    if (!this.source.ended && this.source.peek() !== '\n') throw this.unexpected('after the value');
    return { key, at, value };
  }

  private value(): TfvarsNode {
    const at = this.source.position();
    const next = this.source.peek();
    if (next === '"') return { kind: 'string', at, value: readQuotedString(this.source) };
    if (next === '[') return this.nested(() => this.tuple());
    if (next === '{') return this.nested(() => this.object());
    if (this.source.startsWith('<<')) return { kind: 'string', at, value: readHeredoc(this.source) };
    if (/[-0-9]/.test(next)) return this.number();
    if (next === '' || next === '\n') throw this.source.error('a value is missing here', LITERALS_ONLY, at);
    return this.keyword();
  }

  private nested(read: () => TfvarsNode): TfvarsNode {
    if (++this.#depth > MAX_DEPTH) {
      throw this.source.error(`lists and maps are nested more than ${MAX_DEPTH} deep`, 'Flatten the value.');
    }
    const value = read();
    this.#depth -= 1;
    return value;
  }

  private number(): TfvarsNode {
    const at = this.source.position();
    const text = this.source.match(NUMBER)?.[0];
    if (text === undefined || /[\p{ID_Continue}.]/u.test(this.source.peek())) {
      throw this.source.error('this is no number', 'Write a number such as 5, -1 or 0.5, or put text in quotes.', at);
    }
    return { kind: 'number', at, value: Number(text), text };
  }

  private keyword(): TfvarsNode {
    const at = this.source.position();
    const word = this.source.match(IDENTIFIER)?.[0];
    if (word === undefined) throw this.unexpected('where a value is expected');
    this.skip({ newlines: false });
    const follows = this.source.peek();
    if (follows === '(') throw this.source.error(`${word}(…) calls a function`, LITERALS_ONLY, at);
    if (follows === '.' || follows === '[') {
      throw this.source.error(`${word} refers to another value`, LITERALS_ONLY, at);
    }
    if (word === 'true' || word === 'false') return { kind: 'bool', at, value: word === 'true' };
    if (word === 'null') return { kind: 'null', at };
    throw this.source.error(`${word} is no literal value`, `If it is text, put it in quotes: "${word}".`, at);
  }

  private tuple(): TfvarsNode {
    const at = this.source.position();
    this.source.advance();
    const elements: TfvarsNode[] = [];
    for (;;) {
      this.skip({ newlines: true });
      if (this.closes(']', at, 'list')) return { kind: 'tuple', at, elements };
      if (elements.length === 0) this.refuseFor();
      elements.push(this.value());
      this.skip({ newlines: true });
      if (this.closes(']', at, 'list')) return { kind: 'tuple', at, elements };
      if (this.source.peek() !== ',')
        throw this.unexpected('between two elements of a list, where a comma is expected');
      this.source.advance();
    }
  }

  private object(): TfvarsNode {
    const at = this.source.position();
    this.source.advance();
    const entries: TfvarsEntry[] = [];
    const seen = new Set<string>();
    for (;;) {
      this.skip({ newlines: true });
      if (this.closes('}', at, 'map')) return { kind: 'object', at, entries };
      if (entries.length === 0) this.refuseFor();
      const entry = this.objectEntry();
      if (seen.has(entry.key)) {
        throw this.source.error(`the key "${entry.key}" is given twice in this map`, 'Keep one of the two.', entry.at);
      }
      seen.add(entry.key);
      entries.push(entry);
      this.skip({ newlines: false });
      if (this.closes('}', at, 'map')) return { kind: 'object', at, entries };
      if (this.source.peek() === ',') this.source.advance();
      else if (this.source.peek() !== '\n') {
        throw this.unexpected('between two entries of a map, where a comma or a new line is expected');
      }
    }
  }

  private objectEntry(): TfvarsEntry {
    const at = this.source.position();
    const key = this.objectKey();
    this.skip({ newlines: false });
    if (this.source.peek() !== '=' && this.source.peek() !== ':') {
      throw this.source.error(`"=" is missing after the key "${key}"`, `Write ${key} = followed by its value.`);
    }
    this.source.advance();
    this.skip({ newlines: true });
    return { key, at, value: this.value() };
  }

  private objectKey(): string {
    if (this.source.peek() === '"') return readQuotedString(this.source);
    const word = this.source.match(IDENTIFIER)?.[0] ?? this.source.match(NUMBER)?.[0];
    if (word === undefined) throw this.unexpected('where a key is expected');
    return word;
  }

  /** Steps over `bracket` when it is next; fails at the end of the source, naming where the list or map began. */
  private closes(bracket: string, opened: { line: number; column: number }, what: string): boolean {
    if (this.source.ended) {
      throw this.source.error(`this ${what} is never closed`, `Add the missing "${bracket}".`, opened);
    }
    if (this.source.peek() !== bracket) return false;
    this.source.advance();
    return true;
  }

  private refuseFor(): void {
    if (/^for[ \t\r\n]/.test(this.source.text.slice(this.source.offset, this.source.offset + 4))) {
      throw this.source.error('"for" computes a value', LITERALS_ONLY);
    }
  }

  private skip({ newlines }: { newlines: boolean }): void {
    for (;;) {
      if (this.source.match(BLANKS) !== null || this.source.match(LINE_COMMENT) !== null) continue;
      if (this.source.startsWith('/*')) this.skipBlockComment();
      else if (newlines && this.source.peek() === '\n') this.source.advance();
      else return;
    }
  }

  private skipBlockComment(): void {
    const end = this.source.text.indexOf('*/', this.source.offset + 2);
    if (end < 0) throw this.source.error('this comment is never closed', 'Add the missing "*/".');
    this.source.advance(end + 2 - this.source.offset);
  }

  private unexpected(where: string) {
    const found = this.source.ended ? 'the end of the text' : JSON.stringify(this.source.peek());
    return this.source.error(`${found} stands ${where}`, LITERALS_ONLY);
  }
}
