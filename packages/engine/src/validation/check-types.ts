import { DynamoError } from '../errors.js';
import type { Shape, StructureShape } from './shape.js';

/**
 * The first of AWS's two passes over an input: JSON types, SerializationException at the first that does not fit.
 * Unknown members and nulls are dropped. Returns `value` itself when there is nothing to drop.
 */
export function checkTypes(value: unknown, shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : fail(value, 'String');
    case 'boolean':
      return typeof value === 'boolean' ? value : fail(value, 'Boolean');
    case 'Integer':
    case 'Long':
      if (typeof value !== 'number') fail(value, shape.kind);
      return Number.isInteger(value) ? value : Math.trunc(value as number);
    case 'Double':
    case 'Timestamp':
      return typeof value === 'number' ? value : fail(value, shape.kind === 'Double' ? 'Double' : 'Date');
    case 'opaque':
      return isObject(value) ? value : failContainer(value, 'map');
    case 'list':
      if (!Array.isArray(value)) failContainer(value, 'list');
      return checkList(value as unknown[], shape.member);
    case 'map':
      if (!isObject(value)) failContainer(value, 'map');
      return checkMap(value as Record<string, unknown>, shape.value);
    case 'structure':
      if (!isObject(value)) failContainer(value, 'structure');
      return checkStructure(value as Record<string, unknown>, shape);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkList(values: unknown[], member: Shape): unknown[] {
  let result = values;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    const checked = value === null ? null : checkTypes(value, member);
    if (checked === value) continue;
    if (result === values) result = [...values];
    result[at] = checked;
  }
  return result;
}

function checkMap(values: Record<string, unknown>, shape: Shape): Record<string, unknown> {
  let result = values;
  for (const [key, value] of Object.entries(values)) {
    const checked = value === null ? null : checkTypes(value, shape);
    if (checked === value) continue;
    if (result === values) result = { ...values };
    result[key] = checked;
  }
  return result;
}

function checkStructure(value: Record<string, unknown>, shape: StructureShape): Record<string, unknown> {
  let result = value;
  for (const member of shape.members) {
    const given = value[member.name];
    if (given === undefined) continue;
    const checked = given === null ? undefined : checkTypes(given, member.shape);
    if (checked === given) continue;
    if (result === value) result = { ...value };
    if (checked === undefined) delete result[member.name];
    else result[member.name] = checked;
  }
  return result;
}

/** A scalar of another JSON type. The names are those of the parser's tokens (Coral's JSON unmarshaller). */
function fail(value: unknown, expected: string): never {
  if (Array.isArray(value)) throw serializationError('Start of list found where not expected');
  if (isObject(value)) throw serializationError('Start of structure or map found where not expected');
  throw serializationError(`${token(value)} cannot be converted to ${expected}`);
}

function token(value: unknown): string {
  if (value === true) return 'TRUE_VALUE';
  if (value === false) return 'FALSE_VALUE';
  if (typeof value === 'string') return 'STRING_VALUE';
  return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}

function failContainer(value: unknown, expected: 'list' | 'map' | 'structure'): never {
  if (Array.isArray(value)) throw serializationError('Start of list found where not expected');
  if (isObject(value)) throw serializationError('Start of structure or map found where not expected');
  throw serializationError(expected === 'structure' ? 'Unexpected value type in payload' : 'Unexpected field type');
}

export function serializationError(message: string): DynamoError {
  return new DynamoError('SerializationException', message);
}
