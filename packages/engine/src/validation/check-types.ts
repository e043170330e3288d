import { DynamoError } from '../errors.js';
import { assertAttributeMapShape, assertAttributeValueShape, flagOf } from '../value/index.js';
import type { Shape, StructureShape } from './shape.js';

const API = 'com.amazonaws.dynamodb.v20120810.';
/** What DynamoDB answers when a collection inside a collection is given as a scalar. */
const CAST_FAULT =
  'class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class java.lang.Class ' +
  '(sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and java.lang.Class are in module java.base of ' +
  "loader 'bootstrap')";
const STRUCTURE_UNEXPECTED = 'Start of structure or map found where not expected';

/** A member of a structure, or an element of a list or map: the words differ. */
type Place = 'field' | 'element';

/**
 * The first of AWS's two passes over an input: JSON types, SerializationException at the first that does not fit, in
 * the words of its front end (recorded on AWS by the test suites of public emulators). Unknown members and nulls are
 * dropped. Returns `value` itself when there is nothing to drop.
 *
 * @param isDeep whether to walk attribute values, too, which the value layer does anyway where it reads them
 */
export function checkTypes(value: unknown, shape: Shape, place: Place = 'field', isDeep = false): unknown {
  switch (shape.kind) {
    case 'string':
      return typeof value === 'string' ? value : fail(value, 'String');
    case 'boolean':
      return typeof value === 'boolean' ? value : checkFlag(value);
    case 'Integer':
    case 'Long':
      if (typeof value !== 'number') fail(value, shape.kind);
      return Number.isInteger(value) ? value : Math.trunc(value as number);
    case 'Double':
    case 'Timestamp':
      return typeof value === 'number' ? value : fail(value, shape.kind === 'Double' ? 'Double' : 'Date');
    case 'attributeMap':
      if (!isObject(value)) failCollection(value, shape, place);
      if (isDeep) assertAttributeMapShape(value);
      return value;
    case 'attributeValue':
      if (!isObject(value)) failStructure(value, 'AttributeValue', place);
      if (isDeep) assertAttributeValueShape(value);
      return value;
    case 'list':
      if (!Array.isArray(value)) failCollection(value, shape, place);
      return checkList(value as unknown[], shape.member, isDeep);
    case 'map':
      if (!isObject(value)) failCollection(value, shape, place);
      return checkMap(value as Record<string, unknown>, shape.value, isDeep);
    case 'structure':
      if (!isObject(value)) failStructure(value, shape.name, place);
      return checkStructure(value as Record<string, unknown>, shape, isDeep);
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkList(values: unknown[], member: Shape, isDeep: boolean): unknown[] {
  let result = values;
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    const checked = value === null ? null : checkTypes(value, member, 'element', isDeep);
    if (checked === value) continue;
    if (result === values) result = [...values];
    result[at] = checked;
  }
  return result;
}

function checkMap(values: Record<string, unknown>, shape: Shape, isDeep: boolean): Record<string, unknown> {
  let result = values;
  for (const [key, value] of Object.entries(values)) {
    const checked = value === null ? null : checkTypes(value, shape, 'element', isDeep);
    if (checked === value) continue;
    if (result === values) result = { ...values };
    result[key] = checked;
  }
  return result;
}

function checkStructure(
  value: Record<string, unknown>,
  shape: StructureShape,
  isDeep: boolean,
): Record<string, unknown> {
  let result = value;
  for (const member of shape.members) {
    const given = value[member.name];
    if (given === undefined) continue;
    const checked = given === null ? undefined : checkTypes(given, member.shape, 'field', isDeep);
    if (checked === given) continue;
    if (result === value) result = { ...value };
    if (checked === undefined) delete result[member.name];
    else result[member.name] = checked;
  }
  return result;
}

/** The protocol also takes a boolean written as a string. */
function checkFlag(value: unknown): boolean {
  if (typeof value !== 'string') return fail(value, 'Boolean');
  const flag = flagOf(value);
  if (flag !== undefined) return flag;
  throw serializationError('Unexpected token received from parser');
}

/** A scalar of another JSON type. The names are those of the parser's tokens (Coral's JSON unmarshaller). */
function fail(value: unknown, expected: string): never {
  if (Array.isArray(value)) {
    throw serializationError(
      `Unrecognized collection type class java.${expected === 'Date' ? 'util' : 'lang'}.${expected}`,
    );
  }
  if (isObject(value)) throw serializationError(STRUCTURE_UNEXPECTED);
  throw serializationError(`${token(value)} cannot be converted to ${expected}`);
}

function token(value: unknown): string {
  if (value === true) return 'TRUE_VALUE';
  if (value === false) return 'FALSE_VALUE';
  if (typeof value === 'string') return 'STRING_VALUE';
  return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
}

function failCollection(value: unknown, shape: Shape, place: Place): never {
  if (Array.isArray(value)) throw serializationError(`Unrecognized collection type ${javaType(shape)}`);
  if (isObject(value)) throw serializationError(STRUCTURE_UNEXPECTED);
  throw serializationError(place === 'field' ? 'Unexpected field type' : CAST_FAULT);
}

function failStructure(value: unknown, name: string, place: Place): never {
  if (Array.isArray(value)) throw serializationError(`Unrecognized collection type class ${API}${name}`);
  throw serializationError(place === 'field' ? 'Unexpected field type' : 'Unexpected value type in payload');
}

function javaType(shape: Shape): string {
  switch (shape.kind) {
    case 'string':
      return 'java.lang.String';
    case 'structure':
      return API + shape.name;
    case 'attributeValue':
      return `${API}AttributeValue`;
    case 'attributeMap':
      return `java.util.Map<java.lang.String, ${API}AttributeValue>`;
    case 'list':
      return `java.util.List<${javaType(shape.member)}>`;
    case 'map':
      return `java.util.Map<java.lang.String, ${javaType(shape.value)}>`;
    case 'boolean':
      return 'java.lang.Boolean';
    default:
      return shape.kind === 'Timestamp' ? 'java.util.Date' : `java.lang.${shape.kind}`;
  }
}

export function serializationError(message: string): DynamoError {
  return new DynamoError('SerializationException', message);
}
