import type { Reader } from 'ion-js';
import type { AttributeValue } from '../value/index.js';
import { MalformedObject } from './malformed-object.js';

/** The attribute value that a reader of Ion stands on; by the table of the AWS page S3DataImport.Format. */
export function ionAttribute(reader: Reader): AttributeValue {
  const type = reader.type()?.name;
  if (reader.isNull()) return { NULL: true };
  switch (type) {
    case 'string':
    case 'symbol':
      return { S: reader.stringValue() ?? '' };
    case 'bool':
      return { BOOL: reader.booleanValue() === true };
    case 'int':
    case 'decimal':
    case 'float':
      return { N: ionNumber(reader) };
    case 'blob':
    case 'clob':
      return { B: ionBytes(reader) };
    case 'struct':
      return { M: ionAttributes(reader) };
    case 'list':
      return ionList(reader);
    default:
      throw new MalformedObject(`Invalid Ion: a ${type} is no attribute value`);
  }
}

/** The fields of the struct that the reader stands on. */
export function ionAttributes(reader: Reader): Record<string, AttributeValue> {
  const fields: [string, AttributeValue][] = [];
  reader.stepIn();
  while (reader.next() !== null) fields.push([reader.fieldName() ?? '', ionAttribute(reader)]);
  reader.stepOut();
  // Not by assignment: a field may be named __proto__.
  return Object.fromEntries(fields);
}

/** The same where every field is to be a text; what is none is left as an attribute value, for others to refuse. */
export function ionTexts(reader: Reader): Record<string, unknown> {
  const fields = Object.entries(ionAttributes(reader));
  return Object.fromEntries(fields.map(([name, value]) => [name, 'S' in value ? value.S : value]));
}

function ionList(reader: Reader): AttributeValue {
  const annotations = reader.annotations();
  const values: AttributeValue[] = [];
  reader.stepIn();
  while (reader.next() !== null) values.push(ionAttribute(reader));
  reader.stepOut();
  if (annotations.includes('$dynamodb_SS')) return { SS: values.map((value) => member(value, 'S')) };
  if (annotations.includes('$dynamodb_NS')) return { NS: values.map((value) => member(value, 'N')) };
  if (annotations.includes('$dynamodb_BS')) return { BS: values.map((value) => member(value, 'B')) };
  return { L: values };
}

function member(value: AttributeValue, type: 'S' | 'N' | 'B'): string {
  const found = Object.entries(value).find(([name]) => name === type)?.[1];
  if (typeof found === 'string') return found;
  throw new MalformedObject(`Invalid Ion: a set $dynamodb_${type}S has a member of another type`);
}

function ionNumber(reader: Reader): string {
  switch (reader.type()?.name) {
    case 'int':
      return String(reader.bigIntValue());
    case 'float':
      return String(reader.numberValue());
    default: {
      const decimal = reader.decimalValue();
      return `${decimal?.getCoefficient()}E${decimal?.getExponent()}`;
    }
  }
}

function ionBytes(reader: Reader): string {
  return Buffer.from(reader.uInt8ArrayValue() ?? []).toString('base64');
}
