import type { CatalogWriter } from '../catalog/catalog.js';
import { usedAttributes } from '../catalog/settle.js';
import {
  type AttributeDefinition,
  type GlobalIndexRecord,
  type KeySchemaElement,
  type TableRecord,
  withOnlineIndex,
} from '../catalog/table-record.js';
import { DynamoError, validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { type GlobalIndexInput, newGlobalIndex } from './create-table.js';
import { checkDuplicateDefinitions, checkGlobalIndex, MAX_GLOBAL_INDEXES } from './index-rules.js';
import { invalidParameter } from './invalid-parameter.js';
import { assertDeletable, assertNoOnlineChange, beingDeleted, indexNotFound } from './online-index.js';
import { stillInUse } from './table-errors.js';
import {
  checkBounds,
  checkOnDemandThroughput,
  checkRequestedQuota,
  checkUnitsQuota,
  effectiveOnDemand,
  updatedWarm,
} from './throughput-rules.js';
import { warmBefore } from './under-way.js';
import type { IndexUpdate, UpdateTableInput } from './update-table-rules.js';
import { changedUnits } from './update-throughput.js';

/** The table with its index updates applied; `before` is the table as it was before this request. */
export function withIndexUpdates(
  record: TableRecord,
  before: TableRecord,
  input: UpdateTableInput,
  changes: CatalogWriter,
  context: ControlContext,
): TableRecord {
  let next = record;
  for (const update of input.GlobalSecondaryIndexUpdates ?? []) {
    if (update.Create !== undefined) next = withIndex(next, update.Create, input.AttributeDefinitions, changes);
    if (update.Delete !== undefined) next = withoutIndex(next, update.Delete.IndexName);
    if (update.Update !== undefined) next = withIndexUpdate(next, before, update.Update, context);
  }
  return { ...next, attributes: usedAttributes(next) };
}

function withIndex(
  record: TableRecord,
  asked: GlobalIndexInput,
  definitions: readonly AttributeDefinition[] | undefined,
  changes: CatalogWriter,
): TableRecord {
  const { IndexName: name, ProvisionedThroughput: provisioned } = asked;
  const same = record.globalIndexes.find((index) => index.name === name);
  if (same?.status === 'DELETING') throw beingDeleted(record, name);
  const others = [...record.localIndexes, ...(record.vectorIndexes ?? [])];
  if (same !== undefined || others.some((index) => index.name === name)) {
    throw validationError('Attempting to create an index which already exists');
  }
  assertNoOnlineChange(record);
  if (definitions === undefined) throw invalidParameter(`AttributeDefinitions is not specified for index: ${name}`);
  checkDuplicateDefinitions(definitions);
  checkGlobalIndex(asked, definitions, new Set());
  checkNotRedefined(record, asked.KeySchema, definitions);
  if (record.billingMode === 'PAY_PER_REQUEST' && provisioned !== undefined) {
    throw invalidParameter(
      `Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ${name} ` +
        'when BillingMode is PAY_PER_REQUEST',
    );
  }
  if (record.billingMode === 'PROVISIONED' && provisioned === undefined) {
    throw invalidParameter(`Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${name}`);
  }
  checkBounds(provisioned);
  checkUnitsQuota(provisioned, record.region, name);
  checkOnDemandThroughput(asked.OnDemandThroughput, {
    billingMode: record.billingMode,
    indexName: name,
    allowRemoval: false,
  });
  checkRequestedQuota(asked, record.region, name);
  if (record.globalIndexes.length >= MAX_GLOBAL_INDEXES) {
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of ${MAX_GLOBAL_INDEXES}`,
    );
  }
  const index = { ...newGlobalIndex(asked, record.billingMode, changes), isAdded: true };
  // The definitions must be there before the index is: a table is read from its record as a whole.
  const known = new Set(record.attributes.map((attribute) => attribute.AttributeName));
  const added = definitions.filter((definition) => !known.has(definition.AttributeName));
  return { ...record, attributes: [...record.attributes, ...added], globalIndexes: [...record.globalIndexes, index] };
}

/** An attribute that is in a key has one type, whatever the index. */
function checkNotRedefined(
  record: TableRecord,
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
): void {
  const typeIn = (among: readonly AttributeDefinition[], name: string): string | undefined =>
    among.find((definition) => definition.AttributeName === name)?.AttributeType;
  const redefined = schema.find(({ AttributeName: name }) => {
    const known = typeIn(record.attributes, name);
    return known !== undefined && known !== typeIn(definitions, name);
  });
  if (redefined === undefined) return;
  const shown = (elements: readonly KeySchemaElement[], types: readonly AttributeDefinition[]): string =>
    elements
      .map(({ AttributeName: name, KeyType: kind }) => `SchemaElement: key{${name}:${typeIn(types, name)}:${kind}}`)
      .join(', ');
  const holders = [record, ...record.localIndexes, ...record.globalIndexes].map((holder) => holder.keySchema);
  const isRedefined = ({ AttributeName: name }: KeySchemaElement): boolean => name === redefined.AttributeName;
  const existing = holders.find((elements) => elements.some(isRedefined)) ?? [];
  throw invalidParameter(
    'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ' +
      `Existing schema: Schema:[${shown(existing, record.attributes)}] New schema: Schema:[${shown(schema, definitions)}]`,
  );
}

function withoutIndex(record: TableRecord, name: string): TableRecord {
  const index = existingIndex(record, name, 'delete');
  assertDeletable(record, index);
  return withOnlineIndex(record, { ...index, status: 'DELETING' });
}

function withIndexUpdate(
  record: TableRecord,
  before: TableRecord,
  asked: IndexUpdate,
  context: ControlContext,
): TableRecord {
  const { IndexName: name, ProvisionedThroughput: provisioned } = asked;
  const index = existingIndex(record, name, 'update');
  if (index.status === 'DELETING') throw beingDeleted(record, name);
  if (index.status === 'CREATING' && index.backfilledTo === undefined) {
    throw stillInUse(`Index is being created but is not backfilling yet. Table: ${record.name} Index: ${name}`);
  }
  if (record.billingMode === 'PAY_PER_REQUEST' && (provisioned !== undefined || !changesOnDemandIndex(asked))) {
    throw invalidParameter(
      `The only Updates for index: ${name} when TableThroughputMode is PAY_PER_REQUEST can be to ` +
        'OnDemandThroughput, WarmThroughput',
    );
  }
  let next: GlobalIndexRecord = index;
  // A change of the billing mode has taken over the index's throughput already.
  if (provisioned !== undefined && before.billingMode === record.billingMode) {
    checkUnitsQuota(provisioned, record.region, name);
    next = { ...next, ...changedUnits(index, provisioned, context.clock.nowMs(), name) };
  }
  if (asked.OnDemandThroughput !== undefined) next = withOnDemand(next, record, asked);
  if (asked.WarmThroughput !== undefined) {
    const warm = updatedWarm(next.warm, asked.WarmThroughput, name);
    next = { ...next, warm, ...warmBefore(context, next) };
  }
  checkRequestedQuota(asked, record.region, name);
  // Warm throughput has a status of its own.
  const showsUpdate = provisioned !== undefined || asked.OnDemandThroughput !== undefined;
  return withOnlineIndex(record, showsUpdate && next.status === 'ACTIVE' ? { ...next, status: 'UPDATING' } : next);
}

/** Whether there is anything in it for an index of a table on demand. */
function changesOnDemandIndex({ OnDemandThroughput: onDemand, WarmThroughput: warm }: IndexUpdate): boolean {
  return warm !== undefined || (onDemand !== undefined && Object.keys(onDemand).length > 0);
}

function withOnDemand(index: GlobalIndexRecord, record: TableRecord, asked: IndexUpdate): GlobalIndexRecord {
  checkOnDemandThroughput(asked.OnDemandThroughput, {
    billingMode: record.billingMode,
    indexName: index.name,
    allowRemoval: true,
  });
  const { onDemand, ...rest } = index;
  const next = effectiveOnDemand(onDemand, asked.OnDemandThroughput);
  return next === undefined ? rest : { ...rest, onDemand: next };
}

function existingIndex(record: TableRecord, name: string, action: 'delete' | 'update'): GlobalIndexRecord {
  const index = record.globalIndexes.find((one) => one.name === name);
  if (index !== undefined) return index;
  if (record.localIndexes.some((one) => one.name === name)) {
    throw validationError(`Cannot ${action} an index that is not a GlobalSecondaryIndex: ${name}`);
  }
  throw indexNotFound(record, name);
}
