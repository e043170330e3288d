import type { Reader } from 'ion-js';
import type { InputRecord } from './input-record.js';
import { binaryIonValues } from './ion-binary-values.js';
import { textIonValues } from './ion-text-values.js';
import { ionAttributes, ionTexts } from './ion-values.js';
import { MalformedObject, messageOf } from './malformed-object.js';

/** A binary stream begins with this version marker. */
const BINARY_MARKER = Buffer.from([0xe0, 0x01, 0x00, 0xea]);

/**
 * Amazon Ion, text or binary: structs with a field Item, one after another or in a list. Values are cut out of the
 * stream one by one, so that no more than one is in memory.
 */
export async function* readIon(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<InputRecord> {
  const { makeReader } = await import('ion-js');
  const { isBinary, all } = await peek(chunks);
  for await (const bytes of isBinary ? binaryIonValues(all) : textIonValues(all)) {
    try {
      yield* recordsOf(makeReader(bytes));
    } catch (error) {
      if (error instanceof MalformedObject) throw error;
      throw new MalformedObject(`Invalid Ion: ${messageOf(error)}`);
    }
  }
}

function recordsOf(reader: Reader): InputRecord[] {
  const records: InputRecord[] = [];
  while (reader.next() !== null) {
    if (reader.type()?.name !== 'list') {
      records.push(recordOf(reader));
      continue;
    }
    reader.stepIn();
    while (reader.next() !== null) records.push(recordOf(reader));
    reader.stepOut();
  }
  return records;
}

function recordOf(reader: Reader): InputRecord {
  if (reader.type()?.name !== 'struct' || reader.isNull()) {
    throw new MalformedObject('Invalid Ion: a value that is no struct with an Item');
  }
  const members: Record<string, unknown> = {};
  reader.stepIn();
  while (reader.next() !== null) readMember(reader, members);
  reader.stepOut();
  const { Item, ...others } = members;
  if (Item === undefined) throw new MalformedObject('Invalid Ion: a struct has no Item');
  return { Item, ...others };
}

function readMember(reader: Reader, members: Record<string, unknown>): void {
  const name = reader.fieldName();
  const isStruct = reader.type()?.name === 'struct' && !reader.isNull();
  switch (name) {
    case 'Item':
    case 'ExpressionAttributeValues':
      if (isStruct) members[name] = ionAttributes(reader);
      break;
    case 'ExpressionAttributeNames':
      if (isStruct) members[name] = ionTexts(reader);
      break;
    case 'ConditionExpression':
      if (reader.type()?.name === 'string' && !reader.isNull()) members[name] = reader.stringValue();
      break;
    default:
  }
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
