import { binaryIonValues } from './ion-binary-values.js';
import { textIonValues } from './ion-text-values.js';
import { ionAttributes } from './ion-values.js';
import { MalformedObject, messageOf } from './malformed-object.js';

/** A binary stream begins with this version marker. */
const BINARY_MARKER = Buffer.from([0xe0, 0x01, 0x00, 0xea]);

/**
 * Amazon Ion, text or binary: structs with a field Item, one after another or in a list. Values are cut out of the
 * stream one by one, so that no more than one is in memory.
 */
export async function* readIon(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  const { makeReader } = await import('ion-js');
  const { isBinary, all } = await peek(chunks);
  for await (const bytes of isBinary ? binaryIonValues(all) : textIonValues(all)) {
    try {
      yield* itemsOf(makeReader(bytes));
    } catch (error) {
      if (error instanceof MalformedObject) throw error;
      throw new MalformedObject(`Invalid Ion: ${messageOf(error)}`);
    }
  }
}

function itemsOf(reader: import('ion-js').Reader): unknown[] {
  const items: unknown[] = [];
  while (reader.next() !== null) {
    if (reader.type()?.name !== 'list') {
      items.push(itemOf(reader));
      continue;
    }
    reader.stepIn();
    while (reader.next() !== null) items.push(itemOf(reader));
    reader.stepOut();
  }
  return items;
}

function itemOf(reader: import('ion-js').Reader): unknown {
  if (reader.type()?.name !== 'struct' || reader.isNull()) {
    throw new MalformedObject('Invalid Ion: a value that is no struct with an Item');
  }
  let item: unknown;
  reader.stepIn();
  while (reader.next() !== null) {
    if (reader.fieldName() === 'Item' && reader.type()?.name === 'struct') item = ionAttributes(reader);
  }
  reader.stepOut();
  if (item === undefined) throw new MalformedObject('Invalid Ion: a struct has no Item');
  return item;
}

/** Looks at the first bytes, and hands on all of them. */
async function peek(chunks: AsyncIterable<Uint8Array>): Promise<{ isBinary: boolean; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < BINARY_MARKER.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    seen.push(next.value);
    bytes += next.value.length;
  }
  const isBinary = Buffer.concat(seen).subarray(0, BINARY_MARKER.length).equals(BINARY_MARKER);
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* seen;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  return { isBinary, all: all() };
}
