import {
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type GlobalSecondaryIndexDescription,
  ListTagsOfResourceCommand,
  type LocalSecondaryIndexDescription,
  type TableDescription,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import { asUserError, awsErrorName } from '../../aws/aws-error.js';
import type { JsonObject, JsonValue } from '../../json-value.js';
import { compareText } from '../../schema/convert-value.js';
import { blocks, text } from '../planned-value.js';
import type { ResourceContext } from '../resource-handler.js';
import { inSetOrder } from '../set-order.js';

/** DescribeTable; null only when DynamoDB says that there is no such table. */
export async function describeTable(context: ResourceContext, name: string): Promise<TableDescription | null> {
  try {
    const output = await context.dynamodb.send(new DescribeTableCommand({ TableName: name }));
    if (output.Table === undefined) {
      throw new UserError(`DescribeTable of ${name} gave no table`, 'Check what answers at this endpoint.');
    }
    return output.Table;
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return null;
    throw asUserError(error, `read table ${name}`, context.aws);
  }
}

/**
 * All attributes of the table as provider 5.100.0 stores them. What the configuration leaves open and AWS
 * does not tell is taken over from `prior`.
 */
export async function readTable(
  context: ResourceContext,
  name: string,
  prior: JsonObject | null,
): Promise<JsonObject | null> {
  const table = await describeTable(context, name);
  // A table that is on its way out is gone for every purpose.
  if (table === null || table.TableStatus === 'DELETING') return null;
  refuseReplicas(table);
  try {
    const [backups, ttl, tags] = await Promise.all([
      context.dynamodb.send(new DescribeContinuousBackupsCommand({ TableName: name })),
      context.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name })),
      readTags(context, table.TableArn ?? ''),
    ]);
    const details = { backups: backups.ContinuousBackupsDescription, ttl: ttl.TimeToLiveDescription, tags };
    return tableAttributes(table, details, prior);
  } catch (error) {
    throw asUserError(error, `read table ${name}`, context.aws);
  }
}

function refuseReplicas(table: TableDescription): void {
  const regions = (table.Replicas ?? []).map((replica) => replica.RegionName);
  if (regions.length === 0) return;
  const message = `table ${table.TableName} has replicas (${regions.join(', ')}), which are not handled yet`;
  throw new UserError(message, 'Manage this table with terraform.');
}

/** All tags without those that AWS sets itself, as the provider keeps them. */
export async function readTags(context: ResourceContext, arn: string): Promise<{ [key: string]: string }> {
  const tags: { [key: string]: string } = {};
  let next: string | undefined;
  do {
    const input = next === undefined ? { ResourceArn: arn } : { ResourceArn: arn, NextToken: next };
    const page = await context.dynamodb.send(new ListTagsOfResourceCommand(input));
    for (const tag of page.Tags ?? []) {
      if (tag.Key !== undefined && !tag.Key.startsWith('aws:')) tags[tag.Key] = tag.Value ?? '';
    }
    next = page.NextToken === '' ? undefined : page.NextToken;
  } while (next !== undefined);
  return Object.fromEntries(Object.entries(tags).sort(([a], [b]) => compareText(a, b)));
}

interface TableDetails {
  readonly backups: ContinuousBackupsDescription | undefined;
  readonly ttl: TimeToLiveDescription | undefined;
  readonly tags: JsonObject;
}

/** The state's attributes in alphabetical order, as Terraform writes them. */
export function tableAttributes(table: TableDescription, details: TableDetails, prior: JsonObject | null): JsonObject {
  const key = (type: string): string | null =>
    table.KeySchema?.find((element) => element.KeyType === type)?.AttributeName ?? null;
  const stream = table.StreamSpecification;
  return {
    arn: table.TableArn ?? '',
    attribute: inSetOrder(
      (table.AttributeDefinitions ?? []).map((it) => ({ name: it.AttributeName ?? '', type: it.AttributeType ?? '' })),
    ),
    billing_mode: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    deletion_protection_enabled: table.DeletionProtectionEnabled ?? false,
    global_secondary_index: inSetOrder((table.GlobalSecondaryIndexes ?? []).map(globalIndexAttributes)),
    hash_key: key('HASH'),
    id: table.TableName ?? '',
    import_table: [],
    local_secondary_index: inSetOrder((table.LocalSecondaryIndexes ?? []).map(localIndexAttributes)),
    name: table.TableName ?? '',
    on_demand_throughput: onDemandThroughput(table),
    point_in_time_recovery: pointInTimeRecovery(details.backups),
    range_key: key('RANGE'),
    read_capacity: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    replica: [],
    restore_date_time: prior?.restore_date_time ?? null,
    restore_source_name: prior?.restore_source_name ?? null,
    restore_source_table_arn: prior?.restore_source_table_arn ?? null,
    restore_to_latest_time: prior?.restore_to_latest_time ?? null,
    server_side_encryption: encryption(table, prior),
    stream_arn: table.LatestStreamArn ?? '',
    stream_enabled: stream?.StreamEnabled ?? false,
    stream_label: table.LatestStreamLabel ?? '',
    stream_view_type: stream === undefined ? text(prior ?? {}, 'stream_view_type') : (stream.StreamViewType ?? ''),
    table_class: table.TableClassSummary?.TableClass ?? 'STANDARD',
    tags: details.tags,
    tags_all: details.tags,
    timeouts: prior?.timeouts ?? null,
    ttl: [
      {
        attribute_name: details.ttl?.AttributeName ?? '',
        enabled: details.ttl?.TimeToLiveStatus === 'ENABLED' || details.ttl?.TimeToLiveStatus === 'ENABLING',
      },
    ],
    write_capacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
  };
}

function globalIndexAttributes(index: GlobalSecondaryIndexDescription): JsonObject {
  const key = (type: string): string => index.KeySchema?.find((it) => it.KeyType === type)?.AttributeName ?? '';
  return {
    hash_key: key('HASH'),
    name: index.IndexName ?? '',
    non_key_attributes: [...(index.Projection?.NonKeyAttributes ?? [])].sort(compareText),
    on_demand_throughput: onDemandThroughput(index),
    projection_type: index.Projection?.ProjectionType ?? '',
    range_key: key('RANGE'),
    read_capacity: index.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    write_capacity: index.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
  };
}

function localIndexAttributes(index: LocalSecondaryIndexDescription): JsonObject {
  return {
    name: index.IndexName ?? '',
    non_key_attributes: [...(index.Projection?.NonKeyAttributes ?? [])],
    projection_type: index.Projection?.ProjectionType ?? '',
    range_key: index.KeySchema?.find((it) => it.KeyType === 'RANGE')?.AttributeName ?? '',
  };
}

function onDemandThroughput(of: TableDescription | GlobalSecondaryIndexDescription): JsonValue {
  const throughput = of.OnDemandThroughput;
  if (throughput === undefined) return [];
  return [
    {
      max_read_request_units: throughput.MaxReadRequestUnits ?? 0,
      max_write_request_units: throughput.MaxWriteRequestUnits ?? 0,
    },
  ];
}

function pointInTimeRecovery(backups: ContinuousBackupsDescription | undefined): JsonValue {
  const description = backups?.PointInTimeRecoveryDescription;
  return [
    {
      enabled: description?.PointInTimeRecoveryStatus === 'ENABLED',
      recovery_period_in_days: description?.RecoveryPeriodInDays ?? 0,
    },
  ];
}

/**
 * The provider leaves the key's ARN empty where it is the AWS managed key aws/dynamodb, which it asks KMS about. Here
 * it stays empty as long as no key is configured: the ARN has no influence on the plan either way.
 */
function encryption(table: TableDescription, prior: JsonObject | null): JsonValue {
  const description = table.SSEDescription;
  if (description === undefined || description.Status === undefined) return [];
  const priorBlock = prior === null ? undefined : blocks(prior, 'server_side_encryption')[0];
  const isConfigured = priorBlock === undefined ? prior === null : text(priorBlock, 'kms_key_arn') !== '';
  return [
    {
      enabled: description.Status === 'ENABLED',
      kms_key_arn: isConfigured ? (description.KMSMasterKeyArn ?? '') : '',
    },
  ];
}
