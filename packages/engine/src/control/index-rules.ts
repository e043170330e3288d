import type { AttributeDefinition, KeySchemaElement, ProjectionRecord } from '../catalog/table-record.js';
import { validationError } from '../errors.js';
import { invalidParameter } from './invalid-parameter.js';

export interface IndexInput {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: Partial<ProjectionRecord>;
}

const MAX_LOCAL_INDEXES = 5;
export const MAX_GLOBAL_INDEXES = 20;
/** Of each kind, in a global index (multi-attribute keys). */
const MAX_KEY_ATTRIBUTES = 4;

const names = (elements: readonly KeySchemaElement[]): string[] => elements.map((element) => element.AttributeName);

function checkDefined(keys: readonly string[], definitions: readonly AttributeDefinition[]): void {
  const defined = definitions.map((definition) => definition.AttributeName);
  if (keys.every((key) => defined.includes(key))) return;
  throw invalidParameter(
    'Some index key attributes are not defined in AttributeDefinitions. ' +
      `Keys: [${keys.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
  );
}

/** The rules for the key schema of a table and of a local index: a hash key and at most a range key. */
function checkSimpleSchema(schema: readonly KeySchemaElement[]): void {
  const [first, second] = schema;
  if (second !== undefined && first?.AttributeName === second.AttributeName) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (first?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (second !== undefined && second.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

/** The rules for a global index's key schema: up to four hash attributes, then up to four range attributes. */
export function checkGlobalSchema(schema: readonly KeySchemaElement[]): void {
  const keys = names(schema);
  if (new Set(keys).size !== keys.length) {
    if (schema.every((element) => element.KeyType === 'HASH')) {
      const duplicate = keys.find((key, at) => keys.indexOf(key) !== at);
      throw invalidParameter(`Duplicate attribute name in the KeySchema: ${duplicate}`);
    }
    throw validationError(
      keys.length === 2
        ? 'Both the Hash Key and the Range Key element in the KeySchema have the same name'
        : 'The KeySchema contains multiple key attributes with the same name',
    );
  }
  if (schema[0]?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  const firstRange = schema.findIndex((element) => element.KeyType === 'RANGE');
  const hashCount = schema.filter((element) => element.KeyType === 'HASH').length;
  if (firstRange !== -1 && firstRange !== hashCount) {
    throw invalidParameter('All HASH key attributes must precede RANGE key attributes in the KeySchema');
  }
  const tooMany =
    hashCount > MAX_KEY_ATTRIBUTES ? 'HASH' : schema.length - hashCount > MAX_KEY_ATTRIBUTES ? 'RANGE' : undefined;
  if (tooMany !== undefined) {
    throw invalidParameter(`The KeySchema exceeds the maximum allowed number of ${tooMany} key attributes`);
  }
}

export function checkTableSchema(
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  hasIndexes: boolean,
): void {
  checkDuplicateDefinitions(definitions);
  if (schema.length > definitions.length) {
    throw validationError('Invalid KeySchema: Some index key attribute have no definition');
  }
  checkDefined(names(schema), definitions);
  checkSimpleSchema(schema);
  if (!hasIndexes && schema.length !== definitions.length) {
    throw invalidParameter(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
}

export function checkDuplicateDefinitions(definitions: readonly AttributeDefinition[]): void {
  const seen = new Set<string>();
  for (const { AttributeName: name } of definitions) {
    if (seen.has(name)) throw validationError(`Attribute Name is duplicated: ${name}`);
    seen.add(name);
  }
}

export function checkProjection(projection: Partial<ProjectionRecord>): void {
  const { ProjectionType: type, NonKeyAttributes: attributes } = projection;
  if (type === undefined) throw invalidParameter('Unknown ProjectionType: null');
  if (type !== 'INCLUDE' && attributes !== undefined) {
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (type === 'INCLUDE' && attributes === undefined) {
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
  const duplicate = attributes?.find((name, at) => attributes.indexOf(name) !== at);
  if (duplicate !== undefined) throw invalidParameter(`Duplicate element in NonKeyAttributes: ${duplicate}`);
}

export function claimName(name: string, taken: Set<string>): void {
  if (taken.has(name)) throw invalidParameter(`Duplicate index name: ${name}`);
  taken.add(name);
}

export function checkLocalIndexes(
  indexes: readonly IndexInput[] | undefined,
  schema: readonly KeySchemaElement[],
  definitions: readonly AttributeDefinition[],
  taken: Set<string>,
): void {
  if (indexes === undefined) return;
  if (indexes.length === 0) throw invalidParameter('List of LocalSecondaryIndexes is empty');
  if (schema.length !== 2) {
    throw invalidParameter(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  for (const index of indexes) {
    checkDefined(names(index.KeySchema), definitions);
    checkSimpleSchema(index.KeySchema);
    checkLocalKeys(index, schema);
    checkProjection(index.Projection);
    claimName(index.IndexName, taken);
  }
  if (indexes.length > MAX_LOCAL_INDEXES) {
    throw invalidParameter(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL_INDEXES}`);
  }
}

function checkLocalKeys(index: IndexInput, schema: readonly KeySchemaElement[]): void {
  if (index.KeySchema.length !== 2) {
    throw invalidParameter(`Index KeySchema does not have a range key for index: ${index.IndexName}`);
  }
  const [indexHash, tableHash] = [index.KeySchema[0]?.AttributeName, schema[0]?.AttributeName];
  if (indexHash === tableHash) return;
  throw invalidParameter(
    'Index KeySchema does not have the same leading hash key as table KeySchema for index: ' +
      `${index.IndexName}. index hash key: ${indexHash}, table hash key: ${tableHash}`,
  );
}

export function checkGlobalIndex(
  index: IndexInput,
  definitions: readonly AttributeDefinition[],
  taken: Set<string>,
): void {
  checkDefined(names(index.KeySchema), definitions);
  checkGlobalSchema(index.KeySchema);
  checkProjection(index.Projection);
  claimName(index.IndexName, taken);
}

/** Every defined attribute must be in a key, or in a search schema; checked when there are indexes (else the count says so). */
export function checkAllUsed(
  definitions: readonly AttributeDefinition[],
  schemas: readonly (readonly { readonly AttributeName: string }[])[],
): void {
  const used = new Set(schemas.flat().map((element) => element.AttributeName));
  if (definitions.every((definition) => used.has(definition.AttributeName))) return;
  const defined = definitions.map((definition) => definition.AttributeName);
  throw invalidParameter(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], ` +
      `keys used: [${[...used].join(', ')}]`,
  );
}
