import { Slab } from '@tablewright/base';
import { JsonItem } from './json-item.js';

/** The output of an operation that has none in the API model: its answer has no body at all. */
export const NO_OUTPUT: Record<string, never> = Object.freeze({});

/** Where the memory for an answer comes from, uninitialised. */
export interface AnswerMemory {
  allocate(sizeBytes: number): Buffer;
}

/**
 * An operation's output as JSON in UTF-8. Items in JSON are copied in as bytes wherever operations put them: as a
 * member (`Item`, `Attributes`), in a list (`Items`), in lists by table (`Responses`), or as members of the answers in a
 * list (`Responses` of transactions, `SearchResults`).
 */
export function encodeOutput(output: object, memory: AnswerMemory = slab): Buffer {
  if (output === NO_OUTPUT) return NO_BODY;
  const names = Object.keys(output);
  if (names.length === 1 && 'Item' in output && output.Item instanceof JsonItem)
    return encodeLoneItem(output.Item, memory);
  const pieces = new Pieces();
  addMembers(pieces, output, true);
  return pieces.join(memory);
}

const NO_BODY = Buffer.alloc(0);
const slab = new Slab();
const LONE_ITEM = Buffer.from('{"Item":');

/** GetItem's usual output, and the most frequent of all. */
function encodeLoneItem(item: JsonItem, memory: AnswerMemory): Buffer {
  const target = memory.allocate(LONE_ITEM.length + item.jsonLength + 1);
  target.set(LONE_ITEM);
  target[item.copyJson(target, LONE_ITEM.length)] = CLOSE_BRACE;
  return target;
}

function addMembers(pieces: Pieces, value: object, hasTables: boolean): void {
  let separator = '{';
  for (const name of Object.keys(value)) {
    const member: unknown = value[name as keyof typeof value];
    if (member === undefined) continue;
    pieces.addText(`${separator}${JSON.stringify(name)}:`);
    if (member instanceof JsonItem) pieces.addItem(member);
    else if (isItemList(member)) pieces.addList(member);
    else if (hasTables && ANSWERS.has(name) && isObject(member)) addResponses(pieces, member);
    else pieces.addText(JSON.stringify(member));
    separator = ',';
  }
  pieces.addText(separator === '{' ? '{}' : '}');
}

const ANSWERS: ReadonlySet<string> = new Set(['Responses', 'SearchResults']);

/** By table in BatchGetItem; a list of answers in transactions and searches. */
function addResponses(pieces: Pieces, responses: object): void {
  if (!Array.isArray(responses)) {
    addMembers(pieces, responses, false);
    return;
  }
  pieces.addText('[');
  for (const [at, response] of responses.entries()) {
    if (at > 0) pieces.addText(',');
    addMembers(pieces, response as object, false);
  }
  pieces.addText(']');
}

/** Operations give either such items alone or none: the first tells. */
function isItemList(value: unknown): value is readonly JsonItem[] {
  return Array.isArray(value) && value[0] instanceof JsonItem;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const COMMA = 44;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const CLOSE_BRACE = 125;

/** Texts, items and lists of them, in order; neighbouring texts are kept as one. */
class Pieces {
  readonly #pieces: (string | JsonItem | readonly JsonItem[])[] = [];
  #text = '';
  #length = 0;

  addText(text: string): void {
    this.#text += text;
  }

  addItem(item: JsonItem): void {
    this.#closeText();
    this.#pieces.push(item);
    this.#length += item.jsonLength;
  }

  /** `items` must not be empty. */
  addList(items: readonly JsonItem[]): void {
    this.#closeText();
    this.#pieces.push(items);
    this.#length += items.length + 1;
    for (const item of items) this.#length += item.jsonLength;
  }

  join(memory: AnswerMemory): Buffer {
    if (this.#pieces.length === 0) return Buffer.from(this.#text);
    this.#closeText();
    const target = memory.allocate(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      if (typeof piece === 'string') at += target.write(piece, at);
      else if (piece instanceof JsonItem) at = piece.copyJson(target, at);
      else at = copyList(piece, target, at);
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

function copyList(items: readonly JsonItem[], target: Buffer, start: number): number {
  let at = start;
  for (const item of items) {
    target[at] = at === start ? OPEN_BRACKET : COMMA;
    at = item.copyJson(target, at + 1);
  }
  target[at] = CLOSE_BRACKET;
  return at + 1;
}
