import { before, describe, it } from 'node:test';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { keySchema } from './support/tables.js';
import { Target } from './support/target.js';

// Requests with two faults: which one AWS answers with. Tables are absent where the fault comes before the look at them.

const DEEP =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';
const SYNTAX = 'Invalid ConditionExpression: Syntax error; token: "=", near: "= = b"';
const CAPACITY =
  "Value 'BOGUS' at 'returnConsumedCapacity' failed to satisfy constraint: " +
  'Member must satisfy enum value set: [INDEXES, TOTAL, NONE]';
const RETURN_VALUES =
  "Value 'BOGUS' at 'returnValues' failed to satisfy constraint: " +
  'Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]';
const EMPTY_NAME =
  "Value '' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 1";
const NO_KEY = "Value null at 'key' failed to satisfy constraint: Member must not be null";
const MAP_KEYS =
  'Map keys must satisfy constraint: [Member must have length less than or equal to 255, ' +
  'Member must have length greater than or equal to 3, Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]';

const target = new Target();
const absent = 'absent-table';
const S = (text: string) => ({ S: text });

before(() => target.started());

/** A string inside this many maps. */
function nested(levels: number): unknown {
  let value: unknown = S('leaf');
  for (let level = 0; level < levels; level++) value = { M: { n: value } };
  return value;
}

const refuses = (operation: string, input: unknown, message: string) =>
  expectRefusal(target, operation, input, INVALID + message);

describe('TransactWriteItems', () => {
  const put = (attributes: Record<string, unknown>, more = {}) => ({
    Put: { TableName: absent, Item: { pk: S('p'), ...attributes }, ...more },
  });
  const remove = (pk: unknown, more = {}) => ({ Delete: { TableName: absent, Key: { pk }, ...more } });
  const transaction = (TransactItems: unknown[], message: string) =>
    refuses('TransactWriteItems', { TransactItems }, message);

  it('answers with the first faulty action', async () => {
    await transaction([put({ d: nested(40) }), put({ '': S('x') })], DEEP);
    await transaction([put({ '': S('x') }), put({ d: nested(40) })], 'Empty attribute name');
    await transaction([remove(nested(40)), put({}, { ConditionExpression: 'a = = b' })], DEEP);
    await transaction([put({}, { ConditionExpression: 'a = = b' }), remove(nested(40))], SYNTAX);
  });

  it('puts an empty attribute name before a deep value, and a deep value before an empty name within a map', async () => {
    await transaction([put({ '': S('x'), d: nested(100) })], 'Empty attribute name');
    await transaction([put({ d: nested(100), '': S('x') })], 'Empty attribute name');
    await transaction([put({ m: { M: { '': S('x') } }, d: nested(40) })], DEEP);
    await transaction([put({ m: { M: { '': S('x') } }, d: nested(31) })], 'Empty attribute name');
  });

  it('puts expressions before the key', async () => {
    await transaction([remove(nested(100), { ConditionExpression: 'a = = b' })], SYNTAX);
    const condition = `a = :v${' AND a = :v'.repeat(373)}`;
    await transaction(
      [remove(nested(100), { ConditionExpression: condition, ExpressionAttributeValues: { ':v': S('x') } })],
      'Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4109',
    );
  });

  it('does not name the size of an UpdateExpression', async () => {
    const clauses = Array.from({ length: 500 }, (_, index) => `a${index} = :v`).join(', ');
    await transaction(
      [
        {
          Update: {
            TableName: absent,
            Key: { pk: S('p') },
            UpdateExpression: `SET ${clauses}`,
            ExpressionAttributeValues: { ':v': S('x') },
          },
        },
      ],
      'Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;',
    );
  });
});

describe('numbers that only fit 32 bits', () => {
  const underflow = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
  const overflow = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
  const Item = { pk: S('p'), n: { N: '1e2147483647' } };

  it('underflow in batches and transactions', async () => {
    await refuses('BatchWriteItem', { RequestItems: { [absent]: [{ PutRequest: { Item } }] } }, underflow);
    await refuses('TransactWriteItems', { TransactItems: [{ Put: { TableName: absent, Item } }] }, underflow);
    await refuses(
      'TransactWriteItems',
      {
        TransactItems: [
          {
            Update: {
              TableName: absent,
              Key: { pk: S('p') },
              UpdateExpression: 'SET n = :n',
              ExpressionAttributeValues: { ':n': Item.n },
            },
          },
        ],
      },
      `ExpressionAttributeValues contains invalid value: ${underflow} for key :n`,
    );
  });

  it('overflow elsewhere', () => refuses('PutItem', { TableName: absent, Item }, overflow));
});

describe('a table name with a wrong character in a batch', () => {
  it('is shown as JSON by BatchGetItem, with other faults', async () => {
    const RequestItems = { 'bad!name': { Keys: [{ pk: S('a') }] } };
    const name = `Value '${JSON.stringify(RequestItems)}' at 'requestItems' failed to satisfy constraint: ${MAP_KEYS}`;
    await refuses('BatchGetItem', { RequestItems }, `1 validation error detected: ${name}`);
    await refuses(
      'BatchGetItem',
      { RequestItems, ReturnConsumedCapacity: 'BOGUS' },
      `2 validation errors detected: ${name}; ${CAPACITY}`,
    );
  });

  it('gives way to other faults in BatchWriteItem', () =>
    refuses(
      'BatchWriteItem',
      {
        RequestItems: { 'bad!name': [{ DeleteRequest: { Key: { pk: S('a') } } }] },
        ReturnConsumedCapacity: 'BOGUS',
      },
      `1 validation error detected: ${CAPACITY}`,
    ));
});

describe('UpdateItem without a key', () => {
  const update = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': S('x') } };

  it('has an empty table name break one rule, and lists members in an order of its own', async () => {
    await refuses('UpdateItem', { TableName: '', ...update }, `2 validation errors detected: ${EMPTY_NAME}; ${NO_KEY}`);
    await refuses(
      'UpdateItem',
      { TableName: '', ...update, ReturnConsumedCapacity: 'BOGUS', ReturnValues: 'BOGUS' },
      `4 validation errors detected: ${CAPACITY}; ${EMPTY_NAME}; ${RETURN_VALUES}; ${NO_KEY}`,
    );
  });

  it('lists the conditional operator before the key', () =>
    refuses(
      'UpdateItem',
      { TableName: absent, Expected: { a: { Exists: false }, b: { Exists: false } }, ConditionalOperator: 'XOR' },
      "2 validation errors detected: Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: " +
        `Member must satisfy enum value set: [OR, AND]; ${NO_KEY}`,
    ));
});

describe('Query', () => {
  it('has the conditional operator before Select, in words of its own', () =>
    refuses(
      'Query',
      {
        TableName: absent,
        KeyConditions: { pk: { ComparisonOperator: 'EQ', AttributeValueList: [S('a')] } },
        QueryFilter: { b: { ComparisonOperator: 'NULL' }, c: { ComparisonOperator: 'NULL' } },
        ConditionalOperator: 'XOR',
        Select: 'BOGUS',
      },
      'Failed to satisfy constraint: Member must satisfy enum value set: [ALL, OR]',
    ));
});

describe('CreateTable', () => {
  it('lists names of global indexes before those of local ones', () => {
    const tooShort = (name: string, member: string) =>
      `Value '${name}' at '${member}.1.member.indexName' failed to satisfy constraint: ` +
      'Member must have length greater than or equal to 3';
    return refuses(
      'CreateTable',
      {
        TableName: absent,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: keySchema('pk', 'sk'),
        LocalSecondaryIndexes: [
          { IndexName: 'aa', KeySchema: keySchema('pk', 'l'), Projection: { ProjectionType: 'ALL' } },
        ],
        GlobalSecondaryIndexes: [{ IndexName: 'zz', KeySchema: keySchema('g'), Projection: { ProjectionType: 'ALL' } }],
      },
      `2 validation errors detected: ${tooShort('zz', 'globalSecondaryIndexes')}; ` +
        tooShort('aa', 'localSecondaryIndexes'),
    );
  });
});
