import type { AttributeDefinition, OnDemandRecord, TableRecord, ThroughputRecord } from '../catalog/table-record.js';
import type { CreateTableInput, GlobalIndexInput } from '../control/create-table.js';
import type { SseSpecification } from '../control/encryption.js';
import type { IndexInput } from '../control/index-rules.js';
import type { BillingMode, ProvisionedThroughput } from '../control/throughput-rules.js';
import { type DynamoError, validationError } from '../errors.js';
import { type VectorIndexInput, vectorIndexInput } from '../vectors/vector-index-rules.js';

/** The members that both restores have. */
export interface RestoreOverrides {
  readonly TargetTableName: string;
  readonly BillingModeOverride?: BillingMode;
  readonly GlobalSecondaryIndexOverride?: readonly GlobalIndexInput[];
  readonly LocalSecondaryIndexOverride?: readonly IndexInput[];
  readonly VectorIndexOverride?: readonly VectorIndexInput[];
  readonly ProvisionedThroughputOverride?: ProvisionedThroughput;
  readonly OnDemandThroughputOverride?: OnDemandRecord;
  readonly SSESpecificationOverride?: SseSpecification;
}

/**
 * CreateTable's input for the table to be restored: the source's keys, indexes, capacity and encryption, as far as they
 * are not overridden. Tags, streams, time to live, point-in-time recovery, deletion protection and the resource policy
 * are not carried over
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html), and neither is
 * the table class (recorded on AWS by a public project, as are the errors' words).
 */
export function restoreInput(source: TableRecord, given: RestoreOverrides): CreateTableInput {
  const billingMode = given.BillingModeOverride ?? source.billingMode;
  checkCapacity(source, given, billingMode);
  checkMatching(given.LocalSecondaryIndexOverride, source.localIndexes);
  checkMatching(given.GlobalSecondaryIndexOverride, source.globalIndexes);
  const local = given.LocalSecondaryIndexOverride ?? source.localIndexes.map(indexInput);
  const global = given.GlobalSecondaryIndexOverride ?? sourceGlobalIndexes(source, billingMode);
  const sourceVectors = (source.vectorIndexes ?? [])
    .filter((index) => index.status !== 'DELETING')
    .map(vectorIndexInput);
  checkMatchingVectors(given.VectorIndexOverride, sourceVectors);
  const vectors = given.VectorIndexOverride ?? sourceVectors;
  const throughput = given.ProvisionedThroughputOverride ?? provisioned(source.throughput, billingMode);
  const onDemand =
    given.OnDemandThroughputOverride ?? (billingMode === 'PAY_PER_REQUEST' ? source.onDemand : undefined);
  const encryption = given.SSESpecificationOverride ?? sourceEncryption(source);
  return {
    TableName: given.TargetTableName,
    AttributeDefinitions: usedDefinitions(source, [...local, ...global], vectors),
    KeySchema: source.keySchema,
    BillingMode: billingMode,
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(vectors.length > 0 && { VectorIndexes: vectors }),
    ...(throughput !== undefined && { ProvisionedThroughput: throughput }),
    ...(onDemand !== undefined && { OnDemandThroughput: onDemand }),
    ...(encryption !== undefined && { SSESpecification: encryption }),
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

/** What is overridden must go with the billing mode that the table will have, on every index as well. */
function checkCapacity(source: TableRecord, given: RestoreOverrides, billingMode: BillingMode): void {
  const indexes = given.GlobalSecondaryIndexOverride ?? [];
  if (billingMode === 'PROVISIONED') {
    checkProvisioned(source, given, indexes);
    return;
  }
  const because =
    given.BillingModeOverride === undefined
      ? 'unless BillingMode is PROVISIONED'
      : 'if BillingMode is overridden to PAY_PER_REQUEST';
  if (given.ProvisionedThroughputOverride !== undefined) {
    throw invalidRequest(`Cannot override ProvisionedThroughput ${because}`);
  }
  for (const { IndexName, ProvisionedThroughput, OnDemandThroughput } of indexes) {
    if (ProvisionedThroughput !== undefined) {
      throw invalidRequest(`Cannot override ProvisionedThroughput ${because} for index ${IndexName}`);
    }
    checkMaximums(OnDemandThroughput, ` for index ${IndexName}`);
  }
  checkMaximums(given.OnDemandThroughputOverride, '');
}

function checkProvisioned(source: TableRecord, given: RestoreOverrides, indexes: readonly GlobalIndexInput[]): void {
  for (const member of MAXIMUMS) {
    if (given.OnDemandThroughputOverride?.[member] === undefined) continue;
    throw invalidRequest(
      `Cannot override ${member} for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST`,
    );
  }
  if (source.billingMode === 'PAY_PER_REQUEST' && given.ProvisionedThroughputOverride === undefined) {
    throw invalidRequest('Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED');
  }
  // Those of the source have no throughput when it is on demand.
  const withoutUnits =
    given.GlobalSecondaryIndexOverride === undefined && source.billingMode === 'PAY_PER_REQUEST'
      ? source.globalIndexes.at(0)?.name
      : indexes.find((index) => index.ProvisionedThroughput === undefined)?.IndexName;
  if (withoutUnits !== undefined) throw invalidRequest(`Must specify provisioned throughput for index ${withoutUnits}`);
}

const MAXIMUMS = ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const;

function checkMaximums(given: OnDemandRecord | undefined, where: string): void {
  const outside = MAXIMUMS.find((member) => (given?.[member] ?? 1) < 1);
  if (outside === undefined) return;
  throw invalidRequest(`Requested ${outside} for OnDemandThroughput${where} is outside of valid range`);
}

function invalidRequest(what: string): DynamoError {
  return validationError(`Invalid Request: ${what}`);
}

/** Keys and projection must be those of an index of the source; its name may be another. */
function checkMatching(asked: readonly IndexInput[] = [], existing: readonly ExistingIndex[]): void {
  const unknown = asked.find((index) => !existing.some((one) => isSameIndex(index, one)));
  if (unknown !== undefined) throw noSuchIndex(unknown.IndexName);
}

function checkMatchingVectors(asked: readonly VectorIndexInput[] = [], existing: readonly VectorIndexInput[]): void {
  const known = new Set(existing.map(vectorIndexText));
  const unknown = asked.find((index) => !known.has(vectorIndexText(index)));
  if (unknown !== undefined) throw noSuchIndex(unknown.IndexName);
}

/** The same for two indexes that differ in nothing but their names. */
function vectorIndexText({ VectorAttribute, SearchSchema = [], Projection, ...rest }: VectorIndexInput): string {
  const schema = SearchSchema.map(({ AttributeName, SearchSchemaElementType }) => [
    AttributeName,
    SearchSchemaElementType,
  ]);
  const included = [...(Projection.NonKeyAttributes ?? [])].sort();
  const { Dimensions, DistanceFunction } = rest;
  return JSON.stringify([
    VectorAttribute.AttributeName,
    schema,
    Projection.ProjectionType,
    included,
    Dimensions,
    DistanceFunction,
  ]);
}

function noSuchIndex(name: string): DynamoError {
  return invalidRequest(
    `Index ${name} does not match a secondary index that existed in the source table and cannot be created during the ` +
      'restore operation',
  );
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

function usedDefinitions(
  source: TableRecord,
  indexes: readonly IndexInput[],
  vectors: readonly VectorIndexInput[],
): AttributeDefinition[] {
  const searched = vectors.map((index) => index.SearchSchema ?? []);
  const schemas = [source.keySchema, ...indexes.map((index) => index.KeySchema), ...searched];
  const used = new Set(schemas.flat().map((element) => element.AttributeName));
  return source.attributes.filter((attribute) => used.has(attribute.AttributeName));
}
