// Every variable of the module aws_terraform/base_elements/dynamodb_table: the one place that knows
// its type, default, documentation and the rules about its value. Rules about several variables: cross-rules.ts.
import {
  arnOf,
  attributeName,
  first,
  firstDuplicate,
  integer,
  matching,
  numberBetween,
  oneOf,
  policyDocument,
  resourceName,
} from './checks.js';
import { checkIndexes, checkItemList, checkItemMap, checkReplicas, checkStreamFunctions } from './structure-checks.js';
import {
  attributeType,
  globalSecondaryIndexType,
  importTableType,
  localSecondaryIndexType,
  onDemandThroughputType,
  replicaType,
  scalingScheduleType,
  streamFunctionType,
  timeoutsType,
} from './types.js';
import { type Variable, type VariableValue, variable } from './variable.js';
import { anyValue, bool, list, map, number, set, string } from './variable-type.js';

const KMS_EXAMPLE = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const VIEW_TYPES = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'];
/** What CloudWatch Logs takes for PutRetentionPolicy; 0 keeps for ever. */
const LOG_RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const table = {
  table_name: variable({
    type: string,
    description: 'Name of the table, unique within the account and region.',
    check: resourceName,
  }),
  billing_mode: variable({
    type: string,
    default: 'PAY_PER_REQUEST',
    description: 'How capacity is paid for: PAY_PER_REQUEST (on-demand) or PROVISIONED.',
    check: oneOf('PROVISIONED', 'PAY_PER_REQUEST'),
  }),
  read_capacity: variable({
    type: number,
    default: 5,
    description: 'Read capacity units of a PROVISIONED table, and of its global secondary indexes that name none.',
    check: integer(1),
  }),
  write_capacity: variable({
    type: number,
    default: 5,
    description: 'Write capacity units of a PROVISIONED table, and of its global secondary indexes that name none.',
    check: integer(1),
  }),
  hash_key: variable({
    type: string,
    description: "Attribute that is the table's hash (partition) key.",
    check: attributeName,
  }),
  range_key: variable({
    type: string,
    default: null,
    description: "Attribute that is the table's range (sort) key; null for a table without one.",
    check: attributeName,
  }),
  table_class: variable({
    type: string,
    default: 'STANDARD',
    description: 'Storage class: STANDARD or STANDARD_INFREQUENT_ACCESS.',
    check: oneOf('STANDARD', 'STANDARD_INFREQUENT_ACCESS'),
  }),
  attributes: variable({
    type: list(attributeType),
    description: 'The attributes that are keys of the table or of an index: name, and type S, N or B.',
    check: (attributes, name) => {
      const twice = firstDuplicate(attributes.map((attribute) => attribute.name));
      return first(
        ...attributes.map((attribute, index) => oneOf('S', 'N', 'B')(attribute.type, `${name}[${index}].type`)),
        ...attributes.map((attribute, index) => attributeName(attribute.name, `${name}[${index}].name`)),
        twice === null ? null : `${name} defines "${twice}" twice; each attribute must be defined once.`,
      );
    },
  }),
  global_secondary_indexes: variable({
    type: list(globalSecondaryIndexType),
    default: [],
    description: "Global secondary indexes; capacities count on a PROVISIONED table and default to the table's.",
    check: (indexes, name) =>
      first(
        checkIndexes(indexes, name, 20),
        ...indexes.flatMap((index, at) => [
          index.read_capacity === null ? null : integer(1)(index.read_capacity, `${name}[${at}].read_capacity`),
          index.write_capacity === null ? null : integer(1)(index.write_capacity, `${name}[${at}].write_capacity`),
        ]),
      ),
  }),
  local_secondary_indexes: variable({
    type: list(localSecondaryIndexType),
    default: [],
    description: "Local secondary indexes; they share the table's hash key and can only be made with the table.",
    check: (indexes, name) => checkIndexes(indexes, name, 5),
  }),
  ttl_enabled: variable({
    type: bool,
    default: false,
    description: 'Whether DynamoDB deletes items whose time to live has passed.',
  }),
  ttl_attribute_name: variable({
    type: string,
    default: 'ttl',
    description: "Attribute that holds an item's expiry time, a number of seconds since 1970.",
    check: attributeName,
  }),
  deletion_protection: variable({
    type: bool,
    default: false,
    description: 'Whether DynamoDB refuses to delete the table.',
  }),
  tags: variable({
    type: map(string),
    default: {},
    description: "Tags of the table. The tag Name is the table's name unless it is given here.",
  }),
};

const protection = {
  enable_encryption: variable({
    type: bool,
    default: true,
    description: 'Whether a KMS key encrypts the table; when false, a key that AWS owns does.',
  }),
  kms_key_arn: variable({
    type: string,
    default: null,
    description: 'ARN of the customer managed KMS key; null for the AWS managed key aws/dynamodb.',
    check: arnOf('kms', KMS_EXAMPLE),
  }),
  point_in_time_recovery: variable({
    type: bool,
    default: true,
    description: 'Whether the table can be restored to any second of its recovery window.',
  }),
  point_in_time_recovery_days: variable({
    type: number,
    default: null,
    description: "Length of the recovery window in days, 1 to 35; null for AWS's default, which is 35.",
    check: integer(1, 35),
  }),
  resource_policy: variable({
    type: string,
    default: null,
    description: 'A resource-based policy of the table, as a JSON string; null for none.',
    check: policyDocument,
  }),
};

const streams = {
  stream_enabled: variable({
    type: bool,
    default: false,
    description: 'Whether changes of items are published to a DynamoDB stream.',
  }),
  stream_view_type: variable({
    type: string,
    default: 'NEW_AND_OLD_IMAGES',
    description: 'What a stream record holds of a changed item.',
    check: oneOf(...VIEW_TYPES),
  }),
  enable_stream_lambda_triggers: variable({
    type: bool,
    default: false,
    description: 'Whether the functions in stream_lambda_functions are triggered by the stream.',
  }),
  stream_lambda_functions: variable({
    type: map(streamFunctionType),
    default: {},
    description: 'Functions that the stream triggers, by a name of your own.',
    check: checkStreamFunctions,
  }),
  create_stream_log_group: variable({
    type: bool,
    default: false,
    description: 'Whether a log group for stream processing is created.',
  }),
  stream_log_retention_days: variable({
    type: number,
    default: 7,
    description: 'Days that the stream log group keeps its events; 0 for ever.',
    check: (value, name) =>
      LOG_RETENTION_DAYS.includes(value)
        ? null
        : `${name} is ${value}; it must be one of ${LOG_RETENTION_DAYS.join(', ')}.`,
  }),
  log_kms_key_arn: variable({
    type: string,
    default: null,
    description: 'ARN of the KMS key that encrypts the stream log group.',
    check: arnOf('kms', KMS_EXAMPLE),
  }),
  enable_kinesis_destination: variable({
    type: bool,
    default: false,
    description: 'Whether changes of items are sent to the Kinesis data stream kinesis_stream_arn.',
  }),
  kinesis_stream_arn: variable({
    type: string,
    default: null,
    description: 'ARN of the Kinesis data stream that receives the changes of items.',
    check: arnOf('kinesis', 'arn:aws:kinesis:us-east-1:123456789012:stream/changes'),
  }),
  enable_contributor_insights: variable({
    type: bool,
    default: false,
    description: 'Whether Contributor Insights ranks the most used keys of the table and its global indexes.',
  }),
};

const globalTables = {
  replica_regions: variable({
    type: list(replicaType),
    default: [],
    description: 'Replicas of the table in other regions.',
    check: checkReplicas,
  }),
};

const autoScaling = {
  enable_autoscaling: variable({
    type: bool,
    default: false,
    description: 'Whether the capacity of a PROVISIONED table follows its load.',
  }),
  autoscaling_read_max_capacity: variable({
    type: number,
    default: 100,
    description: 'Most read capacity units that auto scaling gives the table.',
    check: integer(1),
  }),
  autoscaling_write_max_capacity: variable({
    type: number,
    default: 100,
    description: 'Most write capacity units that auto scaling gives the table.',
    check: integer(1),
  }),
  autoscaling_read_target: variable({
    type: number,
    default: 70,
    description: 'Percentage of read capacity in use that auto scaling aims at.',
    check: numberBetween(20, 90),
  }),
  autoscaling_write_target: variable({
    type: number,
    default: 70,
    description: 'Percentage of write capacity in use that auto scaling aims at.',
    check: numberBetween(20, 90),
  }),
  autoscaling_scale_in_cooldown: variable({
    type: number,
    default: 60,
    description: 'Seconds after a scale-in before the next one.',
    check: integer(0),
  }),
  autoscaling_scale_out_cooldown: variable({
    type: number,
    default: 60,
    description: 'Seconds after a scale-out before the next one.',
    check: integer(0),
  }),
  autoscaling_schedules: variable({
    type: map(scalingScheduleType),
    default: {},
    description: "Bounds of the table's capacity that change by the clock, by a name of your own.",
    check: (schedules, name) =>
      first(
        ...Object.entries(schedules).flatMap(([key, it]) => [
          matching(/^(at|rate|cron)\(.+\)$/, 'at(), rate() or cron(), such as cron(0 8 * * ? *)')(
            it.schedule,
            `${name}["${key}"].schedule`,
          ),
          it.read === null && it.write === null ? `${name}["${key}"] names no bounds; give read, write or both.` : null,
        ]),
      ),
  }),
};

const iam = {
  create_lambda_access_policy: variable({
    type: bool,
    default: false,
    description: 'Whether a policy for Lambda functions that use the table is created.',
  }),
  lambda_function_names: variable({
    type: set(string),
    default: [],
    description: 'Functions whose execution roles get the Lambda access policy.',
  }),
  create_read_only_policy: variable({
    type: bool,
    default: false,
    description: 'Whether a policy that allows reading the table is created.',
  }),
  create_write_only_policy: variable({
    type: bool,
    default: false,
    description: 'Whether a policy that allows writing the table is created.',
  }),
  custom_iam_policy: variable({
    type: string,
    default: null,
    description: 'A policy document of your own, as a JSON string.',
    check: policyDocument,
  }),
};

const data = {
  populate_initial_data: variable({
    type: bool,
    default: false,
    description: 'Whether initial_data_items are written, in bulk, once the table exists.',
  }),
  initial_data_items: variable({
    type: anyValue,
    default: [],
    description: 'Items in DynamoDB JSON that populate_initial_data writes.',
    check: checkItemList,
  }),
  aws_cli_path: variable({
    type: string,
    default: 'aws',
    description: 'The AWS CLI that populate_initial_data calls.',
  }),
  aws_region: variable({
    type: string,
    default: '',
    description: 'Region that the AWS CLI is told; empty for the one of the environment.',
  }),
  use_terraform_items: variable({
    type: bool,
    default: false,
    description: 'Whether terraform_managed_items are kept as resources: made, changed and deleted with the table.',
  }),
  terraform_managed_items: variable({
    type: anyValue,
    default: {},
    description: 'Items in DynamoDB JSON that are kept as resources, by an identifier of your own.',
    check: checkItemMap,
  }),
};

const backup = {
  enable_backup_vault: variable({ type: bool, default: false, description: 'Whether a backup vault is created.' }),
  backup_vault_kms_key_arn: variable({
    type: string,
    default: null,
    description: 'ARN of the KMS key that encrypts the backup vault.',
    check: arnOf('kms', KMS_EXAMPLE),
  }),
  existing_backup_vault_name: variable({
    type: string,
    default: null,
    description: 'A backup vault that exists already, in place of one of its own.',
    check: matching(/^[a-zA-Z0-9_-]{2,50}$/, '2 to 50 characters out of a-z, A-Z, 0-9, - and _'),
  }),
  enable_backup_plan: variable({
    type: bool,
    default: false,
    description: 'Whether AWS Backup backs the table up daily.',
  }),
  backup_schedule: variable({
    type: string,
    default: 'cron(0 2 * * ? *)',
    description: 'When the daily backup starts (UTC), as cron() with six fields.',
    check: matching(/^cron\((\S+ ){5}\S+\)$/, 'cron() with six fields, such as cron(0 2 * * ? *)'),
  }),
  backup_retention_days: variable({
    type: number,
    default: 30,
    description: 'Days that daily backups are kept.',
    check: integer(1),
  }),
  backup_cold_storage_after_days: variable({
    type: number,
    default: null,
    description: 'Days after which daily backups move to cold storage; null for never.',
    check: integer(1),
  }),
  enable_weekly_backup: variable({
    type: bool,
    default: false,
    description: 'Whether a weekly backup, Sundays at 02:00 UTC, is made too.',
  }),
  backup_weekly_retention_days: variable({
    type: number,
    default: 90,
    description: 'Days that weekly backups are kept.',
    check: integer(1),
  }),
  create_manual_backup: variable({
    type: bool,
    default: false,
    description: 'Whether an on-demand backup is made with the next apply.',
  }),
};

const origin = {
  on_demand_throughput: variable({
    type: onDemandThroughputType,
    default: null,
    description: 'Most request units per second of an on-demand table; null for no limit.',
  }),
  restore_source_name: variable({
    type: string,
    default: null,
    description: 'A table that the new table is restored from, to a point in time.',
    check: resourceName,
  }),
  restore_source_table_arn: variable({
    type: string,
    default: null,
    description: 'The same by ARN, for a table of another region.',
    check: arnOf('dynamodb', 'arn:aws:dynamodb:us-east-1:123456789012:table/users-table'),
  }),
  restore_date_time: variable({
    type: string,
    default: null,
    description: 'The second to restore to, such as 2026-02-01T12:00:00Z.',
  }),
  restore_to_latest_time: variable({
    type: bool,
    default: null,
    description: 'Whether to restore to the latest restorable time.',
  }),
  import_table: variable({
    type: importTableType,
    default: null,
    description: 'A file in S3 that the new table is filled from.',
    check: (value, name) => oneOf('CSV', 'DYNAMODB_JSON', 'ION')(value.input_format, `${name}.input_format`),
  }),
  timeouts: variable({
    type: timeoutsType,
    default: null,
    description: 'How long to wait for the table to be created, updated and deleted, such as 60m.',
  }),
};

/** All variables, in the order of the module's documentation. */
export const variables = {
  ...table,
  ...protection,
  ...streams,
  ...globalTables,
  ...autoScaling,
  ...iam,
  ...data,
  ...backup,
  ...origin,
};

export type VariableName = keyof typeof variables;

/** The values of all variables, checked and converted. */
export type Variables = { readonly [K in VariableName]: VariableValue<(typeof variables)[K]> };

/** The declaration of a variable by name; undefined for a name that is none. */
export function findVariable(name: string): Variable | undefined {
  return Object.hasOwn(variables, name) ? (variables as { [name: string]: Variable })[name] : undefined;
}
