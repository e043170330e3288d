import { setOwn } from './set-own.js';
import type { Member, Shape, StructureShape } from './shape.js';

/** How a self-describing format (JSON, CBOR) writes the types that are its own. */
export interface TreeTarget {
  memberKey(member: Member): string;
  writeBlob(value: Uint8Array): unknown;
  writeTimestamp(value: Date, shape: Shape): unknown;
  writeNumber(value: number): unknown;
}

/** The JSON or CBOR value of an SDK value; absent members are left out. */
export function writeTree(shape: Shape, value: unknown, target: TreeTarget): unknown {
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return writeStructure(shape, value as Record<string, unknown>, target);
    case 'list': {
      const sparse = shape.traits.sparse !== undefined;
      return (value as unknown[])
        .filter((item) => sparse || isPresent(item))
        .map((item) => (isPresent(item) ? writeTree(shape.member.shape, item, target) : null));
    }
    case 'map': {
      const result: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value as Record<string, unknown>)) {
        if (isPresent(item)) setOwn(result, key, writeTree(shape.value.shape, item, target));
        else if (shape.traits.sparse !== undefined) setOwn(result, key, null);
      }
      return result;
    }
    case 'blob':
      return target.writeBlob(toBytes(value));
    case 'timestamp':
      return target.writeTimestamp(toDate(value), shape);
    case 'number':
      return typeof value === 'number' ? target.writeNumber(value) : value;
    default:
      return value;
  }
}

/** Writes the given members of a structure, e.g. those that no header carries. */
export function writeStructure(
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  target: TreeTarget,
  members: readonly Member[] = shape.members,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const item = value[member.name];
    if (isPresent(item)) setOwn(result, target.memberKey(member), writeTree(member.shape, item, target));
  }
  return result;
}

export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The bytes of a blob; text stands for its UTF-8 bytes. */
export function toBytes(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  throw new TypeError('a blob must be a Uint8Array or a string');
}

export function toDate(value: unknown): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  throw new TypeError('a timestamp must be a valid Date');
}
