import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DeleteTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID } from './support/expect-refusal.js';
import { createTable, indexedTable, keySchema, simpleTable } from './support/tables.js';
import { type Json, Target } from './support/target.js';

const ONE = `${INVALID}One or more parameter values were invalid: `;
const DETECTED = `${INVALID}1 validation error detected: `;
const UNITS = { ReadCapacityUnits: 1, WriteCapacityUnits: 1 };

const target = new Target();
const refuses = (input: Json, error: string | RegExp) => expectRefusal(target, 'CreateTable', input, error);
const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType });
const attributes = (names: string) => [...names].map((name) => attribute(name));
const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
const at = (place: string, rule: string) => `Value ${place} failed to satisfy constraint: ${rule}`;
const missing = (member: string) => at(`null at '${member}'`, 'Member must not be null');
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const detected = (...violations: (string | RegExp)[]) => {
  const parts = violations.map((part) => (typeof part === 'string' ? escaped(part) : part.source));
  const errors = violations.length === 1 ? 'error' : 'errors';
  return new RegExp(
    `^ValidationException: ${parts.length} validation ${errors} detected: (?=.*${parts.join(')(?=.*')})`,
  );
};
const PATTERN = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
const AT_LEAST_ONE = 'Member must have value greater than or equal to 1';

/** A table `abc` with a hash key `a`, changed. */
const abc = (changes: Json) => ({
  TableName: 'abc',
  AttributeDefinitions: attributes('a'),
  KeySchema: keySchema('a'),
  ProvisionedThroughput: UNITS,
  ...changes,
});

describe('CreateTable refuses names that are none', () => {
  const LENGTH = `${INVALID}TableName must be at least 3 characters long and at most 255 characters long`;

  it('without the rest', async () => {
    await refuses({}, `${INVALID}The parameter 'TableName' is required but was not present in the request`);
    for (const TableName of ['', 'a;', 'a'.repeat(256)]) await refuses({ TableName }, LENGTH);
    await refuses(
      { TableName: 'abc;' },
      detected(missing('attributeDefinitions'), at("'abc;' at 'tableName'", PATTERN), missing('keySchema')),
    );
  });

  it('with the rest', async () => {
    await refuses(
      abc({ TableName: undefined }),
      `${INVALID}The parameter 'TableName' is required but was not present in the request`,
    );
    await refuses(
      abc({ TableName: 'ab' }),
      `${DETECTED}${at("'ab' at 'tableName'", 'Member must have length greater than or equal to 3')}`,
    );
  });
});

describe('CreateTable refuses what breaks the API model', () => {
  it('members that are missing', async () => {
    await refuses({ TableName: 'abc', AttributeDefinitions: [] }, detected(missing('keySchema')));
    await refuses(
      { TableName: 'abc', AttributeDefinitions: [], ProvisionedThroughput: {} },
      detected(
        missing('provisionedThroughput.writeCapacityUnits'),
        missing('provisionedThroughput.readCapacityUnits'),
        missing('keySchema'),
      ),
    );
    await refuses(
      abc({ AttributeDefinitions: [{}] }),
      detected(
        missing('attributeDefinitions.1.member.attributeName'),
        missing('attributeDefinitions.1.member.attributeType'),
      ),
    );
  });

  it('numbers out of range', () =>
    refuses(
      {
        TableName: 'abc',
        AttributeDefinitions: [],
        KeySchema: [],
        ProvisionedThroughput: { ReadCapacityUnits: -1, WriteCapacityUnits: -1 },
      },
      detected(
        at("'-1' at 'provisionedThroughput.writeCapacityUnits'", AT_LEAST_ONE),
        at("'-1' at 'provisionedThroughput.readCapacityUnits'", AT_LEAST_ONE),
        at("'[]' at 'keySchema'", 'Member must have length greater than or equal to 1'),
      ),
    ));

  it('words that are unknown', async () => {
    const elements = [{ KeyType: 'HASH' }, { AttributeName: 'a' }, { KeyType: 'Woop', AttributeName: 'a' }];
    await refuses(
      abc({ KeySchema: elements }),
      detected(
        /Value '\[.+\]' at 'keySchema' failed to satisfy constraint: Member must have length less than or equal to 2/,
        missing('keySchema.1.member.attributeName'),
        missing('keySchema.2.member.keyType'),
        at("'Woop' at 'keySchema.3.member.keyType'", 'Member must satisfy enum value set: [HASH, RANGE]'),
      ),
    );
    for (const type of ['SS', 'a']) {
      await refuses(
        abc({ AttributeDefinitions: [attribute('b', type)] }),
        `${DETECTED}${at(`'${type}' at 'attributeDefinitions.1.member.attributeType'`, 'Member must satisfy enum value set: [B, N, S]')}`,
      );
    }
    await refuses(abc({ BillingMode: 'X' }), /billingMode.*\[PROVISIONED, PAY_PER_REQUEST\]$/);
  });
});

describe('CreateTable refuses capacity that is none', () => {
  it('missing, too high, or with billing on demand', async () => {
    await refuses(
      abc({ ProvisionedThroughput: undefined }),
      /^ValidationException: One or more parameter values were invalid: /,
    );
    const bounds = (member: string) => `${INVALID}Given value 1000000000001 for ${member} is out of bounds`;
    const high = 1_000_000_000_001;
    await refuses(
      abc({ ProvisionedThroughput: { ReadCapacityUnits: high, WriteCapacityUnits: high } }),
      bounds('ReadCapacityUnits'),
    );
    await refuses(
      abc({ ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: high } }),
      bounds('WriteCapacityUnits'),
    );
    await refuses(
      abc({ BillingMode: 'PAY_PER_REQUEST' }),
      `${ONE}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
    );
  });
});

describe('CreateTable refuses keys that are none', () => {
  const NO_DEFINITION = `${INVALID}Invalid KeySchema: Some index key attribute have no definition`;
  const COUNT = `${ONE}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`;
  const cases: readonly (readonly [what: string, defined: string, schema: Json[], error: string])[] = [
    ['neither defined', '', [key('a', 'HASH'), key('a', 'HASH')], NO_DEFINITION],
    ['one of two defined', 'b', [key('a', 'HASH'), key('b', 'RANGE')], NO_DEFINITION],
    ['the same twice, defined once', 'a', [key('a', 'HASH'), key('a', 'HASH')], NO_DEFINITION],
    ['hash and range the same, defined once', 'a', [key('a', 'HASH'), key('a', 'RANGE')], NO_DEFINITION],
    [
      'another attribute defined',
      'b',
      [key('a', 'HASH')],
      `${ONE}Some index key attributes are not defined in AttributeDefinitions. Keys: [a], AttributeDefinitions: [b]`,
    ],
    [
      'the same twice',
      'ab',
      [key('a', 'HASH'), key('a', 'HASH')],
      `${INVALID}Both the Hash Key and the Range Key element in the KeySchema have the same name`,
    ],
    [
      'two hash keys',
      'ab',
      [key('a', 'HASH'), key('b', 'HASH')],
      `${INVALID}Invalid KeySchema: The second KeySchemaElement is not a RANGE key type`,
    ],
    [
      'the range key first',
      'ab',
      [key('a', 'RANGE'), key('b', 'HASH')],
      `${INVALID}Invalid KeySchema: The first KeySchemaElement is not a HASH key type`,
    ],
    ['one attribute too many, with a range key', 'acb', [key('a', 'HASH'), key('b', 'RANGE')], COUNT],
    ['one attribute too many', 'ab', [key('a', 'HASH')], COUNT],
  ];
  for (const [what, defined, schema, error] of cases) {
    it(what, () => refuses(abc({ AttributeDefinitions: attributes(defined), KeySchema: schema }), error));
  }
});

describe('CreateTable refuses indexes that are none', () => {
  const index = (IndexName: string, KeySchema: object, Projection: object = { ProjectionType: 'ALL' }) => ({
    IndexName,
    KeySchema,
    Projection,
  });
  const ranged = (changes: Json) =>
    abc({ AttributeDefinitions: attributes('abc'), KeySchema: keySchema('a', 'b'), ...changes });

  it('empty lists', async () => {
    await refuses(abc({ LocalSecondaryIndexes: [] }), `${ONE}List of LocalSecondaryIndexes is empty`);
    await refuses(abc({ GlobalSecondaryIndexes: [] }), `${ONE}List of GlobalSecondaryIndexes is empty`);
  });

  it('local ones of a table without a range key', () =>
    refuses(
      abc({ AttributeDefinitions: attributes('ab'), LocalSecondaryIndexes: [index('abd', keySchema('a', 'b'))] }),
      `${ONE}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    ));

  it('names given twice', () =>
    refuses(
      ranged({
        BillingMode: 'PAY_PER_REQUEST',
        ProvisionedThroughput: undefined,
        GlobalSecondaryIndexes: [index('same', keySchema('c')), index('same', keySchema('c'))],
      }),
      `${ONE}Duplicate index name: same`,
    ));

  it('projections of nothing', async () => {
    const include = { ProjectionType: 'INCLUDE' };
    const error = `${ONE}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`;
    await refuses(ranged({ LocalSecondaryIndexes: [index('abd', keySchema('a', 'c'), include)] }), error);
    await refuses(
      ranged({
        BillingMode: 'PAY_PER_REQUEST',
        ProvisionedThroughput: undefined,
        GlobalSecondaryIndexes: [index('abd', keySchema('c'), include)],
      }),
      error,
    );
  });

  it('a stream that is off, with a view', () =>
    refuses(
      abc({ StreamSpecification: { StreamEnabled: false, StreamViewType: 'NEW_IMAGE' } }),
      `${ONE}Table is being created with a stream disabled, UpdateViewType should not be specified`,
    ));
});

describe('CreateTable', () => {
  it('makes a table that describes itself as it was asked for', async () => {
    const name = await createTable(target, indexedTable(target.tableName('described')));
    const { Table } = await target.client.send(new DescribeTableCommand({ TableName: name }));
    assert.equal(Table?.TableStatus, 'ACTIVE');
    assert.equal(Table?.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual(Table?.KeySchema, keySchema('pk', 'sk'));
    assert.deepEqual(Table?.LocalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort(), [
      'local-all',
      'local-some',
    ]);
    assert.deepEqual(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).sort(), [
      'global-all',
      'global-some',
    ]);
    assert.equal(Table?.ItemCount, 0);
  });

  it('refuses a table that is there', async () => {
    const input = simpleTable(target.tableName('twice'), 'S');
    const name = await createTable(target, input);
    await refuses({ ...input }, `ResourceInUseException: Table already exists: ${name}`);
    await target.client.send(new DeleteTableCommand({ TableName: name }));
    await expectRefusal(
      target,
      'DeleteTable',
      { TableName: 'not-there' },
      'ResourceNotFoundException: Requested resource not found: Table: not-there not found',
    );
  });
});
