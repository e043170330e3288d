// Facts of the API model (DynamoDB, 2012-08-10): names, types, lengths, patterns, enums, in AWS's order where known.
import {
  attributeMap,
  attributeValue,
  boolean,
  enumeration,
  integer,
  list,
  map,
  string,
  structure,
  tableNameOrArn,
} from './shape.js';
import { indexName, positiveIntegerObject } from './shared-shapes.js';

const keyList = list(attributeMap, { min: 1, max: 100 });
// The API model limits names to 65535 characters, but what AWS answers is the check of the names themselves.
const attributeName = string();
const attributeNameList = list(attributeName, { min: 1 });
const expressionAttributeNameMap = map(attributeName);
const keysAndAttributes = structure('KeysAndAttributes', {
  'Keys!': keyList,
  AttributesToGet: attributeNameList,
  ConsistentRead: boolean,
  ProjectionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
});
const batchGetRequestMap = map(keysAndAttributes, { min: 1, max: 100, key: tableNameOrArn });
const returnConsumedCapacity = enumeration('INDEXES', 'TOTAL', 'NONE');
const putRequest = structure('PutRequest', { 'Item!': attributeMap });
const deleteRequest = structure('DeleteRequest', { 'Key!': attributeMap });
const writeRequest = structure('WriteRequest', { PutRequest: putRequest, DeleteRequest: deleteRequest });
const writeRequests = list(writeRequest, { min: 1, max: 25 });
const batchWriteItemRequestMap = map(writeRequests, { min: 1, max: 25, key: tableNameOrArn });
const returnItemCollectionMetrics = enumeration('SIZE', 'NONE');
const comparisonOperator = enumeration(
  'IN',
  'NULL',
  'BETWEEN',
  'LT',
  'NOT_CONTAINS',
  'EQ',
  'GT',
  'NOT_NULL',
  'NE',
  'LE',
  'BEGINS_WITH',
  'GE',
  'CONTAINS',
);
const attributeValueList = list(attributeValue);
const expectedAttributeValue = structure('ExpectedAttributeValue', {
  Value: attributeValue,
  Exists: boolean,
  ComparisonOperator: comparisonOperator,
  AttributeValueList: attributeValueList,
});
const expectedAttributeMap = map(expectedAttributeValue, { key: attributeName });
const conditionalOperator = enumeration('OR', 'AND');
const returnValue = enumeration('ALL_NEW', 'UPDATED_OLD', 'ALL_OLD', 'NONE', 'UPDATED_NEW');
const expressionAttributeValueMap = attributeMap;
const returnValuesOnConditionCheckFailure = enumeration('ALL_OLD', 'NONE');
const select = enumeration('SPECIFIC_ATTRIBUTES', 'COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES');
const condition = structure('Condition', {
  AttributeValueList: attributeValueList,
  'ComparisonOperator!': comparisonOperator,
});
const keyConditions = map(condition, { key: attributeName });
const filterConditionMap = map(condition, { key: attributeName });
const scanTotalSegments = integer({ min: 1, max: 1000000 });
const scanSegment = integer({ min: 0, max: 999999 });
const get = structure('Get', {
  'Key!': attributeMap,
  'TableName!': tableNameOrArn,
  ProjectionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
});
const transactGetItem = structure('TransactGetItem', { 'Get!': get });
const transactGetItemList = list(transactGetItem, { min: 1, max: 100 });
const conditionCheck = structure('ConditionCheck', {
  'Key!': attributeMap,
  'TableName!': tableNameOrArn,
  'ConditionExpression!': string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
  ExpressionAttributeValues: expressionAttributeValueMap,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const put = structure('Put', {
  'Item!': attributeMap,
  'TableName!': tableNameOrArn,
  ConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
  ExpressionAttributeValues: expressionAttributeValueMap,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const deleteItem = structure('Delete', {
  'Key!': attributeMap,
  'TableName!': tableNameOrArn,
  ConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
  ExpressionAttributeValues: expressionAttributeValueMap,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const update = structure('Update', {
  'Key!': attributeMap,
  'UpdateExpression!': string(),
  'TableName!': tableNameOrArn,
  ConditionExpression: string(),
  ExpressionAttributeNames: expressionAttributeNameMap,
  ExpressionAttributeValues: expressionAttributeValueMap,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const transactWriteItem = structure('TransactWriteItem', {
  ConditionCheck: conditionCheck,
  Put: put,
  Delete: deleteItem,
  Update: update,
});
const transactWriteItemList = list(transactWriteItem, { min: 1, max: 100 });
const clientRequestToken = string({ min: 1, max: 36 });
const attributeAction = enumeration('ADD', 'DELETE', 'PUT');
const attributeValueUpdate = structure('AttributeValueUpdate', { Value: attributeValue, Action: attributeAction });
const attributeUpdates = map(attributeValueUpdate, { key: attributeName });
const partiQLStatement = string({ min: 1, max: 8192 });
const preparedStatementParameters = list(attributeValue, { min: 1 });
const batchStatementRequest = structure('BatchStatementRequest', {
  'Statement!': partiQLStatement,
  Parameters: preparedStatementParameters,
  ConsistentRead: boolean,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const partiQLBatchRequest = list(batchStatementRequest, { min: 1, max: 25 });
const partiQLNextToken = string({ min: 1, max: 32768 });
const parameterizedStatement = structure('ParameterizedStatement', {
  'Statement!': partiQLStatement,
  Parameters: preparedStatementParameters,
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
});
const parameterizedStatements = list(parameterizedStatement, { min: 1, max: 100 });

export const itemInputs = {
  BatchGetItem: structure('BatchGetItemInput', {
    'RequestItems!': batchGetRequestMap,
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  BatchWriteItem: structure('BatchWriteItemInput', {
    'RequestItems!': batchWriteItemRequestMap,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  }),
  DeleteItem: structure('DeleteItemInput', {
    'TableName!': tableNameOrArn,
    'Key!': attributeMap,
    Expected: expectedAttributeMap,
    ConditionalOperator: conditionalOperator,
    ReturnValues: returnValue,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    ConditionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  GetItem: structure('GetItemInput', {
    'TableName!': tableNameOrArn,
    'Key!': attributeMap,
    AttributesToGet: attributeNameList,
    ConsistentRead: boolean,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ProjectionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
  }),
  PutItem: structure('PutItemInput', {
    'TableName!': tableNameOrArn,
    'Item!': attributeMap,
    Expected: expectedAttributeMap,
    ReturnValues: returnValue,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    ConditionalOperator: conditionalOperator,
    ConditionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  Query: structure('QueryInput', {
    'TableName!': tableNameOrArn,
    IndexName: indexName,
    Select: select,
    AttributesToGet: attributeNameList,
    Limit: positiveIntegerObject,
    ConsistentRead: boolean,
    KeyConditions: keyConditions,
    QueryFilter: filterConditionMap,
    ConditionalOperator: conditionalOperator,
    ScanIndexForward: boolean,
    ExclusiveStartKey: attributeMap,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ProjectionExpression: string(),
    FilterExpression: string(),
    KeyConditionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
  }),
  Scan: structure('ScanInput', {
    'TableName!': tableNameOrArn,
    IndexName: indexName,
    AttributesToGet: attributeNameList,
    Limit: positiveIntegerObject,
    Select: select,
    ScanFilter: filterConditionMap,
    ConditionalOperator: conditionalOperator,
    ExclusiveStartKey: attributeMap,
    ReturnConsumedCapacity: returnConsumedCapacity,
    TotalSegments: scanTotalSegments,
    Segment: scanSegment,
    ProjectionExpression: string(),
    FilterExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
    ConsistentRead: boolean,
  }),
  SearchVectors: structure('SearchVectorsInput', {
    'TableName!': tableNameOrArn,
    'IndexName!': indexName,
    'SearchVector!': list(attributeValue, { min: 1, max: 4096 }),
    // Too large a one is refused later, in words of its own.
    'TopK!': integer({ min: 1 }),
    SearchConditionExpression: string(),
    ProjectionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  TransactGetItems: structure('TransactGetItemsInput', {
    'TransactItems!': transactGetItemList,
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  TransactWriteItems: structure('TransactWriteItemsInput', {
    ClientRequestToken: clientRequestToken,
    'TransactItems!': transactWriteItemList,
    ReturnConsumedCapacity: returnConsumedCapacity,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
  }),
  UpdateItem: structure('UpdateItemInput', {
    ReturnConsumedCapacity: returnConsumedCapacity,
    'TableName!': tableNameOrArn,
    ReturnItemCollectionMetrics: returnItemCollectionMetrics,
    ReturnValues: returnValue,
    ConditionalOperator: conditionalOperator,
    'Key!': attributeMap,
    AttributeUpdates: attributeUpdates,
    Expected: expectedAttributeMap,
    UpdateExpression: string(),
    ConditionExpression: string(),
    ExpressionAttributeNames: expressionAttributeNameMap,
    ExpressionAttributeValues: expressionAttributeValueMap,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  BatchExecuteStatement: structure('BatchExecuteStatementInput', {
    'Statements!': partiQLBatchRequest,
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  ExecuteStatement: structure('ExecuteStatementInput', {
    'Statement!': partiQLStatement,
    Parameters: preparedStatementParameters,
    ConsistentRead: boolean,
    NextToken: partiQLNextToken,
    ReturnConsumedCapacity: returnConsumedCapacity,
    Limit: positiveIntegerObject,
    ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
  }),
  ExecuteTransaction: structure('ExecuteTransactionInput', {
    'TransactStatements!': parameterizedStatements,
    ClientRequestToken: clientRequestToken,
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
};
