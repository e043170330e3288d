import { ServiceError } from './service-error.js';
import { setOwn } from './set-own.js';
import type { ListShape, MapShape, Member, Shape } from './shape.js';

/** How a self-describing format (JSON, CBOR) shows the types that are its own. */
export interface TreeSource {
  memberKey(member: Member): string;
  /** Each gives undefined when the value is of another type. */
  readBlob(value: unknown): Uint8Array | undefined;
  readTimestamp(value: unknown): Date | undefined;
  readNumber(value: unknown): number | undefined;
  readBigInteger(value: unknown): bigint | undefined;
  readDocument(value: unknown): unknown;
}

const maximumDepth = 500;

const typeNames: Partial<Record<Shape['kind'], string>> = {
  string: 'String',
  boolean: 'Boolean',
  number: 'Number',
  bigInteger: 'BigInteger',
  bigDecimal: 'BigDecimal',
  blob: 'Blob',
  timestamp: 'Timestamp',
};

/** The SDK's value of a parsed JSON or CBOR value. Throws SerializationException when a type is not the model's. */
export function readTree(shape: Shape, value: unknown, source: TreeSource, depth = 0): unknown {
  if (depth > maximumDepth) throw serializationError('Request is nested too deeply');
  switch (shape.kind) {
    case 'structure':
    case 'union':
      return readTreeMembers(shape.members, value, source, depth + 1);
    case 'list':
      return readList(shape, value, source, depth + 1);
    case 'map':
      return readMap(shape, value, source, depth + 1);
    case 'document':
      return source.readDocument(value);
    case 'unit':
      return {};
    default:
      return readSimple(shape.kind, value, source);
  }
}

/** The error of AWS's JSON and CBOR services for a body that cannot be read. */
export function serializationError(message: string): ServiceError {
  return new ServiceError('SerializationException', message, { httpStatus: 400 });
}

function readSimple(kind: Shape['kind'], value: unknown, source: TreeSource): unknown {
  const read = simpleValue(kind, value, source);
  if (read !== undefined) return read;
  if (typeof value === 'object') throw misplaced(value);
  throw serializationError(`${tokenName(value)} can not be converted to ${article(typeNames[kind] ?? kind)}`);
}

function simpleValue(kind: Shape['kind'], value: unknown, source: TreeSource): unknown {
  switch (kind) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'blob':
      return source.readBlob(value);
    case 'timestamp':
      return source.readTimestamp(value);
    case 'bigInteger':
      return source.readBigInteger(value);
    default:
      return source.readNumber(value);
  }
}

/** The given members of a structure. */
export function readTreeMembers(
  members: readonly Member[],
  value: unknown,
  source: TreeSource,
  depth = 0,
): Record<string, unknown> {
  const record = asRecord(value);
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const key = source.memberKey(member);
    const given = Object.hasOwn(record, key) ? record[key] : undefined;
    if (given !== undefined && given !== null)
      setOwn(result, member.name, readTree(member.shape, given, source, depth));
  }
  return result;
}

function readList(shape: ListShape, value: unknown, source: TreeSource, depth: number): unknown[] {
  if (!Array.isArray(value)) throw misplaced(value);
  const result: unknown[] = [];
  for (const item of value) {
    if (item !== null && item !== undefined) result.push(readTree(shape.member.shape, item, source, depth));
    else if (shape.traits.sparse !== undefined) result.push(null);
  }
  return result;
}

function readMap(shape: MapShape, value: unknown, source: TreeSource, depth: number): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(asRecord(value))) {
    if (item !== null && item !== undefined) setOwn(result, key, readTree(shape.value.shape, item, source, depth));
    else if (shape.traits.sparse !== undefined) setOwn(result, key, null);
  }
  return result;
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw misplaced(value);
  }
  return value as Record<string, unknown>;
}

function misplaced(value: unknown): ServiceError {
  if (Array.isArray(value)) return serializationError('Start of list found where not expected');
  if (typeof value === 'object') return serializationError('Start of structure or map found where not expected.');
  return serializationError('Unexpected field type');
}

function tokenName(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof value === 'string' ? 'STRING_VALUE' : 'NUMBER_VALUE';
}

function article(noun: string): string {
  return /^[AEIOU]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}
