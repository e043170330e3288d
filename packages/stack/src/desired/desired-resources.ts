// From the variables to resources: what main.tf and data.tf of the module say, as one pure function.
import { isJsonObject, type JsonObject, type JsonValue } from '../json-value.js';
import { compareText } from '../schema/convert-value.js';
import type { Variables } from '../schema/variables.js';
import { type DesiredResource, resourceAddress } from './desired-resource.js';
import { encodeJson } from './encode-json.js';

export const TABLE_ADDRESS = 'aws_dynamodb_table.this';

/** The resources that the configuration asks for, in order of dependency. */
export function desiredResources(values: Variables): readonly DesiredResource[] {
  return [tableResource(values), ...itemResources(values)];
}

function tableResource(values: Variables): DesiredResource {
  return {
    address: TABLE_ADDRESS,
    type: 'aws_dynamodb_table',
    name: 'this',
    dependsOn: [],
    attributes: {
      name: values.table_name,
      billing_mode: values.billing_mode,
      hash_key: values.hash_key,
      range_key: values.range_key,
      table_class: values.table_class,
      ...capacity(values, null),
      deletion_protection_enabled: values.deletion_protection,
      stream_enabled: values.stream_enabled,
      stream_view_type: values.stream_enabled ? values.stream_view_type : null,
      attribute: values.attributes.map(({ name, type }) => ({ name, type })),
      global_secondary_index: values.global_secondary_indexes.map((index) => ({
        name: index.name,
        hash_key: index.hash_key,
        range_key: index.range_key,
        projection_type: index.projection_type,
        non_key_attributes: index.non_key_attributes,
        ...capacity(values, index),
      })),
      local_secondary_index: values.local_secondary_indexes.map((index) => ({
        name: index.name,
        range_key: index.range_key,
        projection_type: index.projection_type,
        non_key_attributes: index.non_key_attributes,
      })),
      ttl: [{ enabled: values.ttl_enabled, attribute_name: values.ttl_enabled ? values.ttl_attribute_name : '' }],
      point_in_time_recovery: [{ enabled: values.point_in_time_recovery }],
      server_side_encryption: [
        { enabled: values.enable_encryption, kms_key_arn: values.enable_encryption ? values.kms_key_arn : null },
      ],
      tags: sortedByKey({ Name: values.table_name, ...values.tags }),
    },
  };
}

interface IndexCapacity {
  readonly read_capacity: number | null;
  readonly write_capacity: number | null;
}

/** Stated for a provisioned table only; an index without its own takes the table's. */
function capacity(values: Variables, index: IndexCapacity | null): JsonObject {
  if (values.billing_mode !== 'PROVISIONED') return { read_capacity: null, write_capacity: null };
  return {
    read_capacity: index?.read_capacity ?? values.read_capacity,
    write_capacity: index?.write_capacity ?? values.write_capacity,
  };
}

function itemResources(values: Variables): readonly DesiredResource[] {
  const items: JsonValue = values.terraform_managed_items;
  if (!values.use_terraform_items || !isJsonObject(items)) return [];
  return Object.keys(items)
    .sort(compareText)
    .map((index) => ({
      address: resourceAddress('aws_dynamodb_table_item', 'static_items', index),
      type: 'aws_dynamodb_table_item',
      name: 'static_items',
      index,
      dependsOn: [TABLE_ADDRESS],
      attributes: {
        table_name: values.table_name,
        hash_key: values.hash_key,
        range_key: values.range_key,
        item: encodeJson(items[index] ?? null),
      },
    }));
}

function sortedByKey(values: { readonly [key: string]: string }): JsonObject {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => compareText(a, b)));
}
