// `terraform state show` and the `terraform output` forms.
import { UserError } from '@tablewright/base';
import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.js';
import { blocks } from '../resources/planned-value.js';
import { addressOf, notInState } from '../state/edit-state.js';
import type { StateFile, StateOutput } from '../state/state-file.js';
import { attributeNames, blockNames, isNothing } from './blocks.js';
import { embeddedJson, encodedText, isList, scalarText, valueText } from './hcl-text.js';

/** One instance of the state as HCL-like text, as `terraform state show ADDRESS` prints it. */
export function showResource(state: StateFile, address: string): string {
  for (const resource of state.resources) {
    for (const instance of resource.instances) {
      if (addressOf(resource, instance) !== address) continue;
      const kind = resource.mode === 'data' ? 'data' : 'resource';
      const title = `# ${address}:${instance.status === 'tainted' ? ' (tainted)' : ''}`;
      const body = shownBody(instance.attributes, 4);
      return [title, `${kind} "${resource.type}" "${resource.name}" {`, ...body, '}'].join('\n');
    }
  }
  throw notInState(address);
}

function shownBody(attributes: JsonObject, column: number): readonly string[] {
  // Attributes that were never set are left out; empty texts stand as null, as Terraform shows this provider's.
  const names = attributeNames(attributes).filter((name) => attributes[name] !== null);
  const width = Math.max(0, ...names.map((name) => name.length));
  const lines = names.map(
    (name) => `${' '.repeat(column)}${name.padEnd(width)} = ${shownValue(attributes[name], column)}`,
  );
  for (const name of blockNames(attributes)) {
    const elements = blocks(attributes, name);
    if (elements.length > 0 && lines.length > 0) lines.push('');
    for (const element of elements) {
      lines.push(`${' '.repeat(column)}${name} {`, ...shownBody(element, column + 4), `${' '.repeat(column)}}`);
    }
  }
  return lines;
}

function shownValue(value: JsonValue | undefined, column: number): string {
  if (isNothing(value)) return 'null';
  const json = embeddedJson(value);
  return json === null ? valueText(value, column, ' ', 'quoted') : encodedText(json, column, ' ');
}

/** The outputs kept in the state, by name. */
export function outputsOf(state: StateFile): { readonly [name: string]: StateOutput } {
  return state.outputs;
}

/** `name = value` lines, as `terraform output` prints them. */
export function renderOutputs(outputs: { readonly [name: string]: StateOutput }): string {
  return Object.entries(outputs)
    .map(([name, { value }]) => `${name} = ${renderOutputValue(value)}`)
    .join('\n');
}

/** One value as `terraform output NAME` prints it: `"users-table"`, `true`, a list over several lines. */
export function renderOutputValue(value: JsonValue): string {
  return outputText(value, 0);
}

/** One value as `terraform output -raw NAME`; a UserError for what is not a string, number or bool. */
export function rawOutputValue(name: string, output: StateOutput): string {
  const { value } = output;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UserError(`output ${name} is no string, number or bool`, 'Use -json for lists and maps.');
}

function outputText(value: JsonValue | undefined, column: number): string {
  const indent = ' '.repeat(column + 2);
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return ['[', ...value.map((it) => `${indent}${outputText(it, column + 2)},`), `${' '.repeat(column)}]`].join('\n');
  }
  if (!isJsonObject(value)) return scalarText(value);
  const keys = Object.keys(value);
  if (keys.length === 0) return '{}';
  const width = Math.max(...keys.map((key) => scalarText(key).length));
  const lines = keys.map((key) => `${indent}${scalarText(key).padEnd(width)} = ${outputText(value[key], column + 2)}`);
  return ['{', ...lines, `${' '.repeat(column)}}`].join('\n');
}
