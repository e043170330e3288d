import type { AttributeDefinition, OnDemandRecord, TableRecord, ThroughputRecord } from '../catalog/table-record.js';
import type { CreateTableInput, GlobalIndexInput } from '../control/create-table.js';
import type { SseSpecification } from '../control/encryption.js';
import type { IndexInput } from '../control/index-rules.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import type { BillingMode, ProvisionedThroughput } from '../control/throughput-rules.js';

/** The members that both restores have. */
export interface RestoreOverrides {
  readonly TargetTableName: string;
  readonly BillingModeOverride?: BillingMode;
  readonly GlobalSecondaryIndexOverride?: readonly GlobalIndexInput[];
  readonly LocalSecondaryIndexOverride?: readonly IndexInput[];
  readonly ProvisionedThroughputOverride?: ProvisionedThroughput;
  readonly OnDemandThroughputOverride?: OnDemandRecord;
  readonly SSESpecificationOverride?: SseSpecification;
}

/**
 * CreateTable's input for the table to be restored: the source's keys, indexes, capacity, encryption and class, as far
 * as they are not overridden. Tags, streams, time to live, point-in-time recovery, deletion protection and the
 * resource policy are not carried over
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
 */
export function restoreInput(source: TableRecord, given: RestoreOverrides): CreateTableInput {
  const billingMode = given.BillingModeOverride ?? source.billingMode;
  const local = given.LocalSecondaryIndexOverride ?? source.localIndexes.map(indexInput);
  const global = given.GlobalSecondaryIndexOverride ?? sourceGlobalIndexes(source, billingMode);
  checkMatching(local, source.localIndexes, 'LocalSecondaryIndexOverride');
  checkMatching(global, source.globalIndexes, 'GlobalSecondaryIndexOverride');
  const throughput = given.ProvisionedThroughputOverride ?? provisioned(source.throughput, billingMode);
  const onDemand =
    given.OnDemandThroughputOverride ?? (billingMode === 'PAY_PER_REQUEST' ? source.onDemand : undefined);
  const encryption = given.SSESpecificationOverride ?? sourceEncryption(source);
  return {
    TableName: given.TargetTableName,
    AttributeDefinitions: usedDefinitions(source, [...local, ...global]),
    KeySchema: source.keySchema,
    BillingMode: billingMode,
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(throughput !== undefined && { ProvisionedThroughput: throughput }),
    ...(onDemand !== undefined && { OnDemandThroughput: onDemand }),
    ...(encryption !== undefined && { SSESpecification: encryption }),
    ...(source.tableClass !== undefined && { TableClass: source.tableClass.name }),
  };
}

function indexInput(index: TableRecord['localIndexes'][number]): IndexInput {
  return { IndexName: index.name, KeySchema: index.keySchema, Projection: index.projection };
}

function sourceGlobalIndexes(source: TableRecord, billingMode: BillingMode): GlobalIndexInput[] {
  return source.globalIndexes
    .filter((index) => index.status !== 'DELETING')
    .map((index) => {
      const throughput = provisioned(index.throughput, billingMode);
      return {
        ...indexInput(index),
        ...(throughput !== undefined && { ProvisionedThroughput: throughput }),
        ...(billingMode === 'PAY_PER_REQUEST' && index.onDemand && { OnDemandThroughput: index.onDemand }),
      };
    });
}

function provisioned(from: ThroughputRecord, billingMode: BillingMode): ProvisionedThroughput | undefined {
  if (billingMode === 'PAY_PER_REQUEST' || from.readUnits === 0) return undefined;
  return { ReadCapacityUnits: from.readUnits, WriteCapacityUnits: from.writeUnits };
}

function sourceEncryption({ encryption }: TableRecord): SseSpecification | undefined {
  return encryption && { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: encryption.keyArn };
}

/** Docs: "The indexes provided should match existing secondary indexes." */
function checkMatching(asked: readonly IndexInput[], existing: readonly ExistingIndex[], member: string): void {
  for (const index of asked) {
    const found = existing.find((one) => one.name === index.IndexName);
    if (found !== undefined && isSameIndex(index, found)) continue;
    throw invalidParameter(
      `${member}: the index ${index.IndexName} does not match an existing secondary index of the source table`,
    );
  }
}

type ExistingIndex = TableRecord['localIndexes'][number];

function isSameIndex(asked: IndexInput, existing: ExistingIndex): boolean {
  const schema = asked.KeySchema.map(({ AttributeName, KeyType }) => [AttributeName, KeyType]);
  const itsSchema = existing.keySchema.map(({ AttributeName, KeyType }) => [AttributeName, KeyType]);
  const attributes = [...(asked.Projection.NonKeyAttributes ?? [])].sort();
  const itsAttributes = [...(existing.projection.NonKeyAttributes ?? [])].sort();
  return (
    JSON.stringify([schema, asked.Projection.ProjectionType, attributes]) ===
    JSON.stringify([itsSchema, existing.projection.ProjectionType, itsAttributes])
  );
}

function usedDefinitions(source: TableRecord, indexes: readonly IndexInput[]): AttributeDefinition[] {
  const schemas = [source.keySchema, ...indexes.map((index) => index.KeySchema)];
  const used = new Set(schemas.flat().map((element) => element.AttributeName));
  return source.attributes.filter((attribute) => used.has(attribute.AttributeName));
}
