import { tableReference } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import {
  type AttributeDefinition,
  type GlobalIndexRecord,
  type IndexRecord,
  isBeingRestored,
  type KeySchemaElement,
  type OnDemandRecord,
  type ProjectionRecord,
  type TableRecord,
  type Tag,
} from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { checkVectorIndexes, newVectorIndex, type VectorIndexInput } from '../vectors/vector-index-rules.js';
import { describeNewBillingMode, withBillingMode } from './billing-mode.js';
import { checkTableQuotas } from './change-quotas.js';
import type { ControlContext } from './control-context.js';
import { describeTable, describeWarm } from './describe-table.js';
import { checkSseSpecification, requestedKeyArn, type SseSpecification } from './encryption.js';
import {
  checkAllUsed,
  checkGlobalIndex,
  checkLocalIndexes,
  checkTableSchema,
  type IndexInput,
  MAX_GLOBAL_INDEXES,
} from './index-rules.js';
import { invalidParameter } from './invalid-parameter.js';
import { storageNumbers } from './lifecycle.js';
import { canonicalPolicy, checkPrincipals } from './policy-document.js';
import { initialPolicy } from './resource-policy.js';
import { initialStream, newStreamIdentity, type StreamSpecification } from './stream.js';
import { checkTableClass } from './table-errors.js';
import { checkTagCount, checkTags } from './tag-rules.js';
import {
  type BillingMode,
  checkBounds,
  checkOnDemandThroughput,
  checkRequestedQuota,
  checkUnitsQuota,
  effectiveOnDemand,
  initialWarm,
  MAX_ACCOUNT_UNITS,
  type ProvisionedThroughput,
  provisionedUnits,
  type WarmThroughput,
} from './throughput-rules.js';

export interface GlobalIndexInput extends IndexInput {
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandRecord;
  readonly WarmThroughput?: WarmThroughput;
}

export interface CreateTableInput {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly LocalSecondaryIndexes?: readonly IndexInput[];
  readonly GlobalSecondaryIndexes?: readonly GlobalIndexInput[];
  readonly VectorIndexes?: readonly VectorIndexInput[];
  readonly BillingMode?: BillingMode;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandRecord;
  readonly WarmThroughput?: WarmThroughput;
  readonly StreamSpecification?: StreamSpecification;
  readonly SSESpecification?: SseSpecification;
  readonly Tags?: readonly Tag[];
  readonly TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  readonly DeletionProtectionEnabled?: boolean;
  readonly ResourcePolicy?: string;
  readonly GlobalTableSourceArn?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html; tables of one region only. */
export function createTable(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = withBillingMode(given) as CreateTableInput & Record<string, unknown>;
    const { place, name } = tableReference(caller, input.TableName);
    checkCreateTable(input, place);
    if (input.ResourcePolicy !== undefined) {
      const policy = canonicalPolicy(input.ResourcePolicy, 'table');
      checkPrincipals(policy, (principal) => context.isPrincipal(principal, place));
    }
    const record = await context.tables.change((changes) => {
      const existing = context.tables.find(place, name);
      if (existing !== undefined && isBeingRestored(existing)) {
        throw new DynamoError('ResourceInUseException', `Table is being used: ${name}`);
      }
      if (existing !== undefined) {
        throw new DynamoError('ResourceInUseException', `Table already exists: ${name}`);
      }
      checkTableQuotas(context.tables.list(place));
      checkAccountQuota(context, input, place);
      const created = newTable(context, input, { place, name }, changes);
      context.lifecycle.begin(changes, created);
      for (const [number, prefix] of storageNumbers(created)) context.statistics.create(number, prefix);
      return created;
    });
    const description = describeTable(record, (number) => context.statistics.of(number), context.clock.nowMs());
    // As long as it is being created, the table does not say when it became on demand, or how warm it is by default.
    Object.assign(description, describeNewBillingMode(record));
    if (input.WarmThroughput === undefined) delete description.WarmThroughput;
    else description.WarmThroughput = describeWarm(record, context.clock.nowMs(), 'UPDATING');
    return { TableDescription: description };
  };
}

function billingModeOf(input: CreateTableInput): BillingMode {
  return input.BillingMode ?? 'PROVISIONED';
}

export function checkCreateTable(input: CreateTableInput, place: Caller): void {
  if (input.GlobalTableSourceArn !== undefined) {
    throw new DynamoError('UnknownOperationException', 'CreateTable with GlobalTableSourceArn is not emulated.');
  }
  checkTableThroughput(input);
  checkKeysAndIndexes(input);
  const billingMode = billingModeOf(input);
  checkOnDemandThroughput(input.OnDemandThroughput, { billingMode, allowRemoval: false });
  checkSseSpecification(input.SSESpecification);
  checkTableClass(input.TableClass);
  checkTags(input.Tags ?? []);
  checkTagCount(input.Tags?.length ?? 0);
  checkUnitsQuota(input.ProvisionedThroughput, place.region);
  checkRequestedQuota(input, place.region);
  for (const index of input.GlobalSecondaryIndexes ?? []) {
    checkUnitsQuota(index.ProvisionedThroughput, place.region, index.IndexName);
    checkRequestedQuota(index, place.region, index.IndexName);
  }
}

function checkTableThroughput(input: CreateTableInput): void {
  if (billingModeOf(input) === 'PAY_PER_REQUEST') {
    if (input.ProvisionedThroughput === undefined) return;
    throw invalidParameter(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (input.ProvisionedThroughput === undefined) {
    throw invalidParameter(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  checkBounds(input.ProvisionedThroughput);
}

function checkKeysAndIndexes(input: CreateTableInput): void {
  const { AttributeDefinitions: definitions, KeySchema: schema } = input;
  const local = input.LocalSecondaryIndexes;
  const global = input.GlobalSecondaryIndexes;
  const vectors = input.VectorIndexes;
  const taken = new Set<string>();
  checkTableSchema(schema, definitions, local !== undefined || global !== undefined || vectors !== undefined);
  checkLocalIndexes(local, schema, definitions, taken);
  if (global?.length === 0) throw invalidParameter('List of GlobalSecondaryIndexes is empty');
  for (const index of global ?? []) {
    checkGlobalIndex(index, definitions, taken);
    checkIndexThroughput(index, billingModeOf(input));
  }
  if (global !== undefined && global.length > MAX_GLOBAL_INDEXES) {
    throw invalidParameter(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL_INDEXES}`);
  }
  checkVectorIndexes(vectors, billingModeOf(input), definitions, taken);
  const indexes = [...(local ?? []), ...(global ?? [])].map((index) => index.KeySchema);
  const searched = (vectors ?? []).map((index) => index.SearchSchema ?? []);
  if (indexes.length + searched.length > 0) checkAllUsed(definitions, [schema, ...indexes, ...searched]);
}

function checkIndexThroughput(index: GlobalIndexInput, billingMode: BillingMode): void {
  const { IndexName: indexName } = index;
  if (billingMode === 'PAY_PER_REQUEST' && index.ProvisionedThroughput !== undefined) {
    throw invalidParameter(
      `ProvisionedThroughput should not be specified for index: ${indexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (billingMode === 'PROVISIONED' && index.ProvisionedThroughput === undefined) {
    throw invalidParameter(`ProvisionedThroughput is not specified for index: ${indexName}`);
  }
  checkBounds(index.ProvisionedThroughput);
  checkOnDemandThroughput(index.OnDemandThroughput, { billingMode, indexName, allowRemoval: false });
}

export function checkAccountQuota(context: ControlContext, input: CreateTableInput, place: Caller): void {
  const reserved = provisionedUnits(context.tables.list(place));
  const asked = [
    input.ProvisionedThroughput,
    ...(input.GlobalSecondaryIndexes ?? []).map((i) => i.ProvisionedThroughput),
  ];
  for (const [member, current] of [
    ['ReadCapacityUnits', reserved.read],
    ['WriteCapacityUnits', reserved.write],
  ] as const) {
    const requested = asked.reduce((sum, throughput) => sum + (throughput?.[member] ?? 0), 0);
    if (requested === 0 || current + requested <= MAX_ACCOUNT_UNITS) continue;
    throw new DynamoError(
      'LimitExceededException',
      `This request would have caused the ${member} limit to be exceeded for the account in ${place.region}. ` +
        `Current ${member} reserved by the account: ${current}. Limit: ${MAX_ACCOUNT_UNITS}. Requested: ${requested}. ` +
        'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
    );
  }
}

export function newTable(
  context: ControlContext,
  input: CreateTableInput,
  { place, name }: { readonly place: Caller; readonly name: string },
  changes: CatalogWriter,
): TableRecord {
  const nowMs = context.clock.nowMs();
  const billingMode = billingModeOf(input);
  const keyArn = requestedKeyArn(place, input.SSESpecification, context.resolveKmsKey);
  const onDemand = effectiveOnDemand(undefined, input.OnDemandThroughput);
  const stream = initialStream(input.StreamSpecification, () => newStreamIdentity(context, place, name, changes));
  return {
    name,
    id: context.random.uuid(),
    accountId: place.accountId,
    region: place.region,
    storageNumber: changes.nextStorageNumber(),
    createdMs: nowMs,
    status: 'CREATING',
    attributes: input.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
      AttributeName,
      AttributeType,
    })),
    keySchema: plainSchema(input.KeySchema),
    localIndexes: (input.LocalSecondaryIndexes ?? []).map((index) => newIndex(index, changes)),
    globalIndexes: (input.GlobalSecondaryIndexes ?? []).map((index) => newGlobalIndex(index, billingMode, changes)),
    ...(input.VectorIndexes === undefined
      ? {}
      : { vectorIndexes: input.VectorIndexes.map((index) => newVectorIndex(index, changes)) }),
    billingMode,
    ...(billingMode === 'PAY_PER_REQUEST' ? { lastOnDemandMs: nowMs } : {}),
    throughput: throughputRecord(input.ProvisionedThroughput),
    ...(onDemand === undefined ? {} : { onDemand }),
    warm: initialWarm(billingMode, input.ProvisionedThroughput, input.WarmThroughput),
    ...(stream === undefined ? {} : { stream }),
    ...(keyArn === undefined ? {} : { encryption: { keyArn } }),
    ...(input.TableClass === undefined ? {} : { tableClass: { name: input.TableClass } }),
    deletionProtection: input.DeletionProtectionEnabled ?? false,
    tags: (input.Tags ?? []).map(({ Key, Value }) => ({ Key, Value })),
    ...(input.ResourcePolicy === undefined ? {} : { resourcePolicy: initialPolicy(input.ResourcePolicy, nowMs) }),
  };
}

export function throughputRecord(given: ProvisionedThroughput | undefined): TableRecord['throughput'] {
  return { readUnits: given?.ReadCapacityUnits ?? 0, writeUnits: given?.WriteCapacityUnits ?? 0 };
}

function plainSchema(schema: readonly KeySchemaElement[]): KeySchemaElement[] {
  return schema.map(({ AttributeName, KeyType }) => ({ AttributeName, KeyType }));
}

function newIndex(index: IndexInput, changes: CatalogWriter): IndexRecord {
  const { ProjectionType = 'ALL', NonKeyAttributes } = index.Projection;
  const projection: ProjectionRecord =
    NonKeyAttributes === undefined ? { ProjectionType } : { ProjectionType, NonKeyAttributes: [...NonKeyAttributes] };
  return {
    name: index.IndexName,
    storageNumber: changes.nextStorageNumber(),
    keySchema: plainSchema(index.KeySchema),
    projection,
  };
}

export function newGlobalIndex(
  index: GlobalIndexInput,
  billingMode: BillingMode,
  changes: CatalogWriter,
): GlobalIndexRecord {
  const onDemand = effectiveOnDemand(undefined, index.OnDemandThroughput);
  return {
    ...newIndex(index, changes),
    status: 'CREATING',
    throughput: throughputRecord(index.ProvisionedThroughput),
    ...(onDemand === undefined ? {} : { onDemand }),
    warm: initialWarm(billingMode, index.ProvisionedThroughput, index.WarmThroughput, index.IndexName),
  };
}
