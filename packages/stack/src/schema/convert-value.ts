// Conversion of a literal to a declared type, as Terraform converts
// (https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion):
// string "5" to number, number and bool to string, "true"/"false" to bool, tuple to list or set, object to map.
import type { JsonValue } from '../json-value.js';
import type { SourcePosition, TfvarsNode } from '../tfvars/tfvars-node.js';
import { nearestName } from './nearest-name.js';
import { typeName, type VariableType } from './variable-type.js';

/** A literal that does not fit its type, with the path inside the variable and the literal's place. */
export class ConversionError extends Error {
  constructor(
    /** Such as `attributes[0].name`. */
    readonly path: string,
    readonly problem: string,
    readonly at: SourcePosition,
  ) {
    super(`${path} ${problem}`);
  }
}

/** Converts `node` to `type`. `path` names the value in errors. Null passes through at any depth. */
export function convertValue(node: TfvarsNode, type: VariableType, path: string): JsonValue {
  if (node.kind === 'null') return null;
  switch (type.kind) {
    case 'any':
      return plainValue(node);
    case 'string':
      return toText(node, path);
    case 'number':
      return toNumber(node, path);
    case 'bool':
      return toBool(node, path);
    case 'list':
    case 'set': {
      if (node.kind !== 'tuple') throw mismatch(node, type, path);
      const values = node.elements.map((element, index) => convertElement(element, type.element, `${path}[${index}]`));
      return type.kind === 'list' ? values : sortedSet(values);
    }
    case 'map': {
      if (node.kind !== 'object') throw mismatch(node, type, path);
      const entries = node.entries.map((entry): [string, JsonValue] => [
        entry.key,
        convertElement(entry.value, type.element, `${path}${step(entry.key)}`),
      ]);
      return sortedObject(entries);
    }
    case 'object':
      return toObject(node, type, path);
  }
}

/** The literal as plain JSON, for `any` and for messages. Keys are sorted, as Terraform keeps them. */
export function plainValue(node: TfvarsNode): JsonValue {
  switch (node.kind) {
    case 'null':
      return null;
    case 'tuple':
      return node.elements.map(plainValue);
    case 'object':
      return sortedObject(node.entries.map((entry) => [entry.key, plainValue(entry.value)]));
    default:
      return node.value;
  }
}

function convertElement(node: TfvarsNode, type: VariableType, path: string): JsonValue {
  if (node.kind === 'null' && type.kind !== 'any') throw new ConversionError(path, 'is null', node.at);
  return convertValue(node, type, path);
}

function toText(node: TfvarsNode, path: string): string {
  if (node.kind === 'string') return node.value;
  if (node.kind === 'bool') return String(node.value);
  if (node.kind === 'number') return numberText(node.text);
  throw mismatch(node, { kind: 'string' }, path);
}

/** 1.50 becomes 1.5 and 1e3 becomes 1000, as in Terraform; digits beyond a double's precision are kept. */
function numberText(text: string): string {
  if (/[eE]/.test(text)) return String(Number(text));
  const [whole = '', fraction = ''] = text.split('.');
  const digits = whole.replace(/^(-?)0+(?=[0-9])/, '$1');
  const rest = fraction.replace(/0+$/, '');
  return rest === '' ? digits : `${digits}.${rest}`;
}

function toNumber(node: TfvarsNode, path: string): number {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'string' && /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(node.value)) return Number(node.value);
  throw mismatch(node, { kind: 'number' }, path);
}

function toBool(node: TfvarsNode, path: string): boolean {
  if (node.kind === 'bool') return node.value;
  if (node.kind === 'string' && (node.value === 'true' || node.value === 'false')) return node.value === 'true';
  throw mismatch(node, { kind: 'bool' }, path);
}

function toObject(node: TfvarsNode, type: VariableType & { kind: 'object' }, path: string): JsonValue {
  if (node.kind !== 'object') throw mismatch(node, type, path);
  const names = Object.keys(type.fields);
  for (const entry of node.entries) {
    if (type.fields[entry.key] !== undefined) continue;
    const guess = nearestName(entry.key, names);
    const hint = guess === null ? `its fields are ${names.join(', ')}` : `did you mean "${guess}"?`;
    throw new ConversionError(path, `has no field "${entry.key}"; ${hint}`, entry.at);
  }
  const given = new Map(node.entries.map((entry) => [entry.key, entry.value]));
  const fields = Object.entries(type.fields).map(([name, field]): [string, JsonValue] => {
    const value = given.get(name);
    if (value !== undefined && value.kind !== 'null') return [name, convertValue(value, field.type, `${path}.${name}`)];
    if (field.presence !== 'required') return [name, field.default ?? null];
    throw new ConversionError(path, `lacks the field "${name}"`, value?.at ?? node.at);
  });
  return Object.fromEntries(fields);
}

function mismatch(node: TfvarsNode, type: VariableType, path: string): ConversionError {
  return new ConversionError(path, `is ${describe(node)}; it must be ${article(type)}`, node.at);
}

/** A literal in words for a message: `the string "abc"`, `a list of 2`. */
function describe(node: TfvarsNode): string {
  switch (node.kind) {
    case 'tuple':
      return `a list of ${node.elements.length}`;
    case 'object':
      return `a map with ${node.entries.map((entry) => entry.key).join(', ') || 'nothing'} in it`;
    case 'number':
      return `the number ${node.text}`;
    case 'null':
      return 'null';
    default:
      return `the ${node.kind} ${JSON.stringify(node.value)}`;
  }
}

function article(type: VariableType): string {
  return `${/^[aeiou]/.test(type.kind) ? 'an' : 'a'} ${typeName(type)}`;
}

function step(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function sortedObject(entries: readonly (readonly [string, JsonValue])[]): JsonValue {
  return Object.fromEntries([...entries].sort(([a], [b]) => compareText(a, b)));
}

function sortedSet(values: readonly JsonValue[]): readonly JsonValue[] {
  const unique = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...unique].sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

/** By bytes of UTF-8, which is the order in which Terraform keeps the keys of a map. */
export function compareText(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
