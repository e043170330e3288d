import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.js';

/** Stands for a value that AWS decides. */
export const UNKNOWN: unique symbol = Symbol('known after apply');

export type PlannedValue = JsonValue | typeof UNKNOWN | readonly PlannedValue[] | PlannedObject;
export type PlannedObject = { readonly [name: string]: PlannedValue };

/** Takes the unknown values out: what is known, and a tree with `true` where something is not. */
export function splitUnknown(planned: PlannedObject): { after: JsonObject; afterUnknown: JsonObject } {
  const after: { [name: string]: JsonValue } = {};
  const afterUnknown: { [name: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(planned)) {
    if (value === UNKNOWN) {
      afterUnknown[name] = true;
      continue;
    }
    const parts = splitValue(value);
    after[name] = parts.known;
    if (parts.unknown !== null) afterUnknown[name] = parts.unknown;
  }
  return { after, afterUnknown };
}

function splitValue(value: PlannedValue): { known: JsonValue; unknown: JsonValue } {
  if (value === UNKNOWN) return { known: null, unknown: true };
  if (Array.isArray(value)) {
    const elements: readonly PlannedValue[] = value;
    const parts = elements.map(splitValue);
    const hasUnknown = parts.some((part) => part.unknown !== null);
    return {
      known: parts.map((part) => part.known),
      unknown: hasUnknown ? parts.map((part) => part.unknown ?? {}) : null,
    };
  }
  if (typeof value === 'object' && value !== null) {
    const { after, afterUnknown } = splitUnknown(value as PlannedObject);
    return { known: after, unknown: Object.keys(afterUnknown).length === 0 ? null : afterUnknown };
  }
  return { known: value, unknown: null };
}

/** The objects of a block list such as `ttl`; empty where there is none. */
export function blocks(attributes: JsonObject, name: string): readonly JsonObject[] {
  const value = attributes[name];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A text attribute; empty for null, as the provider treats both alike. */
export function text(attributes: JsonObject | undefined, name: string): string {
  const value = attributes?.[name];
  return typeof value === 'string' ? value : '';
}

export function flag(attributes: JsonObject | undefined, name: string): boolean {
  return attributes?.[name] === true;
}

/** A number attribute; 0 for null. */
export function count(attributes: JsonObject | undefined, name: string): number {
  const value = attributes?.[name];
  return typeof value === 'number' ? value : 0;
}

/** A list of strings; empty for null. */
export function texts(attributes: JsonObject | undefined, name: string): readonly string[] {
  const value = attributes?.[name];
  return Array.isArray(value) ? value.filter((element): element is string => typeof element === 'string') : [];
}
