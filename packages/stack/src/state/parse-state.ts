// The Terraform state file, format version 4 (written since Terraform 0.12).
import { UserError } from '@tablewright/base';
import { isJsonObject, type JsonValue } from '../json-value.js';
import type { StateFile, StateResource } from './state-file.js';

/** Reads a state's text. `location` names it in errors. Anything but a whole version 4 state is refused. */
export function parseState(text: string, location: string): StateFile | null {
  // Terraform itself leaves an empty file while it holds the lock before its first write.
  if (text.trim() === '') return null;
  const value = parseJson(text, location);
  if (!isJsonObject(value) || typeof value.version !== 'number') throw broken(location, 'it has no version');
  if (value.version !== 4) throw wrongVersion(value.version, location);
  const resources = value.resources ?? [];
  if (typeof value.serial !== 'number' || typeof value.lineage !== 'string') {
    throw broken(location, 'serial or lineage is missing');
  }
  if (!Array.isArray(resources) || !resources.every(isResource)) throw broken(location, 'resources are malformed');
  const outputs = value.outputs ?? {};
  if (!isOutputs(outputs)) throw broken(location, 'outputs are malformed');
  return {
    version: 4,
    terraform_version: String(value.terraform_version ?? ''),
    serial: value.serial,
    lineage: value.lineage,
    outputs,
    resources,
    check_results: value.check_results ?? null,
  };
}

/** A state's text as Terraform writes it: two blanks of indentation, a new line at the end. */
export function stateText(state: StateFile): string {
  return `${JSON.stringify(state, null, 2)}\n`;
}

function parseJson(text: string, location: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw broken(location, error instanceof Error ? error.message : 'it is no JSON', error);
  }
}

function isResource(value: unknown): value is StateResource {
  return (
    isJsonObject(value) &&
    (value.mode === 'managed' || value.mode === 'data') &&
    typeof value.type === 'string' &&
    typeof value.name === 'string' &&
    Array.isArray(value.instances) &&
    value.instances.every(
      (instance) => isJsonObject(instance) && (isJsonObject(instance.attributes) || 'attributes_flat' in instance),
    )
  );
}

function isOutputs(value: unknown): value is StateFile['outputs'] {
  return isJsonObject(value) && Object.values(value).every((output) => isJsonObject(output) && 'value' in output);
}

function wrongVersion(version: number, location: string): UserError {
  const message = `the state ${location} has format version ${version}; this program knows version 4`;
  const remedy =
    version > 4
      ? 'Use the program that wrote it, or a newer release of this one. Nothing was changed.'
      : 'Run terraform 1.x once on it (terraform refresh), which writes version 4. Nothing was changed.';
  return new UserError(message, remedy);
}

function broken(location: string, what: string, cause?: unknown): UserError {
  const remedy = `Restore it from its backup (${location}.backup) or from version control. Nothing was changed.`;
  return new UserError(`the state ${location} cannot be read: ${what}`, remedy, { cause });
}
