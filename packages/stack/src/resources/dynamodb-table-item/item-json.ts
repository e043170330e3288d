// DynamoDB JSON (binary as base64 text) to and from the SDK's attribute values.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { encodeJson } from '../../desired/encode-json.js';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json-value.js';
import { compareText } from '../../schema/convert-value.js';

/** An item of the SDK. */
export type SdkItem = { [attribute: string]: AttributeValue };

/** The `item` attribute of aws_dynamodb_table_item as the SDK takes it. The schema has checked its form. */
export function parseItem(text: string): SdkItem {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? toSdkItem(value) : {};
}

/** An item as the provider writes it into the state: keys sorted, no blanks. */
export function itemText(item: SdkItem): string {
  return encodeJson(fromSdkItem(item));
}

/** Whether two items are the same to DynamoDB: sets without order, numbers by value. */
export function isSameItem(left: string, right: string): boolean {
  return left === right || encodeJson(canonicalItem(left)) === encodeJson(canonicalItem(right));
}

/** A key component as the resource's id shows it: the text, the number, base64 of the bytes. */
export function keyText(item: SdkItem, attribute: string): string {
  const value = item[attribute];
  if (value?.B !== undefined) return Buffer.from(value.B).toString('base64');
  return value?.S ?? value?.N ?? '';
}

function toSdkItem(item: JsonObject): SdkItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toSdk(value)]));
}

function toSdk(value: JsonValue): AttributeValue {
  const [kind, content] = isJsonObject(value) ? (Object.entries(value)[0] ?? []) : [];
  const elements: readonly JsonValue[] = Array.isArray(content) ? content : [];
  switch (kind) {
    case 'N':
      return { N: String(content) };
    case 'B':
      return { B: Buffer.from(String(content), 'base64') };
    case 'BOOL':
      return { BOOL: content === true };
    case 'NULL':
      return { NULL: content === true };
    case 'M':
      return { M: isJsonObject(content) ? toSdkItem(content) : {} };
    case 'L':
      return { L: elements.map(toSdk) };
    case 'SS':
      return { SS: elements.map(String) };
    case 'NS':
      return { NS: elements.map(String) };
    case 'BS':
      return { BS: elements.map((element) => Buffer.from(String(element), 'base64')) };
    default:
      return { S: String(content) };
  }
}

function fromSdkItem(item: SdkItem): JsonObject {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromSdk(value)]));
}

function fromSdk(value: AttributeValue): JsonValue {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: value.N };
  if (value.B !== undefined) return { B: Buffer.from(value.B).toString('base64') };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.M !== undefined) return { M: fromSdkItem(value.M) };
  if (value.L !== undefined) return { L: value.L.map(fromSdk) };
  if (value.SS !== undefined) return { SS: value.SS };
  if (value.NS !== undefined) return { NS: value.NS };
  if (value.BS !== undefined) return { BS: value.BS.map((element) => Buffer.from(element).toString('base64')) };
  return {};
}

function canonicalItem(text: string): JsonValue {
  const value: unknown = JSON.parse(text);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, canonical(v)])) : null;
}

function canonical(value: JsonValue): JsonValue {
  const [kind, content] = isJsonObject(value) ? (Object.entries(value)[0] ?? []) : [];
  if (kind === undefined || content === undefined) return value;
  const elements: readonly JsonValue[] = Array.isArray(content) ? content : [];
  if (kind === 'N') return { N: canonicalNumber(String(content)) };
  if (kind === 'NS') return { NS: elements.map((element) => canonicalNumber(String(element))).sort(compareText) };
  if (kind === 'SS' || kind === 'BS') return { [kind]: elements.map(String).sort(compareText) };
  if (kind === 'L') return { L: elements.map(canonical) };
  if (kind === 'M') return { M: canonicalItem(JSON.stringify(content)) };
  return value;
}

/** A number as digits and exponent, so that 1.50, 15e-1 and 1.5 are one text; exact for any length. */
function canonicalNumber(text: string): string {
  const parts = /^\s*([-+]?)([0-9]*)\.?([0-9]*)(?:[eE]([-+]?[0-9]+))?\s*$/.exec(text);
  if (parts === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
