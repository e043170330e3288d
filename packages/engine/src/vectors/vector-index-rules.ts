import type { CatalogWriter } from '../catalog/catalog.js';
import type { DistanceFunction } from '../catalog/table.js';
import type {
  AttributeDefinition,
  ProjectionRecord,
  SearchSchemaElement,
  VectorIndexRecord,
} from '../catalog/table-record.js';
import { checkProjection, claimName } from '../control/index-rules.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import type { BillingMode } from '../control/throughput-rules.js';

/** A vector index as CreateTable, UpdateTable, ImportTable and restores take it. */
export interface VectorIndexInput {
  readonly IndexName: string;
  readonly VectorAttribute: { readonly AttributeName: string };
  readonly SearchSchema?: readonly SearchSchemaElement[];
  readonly Projection: Partial<ProjectionRecord>;
  readonly Dimensions: number;
  readonly DistanceFunction: DistanceFunction;
}

// Limits: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html, "Vector indexes". The
// words, as far as they are known, were recorded on AWS by public projects.

export const MAX_VECTOR_INDEXES = 5;
export const MAX_DIMENSIONS = 4096;
const MAX_ELEMENTS = { HASH: 1, INLINE_FILTER: 18 } as const;
/** Attributes that an index has besides keys: the vector, its filters, and those that it includes. */
const MAX_ATTRIBUTES = 20;

export function assertOnDemand(billingMode: BillingMode): void {
  if (billingMode === 'PAY_PER_REQUEST') return;
  throw invalidParameter('Vector indexes are only supported for PAY_PER_REQUEST tables');
}

/** The vector indexes of a new table. `taken` are the names of its other indexes. */
export function checkVectorIndexes(
  indexes: readonly VectorIndexInput[] | undefined,
  billingMode: BillingMode,
  definitions: readonly AttributeDefinition[],
  taken: Set<string>,
): void {
  if (indexes === undefined) return;
  if (indexes.length === 0) throw invalidParameter('List of VectorIndexes is empty');
  assertOnDemand(billingMode);
  if (indexes.length > MAX_VECTOR_INDEXES) {
    throw invalidParameter(`VectorIndex count exceeds the per-table limit of ${MAX_VECTOR_INDEXES}`);
  }
  for (const [at, index] of indexes.entries()) {
    claimName(index.IndexName, taken);
    checkVectorIndex(index, definitions);
    const others = indexes.slice(0, at);
    checkDimensions(index, others.map(newDimensions));
  }
}

/** What holds for each of them, on a new table as on one that is there. */
export function checkVectorIndex(index: VectorIndexInput, definitions: readonly AttributeDefinition[]): void {
  const isDefined = (name: string): boolean => definitions.some(({ AttributeName }) => AttributeName === name);
  const { VectorAttribute: vector, SearchSchema: schema = [], Dimensions: dimensions } = index;
  checkSearchSchema(schema);
  if (!schema.every(({ AttributeName }) => isDefined(AttributeName))) {
    throw invalidParameter('One element in SearchSchema is not defined in attribute definitions');
  }
  if (dimensions > MAX_DIMENSIONS) {
    throw invalidParameter(`Number of dimensions must be between 1 and ${MAX_DIMENSIONS} inclusive.`);
  }
  if (isDefined(vector.AttributeName)) {
    throw invalidParameter(
      `Conflicting attribute definition for '${vector.AttributeName}'. An attribute cannot be defined in ` +
        'AttributeDefinitions when used as a VectorAttribute.',
    );
  }
  checkProjection(index.Projection);
  checkAttributes(index);
}

function checkSearchSchema(schema: readonly SearchSchemaElement[]): void {
  for (const type of ['HASH', 'INLINE_FILTER'] as const) {
    const count = schema.filter((element) => element.SearchSchemaElementType === type).length;
    if (count <= MAX_ELEMENTS[type]) continue;
    throw invalidParameter(
      `Value '${count}' at 'SearchSchema' failed to satisfy constraint: ` +
        `Member must have ${type} count less than or equal to ${MAX_ELEMENTS[type]}`,
    );
  }
  const names = schema.map(({ AttributeName }) => AttributeName);
  const duplicate = names.find((name, at) => names.indexOf(name) !== at);
  if (duplicate !== undefined) throw invalidParameter(`Duplicate attribute name in the SearchSchema: ${duplicate}`);
}

/** The vector counts as one, and so does each filter; the partition key does not. */
function checkAttributes({
  IndexName: name,
  VectorAttribute: vector,
  SearchSchema,
  Projection,
}: VectorIndexInput): void {
  const filters = (SearchSchema ?? []).filter((element) => element.SearchSchemaElementType === 'INLINE_FILTER');
  const attributes = new Set([
    vector.AttributeName,
    ...filters.map(({ AttributeName }) => AttributeName),
    ...(Projection.NonKeyAttributes ?? []),
  ]);
  if (attributes.size <= MAX_ATTRIBUTES) return;
  throw invalidParameter(
    `Number of attributes in vector index ${name} exceeds the limit of ${MAX_ATTRIBUTES}, towards which the vector ` +
      'attribute, the INLINE_FILTER elements and the NonKeyAttributes count',
  );
}

interface Dimensions {
  readonly vectorAttribute: string;
  readonly dimensions: number;
}

function newDimensions({ VectorAttribute, Dimensions }: VectorIndexInput): Dimensions {
  return { vectorAttribute: VectorAttribute.AttributeName, dimensions: Dimensions };
}

/** One attribute has one number of dimensions. */
export function checkDimensions(index: VectorIndexInput, others: readonly Dimensions[]): void {
  const { vectorAttribute, dimensions } = newDimensions(index);
  if (others.every((one) => one.vectorAttribute !== vectorAttribute || one.dimensions === dimensions)) return;
  throw invalidParameter(
    `Conflicting attribute definition for '${vectorAttribute}'. All VectorIndexes on the same vector attribute must ` +
      'use the same dimensions.',
  );
}

export function newVectorIndex(input: VectorIndexInput, changes: CatalogWriter): VectorIndexRecord {
  const { ProjectionType = 'ALL', NonKeyAttributes } = input.Projection;
  return {
    name: input.IndexName,
    storageNumber: changes.nextStorageNumber(),
    status: 'CREATING',
    vectorAttribute: input.VectorAttribute.AttributeName,
    dimensions: input.Dimensions,
    distanceFunction: input.DistanceFunction,
    ...(input.SearchSchema !== undefined && {
      searchSchema: input.SearchSchema.map(({ AttributeName, SearchSchemaElementType }) => ({
        AttributeName,
        SearchSchemaElementType,
      })),
    }),
    projection: { ProjectionType, ...(NonKeyAttributes !== undefined && { NonKeyAttributes: [...NonKeyAttributes] }) },
  };
}

/** The index as it was asked for. */
export function vectorIndexInput(index: VectorIndexRecord): VectorIndexInput {
  return {
    IndexName: index.name,
    ...(index.searchSchema !== undefined && { SearchSchema: index.searchSchema }),
    Projection: index.projection,
    VectorAttribute: { AttributeName: index.vectorAttribute },
    Dimensions: index.dimensions,
    DistanceFunction: index.distanceFunction,
  };
}
