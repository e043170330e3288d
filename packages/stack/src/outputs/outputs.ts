// The module's outputs (outputs.tf) out of resources and variables.
import type { JsonValue } from '../json-value.js';
import { isJsonObject, type JsonObject } from '../json-value.js';
import { blocks } from '../resources/planned-value.js';
import type { Variables } from '../schema/variables.js';
import type { StateOutput } from '../state/state-file.js';

/** An output: its value and whether AWS decides it in the coming apply. */
export interface OutputValue {
  readonly value: JsonValue;
  readonly isUnknown: boolean;
}

type OutputRule = (table: JsonObject, values: Variables) => JsonValue | undefined;

const attribute =
  (name: string): OutputRule =>
  (table) =>
    table[name];
const ofStream =
  (name: string): OutputRule =>
  (table, values) =>
    values.stream_enabled ? table[name] : null;

/** In alphabetical order, as Terraform keeps them. Outputs of parts that are not deployed are null: not listed. */
const OUTPUTS: { readonly [name: string]: OutputRule } = {
  backup_vault_name: (_table, values) => values.existing_backup_vault_name,
  kinesis_destination_status: () => 'DISABLED',
  replica_regions: () => [],
  stream_lambda_mappings: () => ({}),
  table_arn: attribute('arn'),
  table_billing_mode: attribute('billing_mode'),
  table_deletion_protection: attribute('deletion_protection_enabled'),
  table_hash_key: attribute('hash_key'),
  table_id: attribute('id'),
  table_name: attribute('name'),
  table_point_in_time_recovery: (table) => blocks(table, 'point_in_time_recovery')[0]?.enabled,
  table_range_key: (table, values) => (values.range_key === null ? null : table.range_key),
  table_stream_arn: ofStream('stream_arn'),
  table_stream_label: ofStream('stream_label'),
};

/** `table` holds the table's attributes; those that are not known yet are absent, and their outputs unknown. */
export function computeOutputs(table: JsonObject, values: Variables): { readonly [name: string]: OutputValue } {
  return Object.fromEntries(
    Object.entries(OUTPUTS).map(([name, rule]) => {
      const value = rule(table, values);
      return [name, { value: value ?? null, isUnknown: value === undefined }];
    }),
  );
}

/** Outputs as the state keeps them: without those that are null. */
export function stateOutputs(outputs: { readonly [name: string]: OutputValue }): { [name: string]: StateOutput } {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, output]) => output.value !== null)
      .map(([name, { value }]) => [name, { value, type: typeOf(value) }]),
  );
}

/** The type of a value as the state spells it: `"string"`, `["tuple", ["string"]]`, `["object", {…}]`. */
function typeOf(value: JsonValue | undefined): JsonValue {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'number';
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)];
  if (!isJsonObject(value)) return 'dynamic';
  return ['object', Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, typeOf(inner)]))];
}
