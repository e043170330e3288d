import { canonicalNumber, numberSizeBytes, parseNumber } from './number-text.js';

/** A value in DynamoDB JSON whose types have been checked; binary is base64 text, as in the file. */
export type TypedValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: string[] }
  | { readonly NS: string[] }
  | { readonly BS: string[] }
  | { readonly L: TypedValue[] }
  | { readonly M: TypedItem };

export type TypedItem = Readonly<Record<string, TypedValue>>;

/** What is wrong with a record, and in which attribute. */
export class BrokenRecord extends Error {
  override readonly name = 'BrokenRecord';
}

/** Lists and maps may lie this deep in each other. */
const MAX_NESTING = 32;
const CONTAINER_BYTES = 3;
const ELEMENT_BYTES = 1;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

type Checker = (value: unknown, path: string, depth: number) => number;

const CHECKERS: Readonly<Record<string, Checker>> = {
  S: (value, path) => textBytes(stringOf(value, path, 'S', 'a string'), path),
  N: (value, path) => numberBytes(stringOf(value, path, 'N', 'a number in quotes'), path),
  B: (value, path) => binaryBytes(stringOf(value, path, 'B', 'base64 text'), path),
  BOOL: (value, path) => {
    if (typeof value !== 'boolean') throw wrongValue(path, 'BOOL', 'true or false', value);
    return 1;
  },
  NULL: (value, path) => {
    if (value !== true) throw wrongValue(path, 'NULL', 'true', value);
    return 1;
  },
  SS: (value, path) => setBytes(value, path, 'SS', (text) => [text, textBytes(text, path)]),
  NS: (value, path) => setBytes(value, path, 'NS', (text) => [canonicalText(text, path), numberBytes(text, path)]),
  BS: (value, path) => setBytes(value, path, 'BS', (text) => [text, binaryBytes(text, path)]),
  L: listBytes,
  M: (value, path, depth) => {
    if (!isObject(value)) throw wrongValue(path, 'M', 'an object of attributes', value);
    return CONTAINER_BYTES + checkAttributes(value, path, nested(depth, path), ELEMENT_BYTES);
  },
};

/** Checks every attribute of `value` and adds up their sizes in bytes; throws {@link BrokenRecord}. */
export function checkAttributes(value: object, path = '', depth = 0, perElementBytes = 0): number {
  let sizeBytes = 0;
  for (const [name, attribute] of Object.entries(value)) {
    const where = path === '' ? name : `${path}.${name}`;
    sizeBytes += textBytes(name, where) + checkValue(attribute, where, depth) + perElementBytes;
  }
  return sizeBytes;
}

function checkValue(value: unknown, path: string, depth: number): number {
  if (!isObject(value)) throw plainValue(path, value);
  const [type, ...others] = Object.keys(value);
  const checker = type === undefined || !Object.hasOwn(CHECKERS, type) ? undefined : CHECKERS[type];
  if (type === undefined) throw new BrokenRecord(`attribute "${path}" is empty: it needs a type such as {"S": "text"}`);
  if (others.length > 0) {
    const all = [type, ...others].slice(0, 4).join(', ');
    throw new BrokenRecord(
      `attribute "${path}" needs exactly one type (S, N, B, BOOL, NULL, SS, NS, BS, L, M), not ${all}`,
    );
  }
  if (checker === undefined) {
    throw new BrokenRecord(
      `attribute "${path}" has the unknown type "${type}" (S, N, B, BOOL, NULL, SS, NS, BS, L, M)`,
    );
  }
  return checker(Reflect.get(value, type), path, depth);
}

function plainValue(path: string, value: unknown): BrokenRecord {
  const typed =
    typeof value === 'number' ? `{"N": "${value}"}` : typeof value === 'boolean' ? `{"BOOL": ${value}}` : undefined;
  const suggestion =
    typed ?? (typeof value === 'string' ? `{"S": ${brief(value)}}` : 'a typed value such as {"S": "text"}');
  return new BrokenRecord(`attribute "${path}" is ${brief(value)} without a type; write ${suggestion}`);
}

function wrongValue(path: string, type: string, wanted: string, value: unknown): BrokenRecord {
  return new BrokenRecord(`attribute "${path}": ${type} takes ${wanted}, not ${brief(value)}`);
}

function stringOf(value: unknown, path: string, type: string, wanted: string): string {
  if (typeof value !== 'string') throw wrongValue(path, type, wanted, value);
  return value;
}

function textBytes(text: string, path: string): number {
  if (LONE_SURROGATE.test(text))
    throw new BrokenRecord(`attribute "${path}" holds half of a character (a lone surrogate)`);
  return Buffer.byteLength(text);
}

function numberBytes(text: string, path: string): number {
  const number = parseNumber(text);
  if (typeof number === 'string') throw new BrokenRecord(`attribute "${path}": ${brief(text)} ${number}`);
  return numberSizeBytes(number);
}

function canonicalText(text: string, path: string): string {
  const number = parseNumber(text);
  if (typeof number === 'string') throw new BrokenRecord(`attribute "${path}": ${brief(text)} ${number}`);
  return canonicalNumber(number);
}

function binaryBytes(text: string, path: string): number {
  if (!BASE64.test(text)) throw new BrokenRecord(`attribute "${path}": ${brief(text)} is not base64`);
  return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
}

function setBytes(value: unknown, path: string, type: string, read: (text: string) => [string, number]): number {
  if (!Array.isArray(value)) throw wrongValue(path, type, 'a list of strings', value);
  if (value.length === 0) throw new BrokenRecord(`attribute "${path}": a set (${type}) may not be empty`);
  const seen = new Set<string>();
  let sizeBytes = 0;
  for (const element of value) {
    const [identity, bytes] = read(stringOf(element, path, type, 'a list of strings'));
    if (seen.has(identity)) throw new BrokenRecord(`attribute "${path}": the set holds ${brief(element)} twice`);
    seen.add(identity);
    sizeBytes += bytes;
  }
  return sizeBytes;
}

function listBytes(value: unknown, path: string, depth: number): number {
  if (!Array.isArray(value)) throw wrongValue(path, 'L', 'a list', value);
  const inner = nested(depth, path);
  let sizeBytes = CONTAINER_BYTES;
  for (const [index, element] of value.entries()) {
    sizeBytes += ELEMENT_BYTES + checkValue(element, `${path}[${index}]`, inner);
  }
  return sizeBytes;
}

function nested(depth: number, path: string): number {
  if (depth >= MAX_NESTING) throw new BrokenRecord(`attribute "${path}" lies more than ${MAX_NESTING} levels deep`);
  return depth + 1;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as it may stand in a message. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
