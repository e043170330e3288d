import { StoredItem } from './stored-item.js';

/**
 * An operation's output as JSON in UTF-8. Stored items are copied in as bytes wherever operations put them: as a
 * member (`Item`, `Attributes`), in a list (`Items`), or in lists by table (`Responses`).
 */
export function encodeOutput(output: object): Buffer {
  const pieces = new Pieces();
  if (output instanceof StoredItem) pieces.add(output);
  else addMembers(pieces, output, 2);
  return pieces.join();
}

function addMembers(pieces: Pieces, value: object, depth: number): void {
  let separator = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    pieces.addText(`${separator}${JSON.stringify(name)}:`);
    addValue(pieces, member, depth - 1);
    separator = ',';
  }
  pieces.addText(separator === '{' ? '{}' : '}');
}

function addValue(pieces: Pieces, value: unknown, depth: number): void {
  if (value instanceof StoredItem) pieces.add(value);
  else if (Array.isArray(value) && value.some(isStored)) addList(pieces, value);
  else if (depth > 0 && isPlainObject(value) && Object.values(value).some(isList)) addMembers(pieces, value, depth);
  else pieces.addText(JSON.stringify(value) ?? 'null');
}

function addList(pieces: Pieces, values: readonly unknown[]): void {
  let separator = '[';
  for (const value of values) {
    pieces.addText(separator);
    if (value instanceof StoredItem) pieces.add(value);
    else pieces.addText(JSON.stringify(value) ?? 'null');
    separator = ',';
  }
  pieces.addText(']');
}

function isStored(value: unknown): boolean {
  return value instanceof StoredItem;
}

function isList(value: unknown): boolean {
  return Array.isArray(value);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text and stored items in order; neighbouring texts are kept as one. */
class Pieces {
  readonly #pieces: (string | StoredItem)[] = [];
  #text = '';
  #length = 0;

  addText(text: string): void {
    this.#text += text;
  }

  add(item: StoredItem): void {
    this.#closeText();
    this.#pieces.push(item);
    this.#length += item.jsonLength;
  }

  join(): Buffer {
    if (this.#pieces.length === 0) return Buffer.from(this.#text);
    this.#closeText();
    const target = Buffer.allocUnsafe(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      at = typeof piece === 'string' ? at + target.write(piece, at) : piece.copyJson(target, at);
    }
    return target;
  }

  #closeText(): void {
    if (this.#text === '') return;
    this.#pieces.push(this.#text);
    this.#length += Buffer.byteLength(this.#text);
    this.#text = '';
  }
}
