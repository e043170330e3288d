// Facts of the API model (DynamoDB, 2012-08-10): names, types, lengths, patterns, enums, in AWS's order where known.
import { boolean, enumeration, integer, list, long, type StringShape, string, structure } from './shape.js';

export const indexName: StringShape = {
  ...string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' }),
  lengthFirst: true,
};
export const positiveIntegerObject = integer({ min: 1 });
export const keySchemaAttributeName = string({ min: 1, max: 255 });
export const scalarAttributeType = enumeration('B', 'N', 'S');
export const attributeDefinition = structure('AttributeDefinition', {
  'AttributeType!': scalarAttributeType,
  'AttributeName!': keySchemaAttributeName,
});
export const attributeDefinitions = list(attributeDefinition);
export const keyType = enumeration('HASH', 'RANGE');
export const keySchemaElement = structure('KeySchemaElement', {
  'AttributeName!': keySchemaAttributeName,
  'KeyType!': keyType,
});
export const tableKeySchema = list(keySchemaElement, { min: 1, max: 2 });
export const projectionType = enumeration('ALL', 'INCLUDE', 'KEYS_ONLY');
export const nonKeyAttributeName = string({ min: 1, max: 255 });
export const nonKeyAttributeNameList = list(nonKeyAttributeName, { min: 1, max: 20 });
export const projection = structure('Projection', {
  ProjectionType: projectionType,
  NonKeyAttributes: nonKeyAttributeNameList,
});
export const localSecondaryIndex = structure('LocalSecondaryIndex', {
  'IndexName!': indexName,
  'KeySchema!': tableKeySchema,
  'Projection!': projection,
});
export const localSecondaryIndexList = list(localSecondaryIndex);
export const keySchema = list(keySchemaElement, { min: 1 });
export const positiveLongObject = long({ min: 1 });
export const provisionedThroughput = structure('ProvisionedThroughput', {
  'WriteCapacityUnits!': positiveLongObject,
  'ReadCapacityUnits!': positiveLongObject,
});
export const onDemandThroughput = structure('OnDemandThroughput', {
  MaxReadRequestUnits: long(),
  MaxWriteRequestUnits: long(),
});
export const warmThroughput = structure('WarmThroughput', { ReadUnitsPerSecond: long(), WriteUnitsPerSecond: long() });
export const globalSecondaryIndex = structure('GlobalSecondaryIndex', {
  'IndexName!': indexName,
  'KeySchema!': keySchema,
  'Projection!': projection,
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
});
export const globalSecondaryIndexList = list(globalSecondaryIndex);
const searchSchemaElement = structure('SearchSchemaElement', {
  'AttributeName!': keySchemaAttributeName,
  'SearchSchemaElementType!': enumeration('HASH', 'INLINE_FILTER'),
});
const vectorIndexMembers = {
  'IndexName!': indexName,
  'VectorAttribute!': structure('VectorAttributeDefinition', { 'AttributeName!': keySchemaAttributeName }),
  SearchSchema: list(searchSchemaElement, { min: 1 }),
  'Projection!': projection,
  // Too many are refused later, in words of their own.
  'Dimensions!': long({ min: 1 }),
  // In the order in which AWS was seen to list them.
  'DistanceFunction!': enumeration('DOT_PRODUCT', 'COSINE', 'EUCLIDEAN'),
};
export const vectorIndexList = list(structure('VectorIndex', vectorIndexMembers));
export const vectorIndexUpdateList = list(
  structure('VectorIndexUpdate', {
    Create: structure('CreateVectorIndexAction', vectorIndexMembers),
    Delete: structure('DeleteVectorIndexAction', { 'IndexName!': indexName }),
  }),
);
export const billingMode = enumeration('PROVISIONED', 'PAY_PER_REQUEST');
export const sseType = enumeration('AES256', 'KMS');
export const sseSpecification = structure('SSESpecification', {
  Enabled: boolean,
  SSEType: sseType,
  KMSMasterKeyId: string({ min: 1 }),
});
export const tableClass = enumeration('STANDARD', 'STANDARD_INFREQUENT_ACCESS');
export const tableName = string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' });
/** Of jobs that read or write objects in S3. */
export const clientToken = string({ pattern: '^[^\\$]+$' });
export const s3bucket = string({ max: 255, pattern: '^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$' });
export const s3bucketOwner = string({ pattern: '[0-9]{12}' });
export const s3prefix = string({ max: 1024 });
export const s3sseAlgorithm = enumeration('AES256', 'KMS');
export const s3sseKmsKeyId = string({ min: 1, max: 2048 });
export const inputCompressionType = enumeration('ZSTD', 'NONE', 'GZIP');
