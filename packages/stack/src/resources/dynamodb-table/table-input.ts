// Attributes of aws_dynamodb_table as the parameters of CreateTable and UpdateTable.
import type {
  AttributeDefinition,
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
  LocalSecondaryIndex,
  Projection,
  ProvisionedThroughput,
  SSESpecification,
} from '@aws-sdk/client-dynamodb';
import { isJsonObject, type JsonObject } from '../../json-value.js';
import { blocks, count, flag, text, texts } from '../planned-value.js';

export function createTableInput(planned: JsonObject): CreateTableCommandInput {
  const globalIndexes = blocks(planned, 'global_secondary_index');
  const localIndexes = blocks(planned, 'local_secondary_index');
  const provisioned = isProvisioned(planned);
  const encryption = encryptionInput(planned);
  return {
    TableName: text(planned, 'name'),
    BillingMode: provisioned ? 'PROVISIONED' : 'PAY_PER_REQUEST',
    KeySchema: keySchema(planned),
    AttributeDefinitions: attributeDefinitions(planned),
    DeletionProtectionEnabled: flag(planned, 'deletion_protection_enabled'),
    TableClass:
      text(planned, 'table_class') === 'STANDARD_INFREQUENT_ACCESS' ? 'STANDARD_INFREQUENT_ACCESS' : 'STANDARD',
    Tags: tagList(planned),
    ...(provisioned ? { ProvisionedThroughput: throughput(planned) } : {}),
    ...(globalIndexes.length === 0
      ? {}
      : { GlobalSecondaryIndexes: globalIndexes.map((index) => globalIndexInput(index, provisioned)) }),
    ...(localIndexes.length === 0
      ? {}
      : { LocalSecondaryIndexes: localIndexes.map((index) => localIndexInput(index, text(planned, 'hash_key'))) }),
    ...(flag(planned, 'stream_enabled') ? { StreamSpecification: streamInput(planned) } : {}),
    ...(encryption.Enabled === true ? { SSESpecification: encryption } : {}),
  };
}

export function isProvisioned(attributes: JsonObject): boolean {
  return text(attributes, 'billing_mode') !== 'PAY_PER_REQUEST';
}

export function attributeDefinitions(attributes: JsonObject): AttributeDefinition[] {
  return blocks(attributes, 'attribute').map((it) => ({
    AttributeName: text(it, 'name'),
    AttributeType: scalarType(text(it, 'type')),
  }));
}

export function globalIndexInput(index: JsonObject, provisioned: boolean): GlobalSecondaryIndex {
  return {
    IndexName: text(index, 'name'),
    KeySchema: keySchema(index),
    Projection: projection(index),
    ...(provisioned ? { ProvisionedThroughput: throughput(index) } : {}),
  };
}

export function throughput(of: JsonObject): ProvisionedThroughput {
  return { ReadCapacityUnits: count(of, 'read_capacity'), WriteCapacityUnits: count(of, 'write_capacity') };
}

export function encryptionInput(attributes: JsonObject): SSESpecification {
  const block = blocks(attributes, 'server_side_encryption')[0];
  if (!flag(block, 'enabled')) return { Enabled: false };
  const key = text(block, 'kms_key_arn');
  return { Enabled: true, ...(key === '' ? {} : { SSEType: 'KMS', KMSMasterKeyId: key }) };
}

export function streamInput(attributes: JsonObject) {
  const views = ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES'] as const;
  const view = views.find((it) => it === text(attributes, 'stream_view_type'));
  return { StreamEnabled: true, ...(view === undefined ? {} : { StreamViewType: view }) };
}

function localIndexInput(index: JsonObject, hashKey: string): LocalSecondaryIndex {
  return {
    IndexName: text(index, 'name'),
    KeySchema: keySchema({ hash_key: hashKey, range_key: text(index, 'range_key') }),
    Projection: projection(index),
  };
}

function keySchema(of: JsonObject): KeySchemaElement[] {
  const schema: KeySchemaElement[] = [{ AttributeName: text(of, 'hash_key'), KeyType: 'HASH' }];
  const rangeKey = text(of, 'range_key');
  if (rangeKey !== '') schema.push({ AttributeName: rangeKey, KeyType: 'RANGE' });
  return schema;
}

function projection(index: JsonObject): Projection {
  const types = ['ALL', 'KEYS_ONLY', 'INCLUDE'] as const;
  const type = types.find((it) => it === text(index, 'projection_type')) ?? 'ALL';
  const included = texts(index, 'non_key_attributes');
  return { ProjectionType: type, ...(included.length === 0 ? {} : { NonKeyAttributes: [...included] }) };
}

function scalarType(type: string): 'S' | 'N' | 'B' {
  return type === 'N' || type === 'B' ? type : 'S';
}

function tagList(attributes: JsonObject): { Key: string; Value: string }[] {
  const tags = attributes.tags;
  return isJsonObject(tags) ? Object.entries(tags).map(([Key, value]) => ({ Key, Value: String(value) })) : [];
}
