import { ItemReader, NOT_PLAIN } from './item-reader.js';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  stringEnd,
} from './json-bytes.js';
import { PackedItem } from './packed-item.js';

/** The operations whose requests carry whole items. */
export type PackedOperation = 'PutItem' | 'BatchWriteItem' | 'TransactWriteItems';

export function isPackedOperation(operation: string): operation is PackedOperation {
  return Object.hasOwn(PLACES, operation);
}

interface Place {
  /** How many objects and lists are open where the items' member stands. */
  readonly depth: number;
  /** Puts the items where their numbers stand in the request. */
  readonly fill: (input: Json, items: readonly PackedItem[]) => void;
}

type Json = Readonly<Record<string, unknown>>;

const PLACES: Readonly<Record<PackedOperation, Place>> = {
  PutItem: { depth: 1, fill: fillMember },
  BatchWriteItem: {
    depth: 5,
    fill: (input, items) => {
      for (const entries of values(input.RequestItems)) {
        for (const entry of values(entries)) if (isJson(entry)) fillMember(entry.PutRequest, items);
      }
    },
  },
  TransactWriteItems: {
    depth: 4,
    fill: (input, items) => {
      for (const entry of values(input.TransactItems)) if (isJson(entry)) fillMember(entry.Put, items);
    },
  },
};

const ITEM = Buffer.from('"Item"');
const reader = new ItemReader();
let rest = Buffer.allocUnsafeSlow(4096);

/**
 * The input of a request to write items, each of which has been read into a {@link PackedItem}; undefined when the
 * request is not as clients usually write it, or is wrong. What is said of such a request, and of one that the
 * operation refuses, is up to JSON.parse and the checks that follow it.
 *
 * The items are read one by one, and what is left of the request, with a number in place of each item, is parsed.
 */
export function readPacked(operation: PackedOperation, body: Buffer): object | undefined {
  const { depth, fill } = PLACES[operation];
  const items: PackedItem[] = [];
  try {
    const input: unknown = JSON.parse(takeItems(body, depth, items));
    if (!isJson(input) || Array.isArray(input)) return undefined;
    fill(input, items);
    return input;
  } catch (error) {
    if (error === NOT_PLAIN || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads the items, which stand in members called Item `place` levels deep, and gives the rest of the request. */
function takeItems(body: Buffer, place: number, items: PackedItem[]): string {
  reader.begin(body);
  // Twice, as the number of an empty item can be longer than the item.
  if (rest.length < body.length * 2) rest = Buffer.allocUnsafeSlow(body.length * 2);
  let written = 0;
  let runStart = 0;
  let depth = 0;
  let at = 0;
  while (at < body.length) {
    const byte = body[at];
    if (byte === QUOTE) {
      const end = stringEnd(body, at);
      const start = depth === place ? itemStart(body, at, end) : -1;
      if (start < 0) {
        at = end;
        continue;
      }
      written += body.copy(rest, written, runStart, start);
      items.push(new PackedItem(reader.read(start), body, start, reader.position));
      at = reader.position;
      runStart = at;
      written += rest.write(String(items.length - 1), written, 'latin1');
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
    at++;
  }
  written += body.copy(rest, written, runStart);
  return rest.toString('utf8', 0, written);
}

/**
 * Where an item begins, if the string from `start` to `end` is the name of its member; -1 if it is not. No other member
 * may be taken for an item: neither one whose name is escaped, nor one that holds no object, like a number.
 */
function itemStart(body: Buffer, start: number, end: number): number {
  const colon = skipSpace(body, end);
  if (body[colon] !== COLON) return -1;
  for (let at = start; at < end; at++) if (body[at] === BACKSLASH) throw NOT_PLAIN;
  if (end - start !== ITEM.length || body.compare(ITEM, 0, ITEM.length, start, end) !== 0) return -1;
  const value = skipSpace(body, colon + 1);
  if (body[value] !== OPEN_BRACE) throw NOT_PLAIN;
  return value;
}

function fillMember(holder: unknown, items: readonly PackedItem[]): void {
  if (!isJson(holder) || typeof holder.Item !== 'number') return;
  (holder as { Item: unknown }).Item = items[holder.Item];
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function values(collection: unknown): unknown[] {
  return isJson(collection) ? Object.values(collection) : [];
}
