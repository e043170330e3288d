import type { CatalogWriter } from '../catalog/catalog.js';
import { usedAttributes } from '../catalog/settle.js';
import {
  type AttributeDefinition,
  type TableRecord,
  type VectorIndexRecord,
  withOnlineIndex,
  withVectorIndexes,
} from '../catalog/table-record.js';
import { checkDuplicateDefinitions } from '../control/index-rules.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { assertDeletable, assertNoOnlineChange, beingDeleted, indexNotFound } from '../control/online-index.js';
import { stillInUse } from '../control/table-errors.js';
import { DynamoError, validationError } from '../errors.js';
import {
  assertOnDemand,
  checkDimensions,
  checkVectorIndex,
  MAX_VECTOR_INDEXES,
  newVectorIndex,
  type VectorIndexInput,
} from './vector-index-rules.js';

export interface VectorIndexUpdate {
  readonly Create?: VectorIndexInput;
  readonly Delete?: { readonly IndexName: string };
}

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html, VectorIndexUpdates; the errors'
// words as public projects recorded them on AWS.

/** What can be said of the updates without the table. */
export function checkVectorIndexUpdates(updates: readonly VectorIndexUpdate[]): void {
  for (const { Create: create, Delete: remove } of updates) {
    if (create === undefined && remove === undefined) {
      throw invalidParameter('One of VectorIndexUpdate.Create, VectorIndexUpdate.Delete must not be null');
    }
    if (create !== undefined && remove !== undefined) {
      throw invalidParameter('Only one vector index action is allowed per VectorIndexUpdate object');
    }
  }
}

/** The table with an index on its way in or out. */
export function withVectorIndexUpdates(
  record: TableRecord,
  updates: readonly VectorIndexUpdate[],
  definitions: readonly AttributeDefinition[] = [],
  changes: CatalogWriter,
): TableRecord {
  let next = record;
  for (const { Create: create, Delete: remove } of updates) {
    if (create !== undefined) next = withVectorIndex(next, create, definitions, changes);
    if (remove !== undefined) next = withoutVectorIndex(next, remove.IndexName);
  }
  return { ...next, attributes: usedAttributes(next) };
}

function withVectorIndex(
  record: TableRecord,
  asked: VectorIndexInput,
  definitions: readonly AttributeDefinition[],
  changes: CatalogWriter,
): TableRecord {
  const { vectorIndexes = [] } = record;
  assertOnDemand(record.billingMode);
  assertNameFree(record, asked.IndexName);
  assertNoOnlineChange(record);
  checkDuplicateDefinitions(definitions);
  checkVectorIndex(asked, definitions);
  assertNoKey(record, asked);
  assertSameTypes(record, asked, definitions);
  if (vectorIndexes.length >= MAX_VECTOR_INDEXES) {
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Number of vector secondary indexes exceeds per-table limit of ${MAX_VECTOR_INDEXES}`,
    );
  }
  checkDimensions(asked, vectorIndexes);
  const index: VectorIndexRecord = { ...newVectorIndex(asked, changes), isAdded: true };
  // The definitions must be there before the index is: a table is read from its record as a whole.
  const known = new Set(record.attributes.map((attribute) => attribute.AttributeName));
  const added = definitions.filter((definition) => !known.has(definition.AttributeName));
  return withVectorIndexes({ ...record, attributes: [...record.attributes, ...added] }, [...vectorIndexes, index]);
}

/** Indexes of all kinds have one set of names. */
function assertNameFree(record: TableRecord, name: string): void {
  const { vectorIndexes = [], globalIndexes, localIndexes } = record;
  const same = vectorIndexes.find((index) => index.name === name);
  if (same?.status === 'DELETING') throw beingDeleted(record, name);
  if (same?.status === 'CREATING') throw stillInUse(`Index is being created.  Table: ${record.name} Index: ${name}`);
  if (same === undefined && ![...globalIndexes, ...localIndexes].some((index) => index.name === name)) return;
  throw validationError('Attempting to create an index which already exists');
}

/** A vector is no key of the table or of another index. */
function assertNoKey(record: TableRecord, { VectorAttribute, Dimensions }: VectorIndexInput): void {
  const { AttributeName: name } = VectorAttribute;
  const schemas = [record, ...record.localIndexes, ...record.globalIndexes].map((holder) => holder.keySchema);
  const element = schemas.flat().find(({ AttributeName }) => AttributeName === name);
  if (element === undefined) return;
  const type = record.attributes.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  throw redefined(
    `Schema:[SchemaElement: key{${name}:${type}:${element.KeyType}}]`,
    `VectorIndexSchema:[VectorAttribute: key{${name}:L:${Dimensions}}]`,
  );
}

/** An attribute that is searched has the type that it has elsewhere. */
function assertSameTypes(
  record: TableRecord,
  { SearchSchema: schema = [] }: VectorIndexInput,
  definitions: readonly AttributeDefinition[],
): void {
  for (const { AttributeName: name, SearchSchemaElementType: kind } of schema) {
    const typeIn = (among: readonly AttributeDefinition[]) =>
      among.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    const [known, given] = [typeIn(record.attributes), typeIn(definitions)];
    if (known === undefined || known === given) continue;
    throw redefined(
      `Schema:[SchemaElement: key{${name}:${known}}]`,
      `VectorIndexSchema:[SchemaElement: key{${name}:${given}:${kind}}]`,
    );
  }
}

function redefined(existing: string, next: string): DynamoError {
  return invalidParameter(
    'Attributes cannot be redefined. Please check that your attribute has the same type as previously defined. ' +
      `Existing schema: ${existing} New schema: ${next}`,
  );
}

function withoutVectorIndex(record: TableRecord, name: string): TableRecord {
  const index = record.vectorIndexes?.find((one) => one.name === name);
  if (index === undefined) throw indexNotFound(record, name);
  assertDeletable(record, index);
  return withOnlineIndex(record, { ...index, status: 'DELETING' });
}
