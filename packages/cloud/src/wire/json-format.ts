import type { Member, Shape } from './shape.js';
import { concreteFormat, formatTimestamp, parseTimestamp } from './timestamp.js';
import { serializationError, type TreeSource } from './tree-reader.js';
import type { TreeTarget } from './tree-writer.js';

const base64Pattern = /^[A-Za-z0-9+/]*={0,2}$/;

/** Numbers that JSON cannot write are text in AWS's JSON. */
const namedNumbers: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** JSON as AWS's RPC services write it: members by their own names. */
export const rpcJson: TreeSource & TreeTarget = {
  memberKey: (member) => member.name,
  readBlob: (value) =>
    typeof value === 'string' && base64Pattern.test(value) ? new Uint8Array(Buffer.from(value, 'base64')) : undefined,
  readTimestamp: (value) =>
    typeof value === 'number' || typeof value === 'string' ? parseTimestamp(String(value)) : undefined,
  readNumber: (value) => (typeof value === 'number' ? value : namedNumbers.get(value)),
  readBigInteger: (value) => (Number.isSafeInteger(value) ? BigInt(value as number) : undefined),
  readDocument: (value) => value,
  writeBlob: (value) => Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64'),
  writeTimestamp,
  writeNumber: (value) => (Number.isFinite(value) ? value : String(value)),
};

/** JSON as REST services write it: a member may have another name in JSON. */
export const restJsonFormat: TreeSource & TreeTarget = {
  ...rpcJson,
  memberKey: (member: Member) => member.ownTraits.jsonName ?? member.name,
};

/** Parses a request's JSON; an empty body counts as `{}`. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw serializationError('Could not parse the request body as JSON');
  }
}

function writeTimestamp(value: Date, shape: Shape): unknown {
  const format = concreteFormat(shape.kind === 'timestamp' ? shape.format : 'default', 'epoch-seconds');
  return format === 'epoch-seconds' ? value.getTime() / 1000 : formatTimestamp(value, format);
}
