import { DynamoError } from '../errors.js';
import { base64Fault } from './base64.js';
import { flagOf } from './flag.js';

/**
 * What DynamoDB's protocol layer refuses before any validation: JSON values of the wrong type. The words are those that
 * DynamoDB answers (recorded against AWS by the test suites of public emulators). A null counts as absent.
 */

const ATTRIBUTE_VALUE = 'com.amazonaws.dynamodb.v20120810.AttributeValue';

function serializationError(message: string): DynamoError {
  return new DynamoError('SerializationException', message);
}

/** How deep within an attribute value a check works; calls nest as values do, so the walk must end. */
type Check = (raw: unknown, depth: number) => void;

/** The value layer refuses what is nested deeper than 32 levels, so nothing beyond this depth is ever read. */
const MAX_WALK_DEPTH = 500;

const MEMBER_CHECKS: Readonly<Record<string, Check>> = {
  S: assertStringShape,
  N: assertStringShape,
  B: assertBlob,
  BOOL: assertBoolean,
  NULL: assertBoolean,
  SS: (raw, depth) => assertList(raw, assertStringShape, depth),
  NS: (raw, depth) => assertList(raw, assertStringShape, depth),
  BS: (raw, depth) => assertList(raw, assertBlob, depth),
  L: (raw, depth) => assertList(raw, assertAttributeValueShape, depth),
  M: assertAttributeMapShape,
};

/** Throws SerializationException when `raw` cannot be read as a map of attribute values. */
export function assertAttributeMapShape(raw: unknown, depth = 0): void {
  assertMapShape(raw, ATTRIBUTE_VALUE, assertAttributeValueShape, depth);
}

/** Throws SerializationException when `raw` cannot be read as a map of strings. */
export function assertStringMapShape(raw: unknown): void {
  assertMapShape(raw, 'java.lang.String', assertStringShape, 0);
}

function assertMapShape(raw: unknown, elementClass: string, checkElement: Check, depth: number): void {
  if (raw === null || raw === undefined) return;
  if (typeof raw !== 'object') throw serializationError('Unexpected field type');
  if (Array.isArray(raw)) {
    throw serializationError(`Unrecognized collection type java.util.Map<java.lang.String, ${elementClass}>`);
  }
  for (const element of Object.values(raw)) checkElement(element, depth);
}

/** Throws SerializationException when `raw` cannot be read as an attribute value. */
export function assertAttributeValueShape(raw: unknown, depth = 0): void {
  if (raw === null || raw === undefined || depth > MAX_WALK_DEPTH) return;
  if (typeof raw !== 'object') throw serializationError('Unexpected value type in payload');
  if (Array.isArray(raw)) throw serializationError(`Unrecognized collection type class ${ATTRIBUTE_VALUE}`);
  for (const [name, member] of Object.entries(raw)) {
    if (Object.hasOwn(MEMBER_CHECKS, name)) MEMBER_CHECKS[name]?.(member, depth + 1);
  }
}

function assertList(raw: unknown, checkElement: Check, depth: number): void {
  if (raw === null || raw === undefined) return;
  if (typeof raw !== 'object') throw serializationError('Unexpected field type');
  if (!Array.isArray(raw)) throw serializationError('Start of structure or map found where not expected');
  for (const element of raw) checkElement(element, depth);
}

/** Throws SerializationException when `raw` cannot be read as a string. */
export function assertStringShape(raw: unknown): void {
  if (typeof raw === 'string' || raw === null || raw === undefined) return;
  assertScalar(raw, 'java.lang.String');
  throw serializationError(`${tokenName(raw)} cannot be converted to String`);
}

function assertBoolean(raw: unknown): void {
  if (typeof raw === 'boolean' || raw === null || raw === undefined) return;
  assertScalar(raw, 'java.lang.Boolean');
  if (typeof raw !== 'string') throw serializationError(`${tokenName(raw)} cannot be converted to Boolean`);
  if (flagOf(raw) === undefined) throw serializationError('Unexpected token received from parser');
}

function assertBlob(raw: unknown): void {
  if (raw === null || raw === undefined) return;
  assertScalar(raw, 'java.nio.ByteBuffer');
  if (typeof raw !== 'string') throw serializationError('only base-64-encoded strings are convertible to bytes');
  const fault = base64Fault(raw);
  if (fault !== undefined) throw serializationError(fault);
}

function assertScalar(raw: unknown, expectedClass: string): void {
  if (Array.isArray(raw)) throw serializationError(`Unrecognized collection type class ${expectedClass}`);
  if (typeof raw === 'object') throw serializationError('Start of structure or map found where not expected');
}

function tokenName(raw: unknown): string {
  if (typeof raw === 'boolean') return raw ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return Number.isInteger(raw) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}
