import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.js';
import { compareText } from '../schema/convert-value.js';

/**
 * Objects in the order in which Terraform keeps a set of them: by a text that strings together the attributes'
 * values in the order of their names (zclconf/go-cty, cty/set_internals.go).
 */
export function inSetOrder(objects: readonly JsonObject[]): readonly JsonObject[] {
  return objects
    .map((object) => ({ object, key: setKey(object) }))
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ object }) => object);
}

function setKey(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return '~';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (Array.isArray(value)) return `[${value.map((element) => `${setKey(element)};`).join('')}]`;
  if (!isJsonObject(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value);
  const names = Object.keys(value).sort(compareText);
  return `<${names.map((name) => `${setKey(value[name])};`).join('')}>`;
}
