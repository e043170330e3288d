// Terraform's type constraints (https://developer.hashicorp.com/terraform/language/expressions/type-constraints)
// as data, so that one declaration serves conversion, messages, documentation and the static types.
import type { JsonValue } from '../json-value.js';

export interface StringType {
  readonly kind: 'string';
}
export interface NumberType {
  readonly kind: 'number';
}
export interface BoolType {
  readonly kind: 'bool';
}
/** Takes any value as it is. */
export interface AnyType {
  readonly kind: 'any';
}
export interface ListType<E extends VariableType> {
  readonly kind: 'list';
  readonly element: E;
}
export interface SetType<E extends VariableType> {
  readonly kind: 'set';
  readonly element: E;
}
export interface MapType<E extends VariableType> {
  readonly kind: 'map';
  readonly element: E;
}
export interface ObjectType<F extends ObjectFields> {
  readonly kind: 'object';
  readonly fields: F;
}

/** A field of an object; an optional one is filled with its default, null without one. */
export interface Field<T extends VariableType = VariableType> {
  readonly type: T;
  readonly presence: 'required' | 'optional' | 'defaulted';
  readonly default?: JsonValue;
}

export type ObjectFields = { readonly [name: string]: Field };

export type VariableType =
  | StringType
  | NumberType
  | BoolType
  | AnyType
  | { readonly kind: 'list'; readonly element: VariableType }
  | { readonly kind: 'set'; readonly element: VariableType }
  | { readonly kind: 'map'; readonly element: VariableType }
  | { readonly kind: 'object'; readonly fields: ObjectFields };

/** The TypeScript type of a converted value. */
export type ValueOf<T> = T extends StringType
  ? string
  : T extends NumberType
    ? number
    : T extends BoolType
      ? boolean
      : T extends ListType<infer E> | SetType<infer E>
        ? readonly ValueOf<E>[]
        : T extends MapType<infer E>
          ? { readonly [key: string]: ValueOf<E> }
          : T extends ObjectType<infer F>
            ? { readonly [K in keyof F]: FieldValue<F[K]> }
            : JsonValue;

type FieldValue<F> = F extends { readonly type: infer T; readonly presence: infer P }
  ? P extends 'optional'
    ? ValueOf<T> | null
    : ValueOf<T>
  : never;

export const string: StringType = { kind: 'string' };
export const number: NumberType = { kind: 'number' };
export const bool: BoolType = { kind: 'bool' };
export const anyValue: AnyType = { kind: 'any' };

export function list<E extends VariableType>(element: E): ListType<E> {
  return { kind: 'list', element };
}

/** Without duplicates and sorted, as Terraform keeps sets of strings. */
export function set<E extends VariableType>(element: E): SetType<E> {
  return { kind: 'set', element };
}

export function map<E extends VariableType>(element: E): MapType<E> {
  return { kind: 'map', element };
}

export function object<F extends ObjectFields>(fields: F): ObjectType<F> {
  return { kind: 'object', fields };
}

export function required<T extends VariableType>(type: T): { type: T; presence: 'required' } {
  return { type, presence: 'required' };
}

/** Null when it is left out. */
export function optional<T extends VariableType>(type: T): { type: T; presence: 'optional' } {
  return { type, presence: 'optional' };
}

export function defaulted<T extends VariableType>(
  type: T,
  value: JsonValue,
): { type: T; presence: 'defaulted'; default: JsonValue } {
  return { type, presence: 'defaulted', default: value };
}

/** As in a `type =` line: `list(object({ name = string, range_key = optional(string) }))`. */
export function typeName(type: VariableType): string {
  switch (type.kind) {
    case 'list':
    case 'set':
    case 'map':
      return `${type.kind}(${typeName(type.element)})`;
    case 'object': {
      const fields = Object.entries(type.fields).map(([name, field]) => `${name} = ${fieldTypeName(field)}`);
      return `object({ ${fields.join(', ')} })`;
    }
    default:
      return type.kind;
  }
}

function fieldTypeName(field: Field): string {
  if (field.presence === 'required') return typeName(field.type);
  if (field.presence === 'optional') return `optional(${typeName(field.type)})`;
  return `optional(${typeName(field.type)}, ${JSON.stringify(field.default)})`;
}
