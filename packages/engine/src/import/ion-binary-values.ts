import { MalformedObject } from './malformed-object.js';

// Cuts a stream of binary Ion into its top-level values
// (https://amazon-ion.github.io/ion-docs/docs/binary.html). A value needs the symbol tables before it, which are small
// and come with it.

const MARKER_BYTES = 4;
const MARKER_BYTE = 0xe0;
const STRUCT = 13;
const ANNOTATION = 14;
const BOOL = 1;
/** `$ion_symbol_table` in the system's own symbol table. */
const SYMBOL_TABLE_SYMBOL = 3;
/** More than any item takes, or a list of as many as AWS's example shows. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

export async function* binaryIonValues(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  let tables: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = valueEnd(rest, at); end !== undefined && end <= rest.length; end = valueEnd(rest, at)) {
      const value = rest.subarray(at, end);
      at = end;
      if (value[0] === MARKER_BYTE) tables = value;
      else if (isSymbolTable(value)) tables = Buffer.concat([tables, value]);
      else if (!isPadding(value)) yield Buffer.concat([tables, value]);
    }
    // A copy, so that the chunk can go.
    rest = Buffer.from(rest.subarray(at));
    if (rest.length > MAX_VALUE_BYTES) throw new MalformedObject(`A value is longer than ${MAX_VALUE_BYTES} bytes`);
  }
  if (rest.length > 0) throw new MalformedObject('Invalid Ion: the object ends in the middle of a value');
}

/** Where the value at `at` ends; undefined when too few bytes are there to tell. */
function valueEnd(bytes: Buffer, at: number): number | undefined {
  const head = bytes[at];
  if (head === undefined) return undefined;
  if (head === MARKER_BYTE) return at + MARKER_BYTES;
  const type = head >>> 4;
  const length = head & 15;
  if (type === BOOL || length === 15) return at + 1;
  // A struct of length 1 has sorted fields, and its length follows.
  if (length !== 14 && !(type === STRUCT && length === 1)) return at + 1 + length;
  const given = variableUnsigned(bytes, at + 1);
  return given && given.end + given.value;
}

function variableUnsigned(bytes: Buffer, from: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    value = value * 128 + (byte & 127);
    if (value > MAX_VALUE_BYTES) throw new MalformedObject(`A value is longer than ${MAX_VALUE_BYTES} bytes`);
    if (byte >= 128) return { value, end: at + 1 };
  }
  return undefined;
}

function isSymbolTable(value: Buffer): boolean {
  const head = value[0] ?? 0;
  if (head >>> 4 !== ANNOTATION) return false;
  const body = (head & 15) === 14 ? (variableUnsigned(value, 1)?.end ?? 1) : 1;
  const annotations = variableUnsigned(value, body);
  return annotations !== undefined && variableUnsigned(value, annotations.end)?.value === SYMBOL_TABLE_SYMBOL;
}

/** A null of a length is padding. */
function isPadding(value: Buffer): boolean {
  const head = value[0] ?? 0;
  return head >>> 4 === 0 && (head & 15) !== 15;
}
