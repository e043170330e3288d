// Rules about several variables together. Each names the variables, their values and what to change.
import { isJsonObject } from '../json-value.js';
import type { Variables } from './variables.js';

type CrossRule = (values: Variables) => readonly string[];

/** Every broken rule as a message; `region` is where the table goes, where it is known. */
export function checkCrossRules(values: Variables, region?: string): readonly string[] {
  const messages = RULES.flatMap((rule) => rule(values));
  const own = values.replica_regions.find((replica) => replica.region_name === region);
  if (own !== undefined) {
    messages.push(`replica_regions names ${own.region_name}, the table's own region; name other regions only.`);
  }
  return messages;
}

const keysAreDefined: CrossRule = (values) => {
  const defined = new Set(values.attributes.map((attribute) => attribute.name));
  return keyUses(values)
    .filter(([, attribute]) => !defined.has(attribute))
    .map(
      ([use, attribute]) =>
        `${use} is "${attribute}", which attributes does not define; add { name = "${attribute}", type = "S" } (or N, or B).`,
    );
};

const definedAreKeys: CrossRule = (values) => {
  const used = new Set(keyUses(values).map(([, attribute]) => attribute));
  return values.attributes
    .filter((attribute) => !used.has(attribute.name))
    .map(({ name }) => `attributes defines "${name}", which is no key of the table nor of an index; define keys only.`);
};

const keysDiffer: CrossRule = (values) =>
  values.range_key === values.hash_key
    ? [`range_key is "${values.hash_key}", as hash_key is; they must be two attributes.`]
    : [];

const localIndexesNeedRangeKey: CrossRule = (values) =>
  values.local_secondary_indexes.length > 0 && values.range_key === null
    ? ['local_secondary_indexes are given but range_key is null; only a table with a range key has local indexes.']
    : [];

const indexNamesDiffer: CrossRule = (values) => {
  const global = new Set(values.global_secondary_indexes.map((index) => index.name));
  return values.local_secondary_indexes
    .filter((index) => global.has(index.name))
    .map(({ name }) => `"${name}" names a global and a local secondary index; names must be unique within the table.`);
};

const keyNeedsEncryption: CrossRule = (values) =>
  values.kms_key_arn !== null && !values.enable_encryption
    ? ['kms_key_arn is given but enable_encryption is false; set enable_encryption = true, or leave the key out.']
    : [];

const triggersNeedStream: CrossRule = (values) => {
  if (!values.enable_stream_lambda_triggers) return [];
  const messages: string[] = [];
  if (!values.stream_enabled) {
    messages.push('enable_stream_lambda_triggers is true but stream_enabled is false; set stream_enabled = true.');
  }
  if (Object.keys(values.stream_lambda_functions).length === 0) {
    messages.push('enable_stream_lambda_triggers is true but stream_lambda_functions is empty; name the functions.');
  }
  return messages;
};

const kinesisNeedsArn: CrossRule = (values) =>
  values.enable_kinesis_destination && values.kinesis_stream_arn === null
    ? ['enable_kinesis_destination is true but kinesis_stream_arn is null; give the ARN of the data stream.']
    : [];

const replicasNeedStream: CrossRule = (values) =>
  values.replica_regions.length > 0 && values.stream_enabled && values.stream_view_type !== 'NEW_AND_OLD_IMAGES'
    ? [`replica_regions need stream_view_type NEW_AND_OLD_IMAGES; it is ${values.stream_view_type}.`]
    : [];

const scalingNeedsProvisioned: CrossRule = (values) => {
  if (!values.enable_autoscaling) return [];
  const messages: string[] = [];
  if (values.billing_mode !== 'PROVISIONED') {
    messages.push(
      `enable_autoscaling is true but billing_mode is ${values.billing_mode}, which has no capacity to scale; ` +
        'set billing_mode = "PROVISIONED", or leave auto scaling off.',
    );
  }
  for (const kind of ['read', 'write'] as const) {
    const most = values[`autoscaling_${kind}_max_capacity`];
    const least = values[`${kind}_capacity`];
    if (most < least) {
      messages.push(`autoscaling_${kind}_max_capacity is ${most}, below ${kind}_capacity ${least}; raise the maximum.`);
    }
  }
  return messages;
};

const itemsHaveKeys: CrossRule = (values) => [
  ...missingKeys(values, values.use_terraform_items, values.terraform_managed_items, 'terraform_managed_items'),
  ...missingKeys(values, values.populate_initial_data, values.initial_data_items, 'initial_data_items'),
];

const coldStorageFits: CrossRule = (values) => {
  const after = values.backup_cold_storage_after_days;
  if (after === null) return [];
  // AWS Backup, "Lifecycle": a backup stays in cold storage for 90 days at least.
  const least = after + 90;
  return values.backup_retention_days < least
    ? [
        `backup_retention_days is ${values.backup_retention_days} and backup_cold_storage_after_days is ${after}; ` +
          `cold storage lasts 90 days at least, so keep backups ${least} days or more.`,
      ]
    : [];
};

const planNeedsVault: CrossRule = (values) =>
  values.enable_backup_plan && !values.enable_backup_vault && values.existing_backup_vault_name === null
    ? ['enable_backup_plan is true without a vault; set enable_backup_vault = true or name existing_backup_vault_name.']
    : [];

const RULES: readonly CrossRule[] = [
  keysAreDefined,
  definedAreKeys,
  keysDiffer,
  localIndexesNeedRangeKey,
  indexNamesDiffer,
  keyNeedsEncryption,
  triggersNeedStream,
  kinesisNeedsArn,
  replicasNeedStream,
  scalingNeedsProvisioned,
  itemsHaveKeys,
  coldStorageFits,
  planNeedsVault,
];

/** Every use of an attribute as a key: `hash_key`, `global_secondary_indexes[0].range_key`, … */
function keyUses(values: Variables): readonly (readonly [use: string, attribute: string])[] {
  const uses: [string, string | null][] = [
    ['hash_key', values.hash_key],
    ['range_key', values.range_key],
  ];
  values.global_secondary_indexes.forEach((index, at) => {
    uses.push([`global_secondary_indexes[${at}].hash_key`, index.hash_key]);
    uses.push([`global_secondary_indexes[${at}].range_key`, index.range_key]);
  });
  values.local_secondary_indexes.forEach((index, at) => {
    uses.push([`local_secondary_indexes[${at}].range_key`, index.range_key]);
  });
  return uses.flatMap(([use, attribute]) => (attribute === null ? [] : [[use, attribute] as const]));
}

function missingKeys(values: Variables, used: boolean, items: unknown, name: string): readonly string[] {
  if (!used || typeof items !== 'object' || items === null) return [];
  return Object.entries(items).flatMap(([id, item]) => {
    const missing = [values.hash_key, values.range_key].filter(
      (key) => key !== null && !(isJsonObject(item) && Object.hasOwn(item, key)),
    );
    return missing.map((key) => `${name}["${id}"] lacks the key attribute "${key}"; every item needs it.`);
  });
}
