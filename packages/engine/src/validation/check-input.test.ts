import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperationName } from '../operation-name.js';
import { checkAllTypes, checkInput } from './check-input.js';

function refused(operation: OperationName, input: unknown): string {
  try {
    checkInput(operation, input);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'accepted';
}

test('one violation is told in the singular', () => {
  assert.equal(
    refused('ListTables', { ExclusiveStartTableName: 'ab' }),
    "ValidationException: 1 validation error detected: Value 'ab' at 'exclusiveStartTableName' failed to satisfy " +
      'constraint: Member must have length greater than or equal to 3',
  );
});

test('several violations come in one message, in the order that AWS gives them', () => {
  assert.equal(
    refused('ListTables', { ExclusiveStartTableName: 'a;', Limit: 500 }),
    "ValidationException: 3 validation errors detected: Value '500' at 'limit' failed to satisfy constraint: " +
      "Member must have value less than or equal to 100; Value 'a;' at 'exclusiveStartTableName' failed to satisfy " +
      "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a;' at " +
      "'exclusiveStartTableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
  );
});

test('of some names the length is told before the characters', () => {
  const broken = (path: string) =>
    `Value 'x!' at '${path}' failed to satisfy constraint: Member must have length greater than or equal to 3; ` +
    `Value 'x!' at '${path}' failed to satisfy constraint: ` +
    'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  const two = 'ValidationException: 2 validation errors detected: ';
  assert.equal(refused('GetItem', { TableName: 'x!', Key: {} }), two + broken('tableName'));
  assert.equal(refused('Scan', { TableName: 'table', IndexName: 'x!' }), two + broken('indexName'));
});

test('lengths of some names have a message of their own', () => {
  const words = (what: string) =>
    `ValidationException: ${what} must be at least 3 characters long and at most 255 characters long`;
  for (const operation of ['DescribeGlobalTable', 'DescribeGlobalTableSettings'] as const) {
    assert.equal(refused(operation, { GlobalTableName: '' }), words('TableName'));
  }
  assert.equal(refused('DescribeContributorInsights', { TableName: 'table', IndexName: '' }), words('IndexName'));
});

test('members are told in AWS’s order, as are values of enumerations', () => {
  const named = (path: string) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`;
  const two = 'ValidationException: 2 validation errors detected: ';
  assert.equal(
    refused('UpdateTimeToLive', { TableName: 'table', TimeToLiveSpecification: {} }),
    `${two}${named('timeToLiveSpecification.attributeName')}; ${named('timeToLiveSpecification.enabled')}`,
  );
  assert.equal(
    refused('UpdateTable', { TableName: 'table', AttributeDefinitions: [{}] }),
    `${two}${named('attributeDefinitions.1.member.attributeType')}; ` +
      named('attributeDefinitions.1.member.attributeName'),
  );
  assert.match(
    refused('UpdateTable', {
      TableName: 'table',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'new_image' },
    }),
    /enum value set: \[OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE\]$/,
  );
});

test('the id of a key is not empty', () => {
  assert.match(
    refused('UpdateTable', { TableName: 'table', SSESpecification: { Enabled: true, KMSMasterKeyId: '' } }),
    /Value '' at 'sSESpecification\.kMSMasterKeyId' .* greater than or equal to 1$/,
  );
});

test('write units are reported before read units', () => {
  const throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };
  assert.equal(
    refused('UpdateTable', { TableName: 'orders', ProvisionedThroughput: throughput }),
    "ValidationException: 2 validation errors detected: Value '0' at 'provisionedThroughput.writeCapacityUnits' " +
      'failed to satisfy constraint: Member must have value greater than or equal to 1; ' +
      "Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 1',
  );
});

test('the newer words for empty names and batches are an option', () => {
  const rule = 'failed to satisfy constraint: Member must have length greater than or equal to 1';
  const table: [OperationName, unknown, string][] = [
    ['PutItem', { TableName: '', Item: {} }, `1 validation error detected: Value at 'TableName' ${rule}`],
    ['BatchGetItem', { RequestItems: {} }, `1 validation error detected: Value at 'RequestItems' ${rule}`],
    ['BatchWriteItem', { RequestItems: {} }, 'The requestItems parameter is required for BatchWriteItem'],
  ];
  for (const [operation, input, message] of table) {
    assert.throws(() => checkInput(operation, input, 'newer'), { code: 'ValidationException', message });
  }
});

test('members of lists and maps are named by position and key', () => {
  const keySchema = [{ AttributeName: 'a', KeyType: 'X' }];
  assert.match(
    refused('CreateTable', { TableName: 'orders', AttributeDefinitions: [{}], KeySchema: keySchema }),
    /Value null at 'attributeDefinitions\.1\.member\.attributeName'.*'keySchema\.1\.member\.keyType' .*\[HASH, RANGE\]/,
  );
  assert.match(
    refused('BatchGetItem', { RequestItems: { orders: { Keys: [] } }, ReturnConsumedCapacity: 'x' }),
    /Value '\[\]' at 'requestItems\.orders\.member\.keys' failed .* length greater than or equal to 1; /,
  );
});

test('a single fault is answered in the newer words where AWS has moved to them', () => {
  const one = 'ValidationException: 1 validation error detected: ';
  const table: [OperationName, unknown, string][] = [
    [
      'PutItem',
      { TableName: '', Item: {}, ReturnValues: 'X' },
      `${one}Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'Query',
      { TableName: 'orders', Limit: 0 },
      `${one}Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    ],
    [
      'Scan',
      { TableName: 'orders', Limit: 0 },
      `${one}Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1`,
    ],
    [
      'BatchGetItem',
      { RequestItems: { orders: { Keys: [] } } },
      `${one}Value at 'RequestItems.orders.member.Keys' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'BatchWriteItem',
      { RequestItems: {} },
      'ValidationException: The requestItems parameter is required for BatchWriteItem',
    ],
    [
      'UpdateItem',
      { TableName: 'orders', Key: {}, ReturnValues: 'X', ReturnConsumedCapacity: 'X' },
      `${one}Failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]`,
    ],
  ];
  for (const [operation, input, message] of table) assert.equal(refused(operation, input), message);
});

const NAMESPACE = 'com.amazonaws.dynamodb.v20120810.';

test('wrong JSON types are named as the front end does, by what was expected where', () => {
  const cast = /^SerializationException: class sun\.reflect\..* cannot be cast to class java\.lang\.Class/;
  const table: [OperationName, unknown, string | RegExp][] = [
    ['PutItem', { TableName: [] }, 'Unrecognized collection type class java.lang.String'],
    ['PutItem', { TableName: {} }, 'Start of structure or map found where not expected'],
    ['PutItem', { Item: 5 }, 'Unexpected field type'],
    [
      'PutItem',
      { Item: [] },
      `Unrecognized collection type java.util.Map<java.lang.String, ${NAMESPACE}AttributeValue>`,
    ],
    ['PutItem', { Expected: { a: 5 } }, 'Unexpected value type in payload'],
    ['PutItem', { Expected: { a: [] } }, `Unrecognized collection type class ${NAMESPACE}ExpectedAttributeValue`],
    ['PutItem', { Expected: { a: { Exists: 'x' } } }, 'Unexpected token received from parser'],
    ['PutItem', { Expected: { a: { Value: 5 } } }, 'Unexpected field type'],
    ['BatchGetItem', { RequestItems: { a: { Keys: [5] } } }, cast],
    ['BatchWriteItem', { RequestItems: { a: 5 } }, cast],
    [
      'BatchWriteItem',
      { RequestItems: [] },
      `Unrecognized collection type java.util.Map<java.lang.String, java.util.List<${NAMESPACE}WriteRequest>>`,
    ],
    ['GetItem', { ExpressionAttributeNames: { '#a': 5 } }, 'NUMBER_VALUE cannot be converted to String'],
  ];
  for (const [operation, input, message] of table) {
    if (typeof message === 'string') assert.equal(refused(operation, input), `SerializationException: ${message}`);
    else assert.match(refused(operation, input), message);
  }
});

test('at most ten violations are reported', () => {
  const definitions = Array.from({ length: 8 }, () => ({}));
  assert.match(
    refused('CreateTable', { TableName: 'orders', AttributeDefinitions: definitions, KeySchema: [] }),
    /^ValidationException: 10 validation errors detected: /,
  );
});

test('broken keys and values of a map are told with all of their rules', () => {
  assert.match(
    refused('BatchWriteItem', { RequestItems: { orders: [] } }),
    /Value '\{orders=\[\]\}' at 'requestItems' .* Map value must satisfy constraint: \[Member must have length less than or equal to 25, Member must have length greater than or equal to 1\]$/,
  );
  assert.match(refused('BatchGetItem', { RequestItems: { 'a;': { Keys: [{}] } } }), /Map keys must satisfy constraint/);
});

test('a table may be named by ARN, however long its name', () => {
  const arn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';
  assert.equal(refused('GetItem', { TableName: arn, Key: {} }), 'accepted');
  assert.match(refused('GetItem', { TableName: `arn:${'a'.repeat(1024)}`, Key: {} }), /less than or equal to 1024$/);
});

test('wrong JSON types are serialization errors, found before any violation', () => {
  assert.equal(
    refused('DescribeTable', { TableName: 5 }),
    'SerializationException: NUMBER_VALUE cannot be converted to String',
  );
  assert.equal(
    refused('DescribeTable', { TableName: 5.5 }),
    'SerializationException: DECIMAL_VALUE cannot be converted to String',
  );
  assert.equal(
    refused('DescribeTable', { TableName: true }),
    'SerializationException: TRUE_VALUE cannot be converted to String',
  );
  assert.equal(
    refused('ListTables', { Limit: '5' }),
    'SerializationException: STRING_VALUE cannot be converted to Integer',
  );
  assert.match(
    refused('CreateTable', { TableName: 'a', KeySchema: {} }),
    /^SerializationException: Start of structure or map/,
  );
  assert.match(refused('DescribeTable', []), /^SerializationException: /);
});

test('nulls count as absent, unknown members are left alone, and the input itself is not changed', () => {
  const input = { Limit: null, Other: 1 };
  assert.deepEqual(checkInput('ListTables', input), { Other: 1 });
  assert.deepEqual(input, { Limit: null, Other: 1 });
});

test('an input with nothing to drop is handed on without a copy', () => {
  const input = { TableName: 'orders', Item: { pk: { S: 'a' } } };
  assert.equal(checkInput('PutItem', input), input);
});

test('the walk over all values finds a wrong type inside an item', () => {
  const check = (input: unknown) => () => checkAllTypes('PutItem', input);
  assert.throws(check({ Item: { a: { S: 5 } } }), { message: 'NUMBER_VALUE cannot be converted to String' });
  assert.throws(check({ Item: { a: { L: [5] } } }), { message: 'Unexpected value type in payload' });
  assert.throws(check({ Expected: { a: { Value: { B: 'x' } } } }), { name: 'SerializationException' });
  check({ TableName: 'orders', Item: { a: { S: 'x' } } })();
});

test('the name of the table comes first in operations on tables', () => {
  const missing = "ValidationException: The parameter 'TableName' is required but was not present in the request";
  const length = 'ValidationException: TableName must be at least 3 characters long and at most 255 characters long';
  assert.equal(refused('UpdateTable', { ProvisionedThroughput: {} }), missing);
  assert.equal(refused('DescribeTable', { TableName: 'ab' }), length);
  assert.equal(refused('CreateTable', { TableName: 'ab' }), length);
  assert.match(refused('CreateTable', { TableName: 'ab', AttributeDefinitions: [], KeySchema: [] }), /'tableName'/);
  assert.equal(refused('TagResource', {}), 'ValidationException: Invalid TableArn');
});

test('structures are printed as Java prints them', () => {
  const keySchema = ['a', 'b', 'c'].map((AttributeName) => ({ AttributeName, KeyType: 'HASH' }));
  assert.match(
    refused('CreateTable', { TableName: 'orders', AttributeDefinitions: [], KeySchema: keySchema }),
    /Value '\[KeySchemaElement\(attributeName=a, keyType=HASH\), KeySchemaElement\(attributeName=b, keyType=HASH\), /,
  );
  const put = { PutRequest: { Item: { pk: { S: 'a' }, l: { L: [{ N: '1' }] } } } };
  const nothing = 'iNT=null, dECIMAL=null, dOUBLE=null, sS=null, nS=null, bS=null, iNTSET=null, dECIMALSET=null, ';
  assert.ok(
    refused('BatchWriteItem', { RequestItems: { 'a b': [put] } }).includes(
      `Value '{a b=[WriteRequest(putRequest=PutRequest(item={pk=AttributeValue(s=a, n=null, b=null, ${nothing}` +
        `dOUBLESET=null, m=null, l=null, nULL=null, bOOL=null), l=AttributeValue(s=null, n=null, b=null, ${nothing}` +
        `dOUBLESET=null, m=null, l=[AttributeValue(s=null, n=1, b=null, ${nothing}dOUBLESET=null, m=null, l=null, ` +
        'nULL=null, bOOL=null)], nULL=null, bOOL=null)}, workloadProfileName=null), deleteRequest=null)]}',
    ),
  );
});
