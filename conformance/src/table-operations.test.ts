import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { expectRefusal, INVALID, type Refusal, refusalOf } from './support/expect-refusal.js';
import { createTable, indexedTable, keySchema, simpleTable } from './support/tables.js';
import { Target } from './support/target.js';

const target = new Target();
const ONE = `${INVALID}One or more parameter values were invalid: `;
const MISSING = `${INVALID}The parameter 'TableName' is required but was not present in the request`;
const LENGTH = `${INVALID}TableName must be at least 3 characters long and at most 255 characters long`;
const UNITS = { ReadCapacityUnits: 10, WriteCapacityUnits: 5 };
const at = (place: string, rule: string) => `Value ${place} failed to satisfy constraint: ${rule}`;
const NULL = 'Member must not be null';
const AT_LEAST_1 = 'Member must have value greater than or equal to 1';
const HUGE = 1_000_000_000_001;

let table = '';
let provisioned = '';

before(async () => {
  table = await createTable(target, indexedTable(target.tableName('indexed')));
  provisioned = await createTable(target, simpleTable(target.tableName('provisioned'), 'S'), {
    BillingMode: 'PROVISIONED',
    ProvisionedThroughput: UNITS,
  });
});

const outcome = async (operation: string, input: unknown) => refusalOf(await target.send(operation, input));
const described = async (name: string) => {
  const { Table } = await target.client.send(new DescribeTableCommand({ TableName: name }));
  return Table;
};
const waits = { maxWaitTime: 60, minDelay: 1 };

for (const operation of ['DescribeTable', 'DeleteTable', 'UpdateTable', 'DescribeTimeToLive', 'UpdateTimeToLive']) {
  describe(`${operation} looks at the name of the table first`, () => {
    const cases: readonly Refusal[] = [
      ['no name', {}, MISSING],
      ['an empty name', { TableName: '' }, LENGTH],
      ['a short name', { TableName: 'a;' }, LENGTH],
      ['a long name', { TableName: 'a'.repeat(256) }, LENGTH],
      [
        'a name of other characters',
        { TableName: 'abc;' },
        /detected: .*Value 'abc;' at 'tableName' failed .*regular expression pattern: \[a-zA-Z0-9_\.-\]\+/,
      ],
    ];
    for (const [what, input, error] of cases) it(what, () => expectRefusal(target, operation, input, error));
  });
}

describe('A table that is not there', () => {
  const name = 'conformance-absent';
  const inputs: readonly [string, object][] = [
    ['DescribeTable', {}],
    ['DeleteTable', {}],
    ['UpdateTable', { ProvisionedThroughput: UNITS }],
    ['DescribeTimeToLive', {}],
    ['UpdateTimeToLive', { TimeToLiveSpecification: { AttributeName: 'id', Enabled: true } }],
  ];
  for (const [operation, input] of inputs) {
    it(operation, () =>
      expectRefusal(
        target,
        operation,
        { TableName: name, ...input },
        `ResourceNotFoundException: Requested resource not found: Table: ${name} not found`,
      ),
    );
  }
});

describe('DescribeTable', () => {
  it('tells the table as it was made', async () => {
    const known = await described(table);
    assert.equal(known?.TableName, table);
    assert.equal(known?.TableStatus, 'ACTIVE');
    assert.deepEqual(known?.KeySchema, keySchema('pk', 'sk'));
    assert.equal(known?.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual(known?.BillingModeSummary?.LastUpdateToPayPerRequestDateTime, known?.CreationDateTime);
    assert.deepEqual(known?.ProvisionedThroughput, {
      NumberOfDecreasesToday: 0,
      ReadCapacityUnits: 0,
      WriteCapacityUnits: 0,
    });
    assert.equal(known?.ItemCount, 0);
    assert.equal(known?.TableSizeBytes, 0);
    assert.equal(known?.DeletionProtectionEnabled, false);
    assert.match(known?.TableArn ?? '', new RegExp(`^arn:aws:dynamodb:[a-z0-9-]+:\\d{12}:table/${table}$`));
    assert.match(known?.TableId ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    for (const absent of ['RestoreSummary', 'SSEDescription', 'StreamSpecification', 'LatestStreamArn'] as const) {
      assert.equal(known?.[absent], undefined);
    }
    assert.equal((await described(table))?.TableId, known?.TableId);
  });

  it('tells the indexes as they were made', async () => {
    const known = await described(table);
    const global = new Map(known?.GlobalSecondaryIndexes?.map((index) => [index.IndexName, index]));
    const local = new Map(known?.LocalSecondaryIndexes?.map((index) => [index.IndexName, index]));
    assert.deepEqual([...global.keys()].sort(), ['global-all', 'global-some']);
    assert.deepEqual([...local.keys()].sort(), ['local-all', 'local-some']);
    assert.equal(global.get('global-some')?.IndexStatus, 'ACTIVE');
    assert.deepEqual(global.get('global-some')?.KeySchema, keySchema('a', 'b'));
    assert.deepEqual(global.get('global-some')?.Projection, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['c'] });
    assert.deepEqual(local.get('local-all')?.Projection, { ProjectionType: 'ALL' });
    assert.equal(local.get('local-all')?.IndexArn, `${known?.TableArn}/index/local-all`);
  });

  it('takes an ARN for the name', async () => {
    const arn = (await described(table))?.TableArn ?? '';
    assert.equal((await described(arn))?.TableName, table);
  });
});

describe('UpdateTable refuses', () => {
  const abc = (updates: unknown) => ({ TableName: 'abc', GlobalSecondaryIndexUpdates: updates });
  const units = (read: number, write: number) => ({
    ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write },
  });
  const cases: readonly Refusal[] = [
    [
      'throughput without members',
      { TableName: 'abc', ProvisionedThroughput: {} },
      `${INVALID}2 validation errors detected: ${at("null at 'provisionedThroughput.writeCapacityUnits'", NULL)}; ` +
        at("null at 'provisionedThroughput.readCapacityUnits'", NULL),
    ],
    [
      'throughput below one',
      { TableName: 'abc', ...units(-1, -1) },
      `${INVALID}2 validation errors detected: ` +
        `${at("'-1' at 'provisionedThroughput.writeCapacityUnits'", AT_LEAST_1)}; ` +
        at("'-1' at 'provisionedThroughput.readCapacityUnits'", AT_LEAST_1),
    ],
    [
      'huge read units',
      { TableName: 'abc', ...units(HUGE, HUGE) },
      `${INVALID}Given value ${HUGE} for ReadCapacityUnits is out of bounds`,
    ],
    [
      'huge write units',
      { TableName: 'abc', ...units(HUGE - 1, HUGE) },
      `${INVALID}Given value ${HUGE} for WriteCapacityUnits is out of bounds`,
    ],
    ['nothing to change', abc([]), /^ValidationException: At least one of ProvisionedThroughput, .* is required$/],
    [
      'an update of an index without a name',
      abc([{ Update: {} }]),
      /Value null at 'globalSecondaryIndexUpdates\.1\.member\.update\.indexName' failed to satisfy constraint: Member must not be null/,
    ],
    [
      'several faults of indexes',
      abc([
        { Update: { IndexName: 'a', ProvisionedThroughput: {} } },
        { Update: { IndexName: 'abc;', ...units(HUGE, 0) } },
      ]),
      `${INVALID}5 validation errors detected: ` +
        [
          at(
            "'a' at 'globalSecondaryIndexUpdates.1.member.update.indexName'",
            'Member must have length greater than or equal to 3',
          ),
          at("null at 'globalSecondaryIndexUpdates.1.member.update.provisionedThroughput.writeCapacityUnits'", NULL),
          at("null at 'globalSecondaryIndexUpdates.1.member.update.provisionedThroughput.readCapacityUnits'", NULL),
          at(
            "'abc;' at 'globalSecondaryIndexUpdates.2.member.update.indexName'",
            'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
          ),
          at(
            "'0' at 'globalSecondaryIndexUpdates.2.member.update.provisionedThroughput.writeCapacityUnits'",
            AT_LEAST_1,
          ),
        ].join('; '),
    ],
    [
      'huge read units of an index',
      abc([{ Update: { IndexName: 'abc', ...units(HUGE, HUGE) } }]),
      `${INVALID}Given value ${HUGE} for ReadCapacityUnits is out of bounds for index abc`,
    ],
    [
      'huge write units of an index',
      abc([{ Update: { IndexName: 'abc', ...units(HUGE - 1, HUGE) } }]),
      `${INVALID}Given value ${HUGE} for WriteCapacityUnits is out of bounds for index abc`,
    ],
    [
      'an update that says nothing',
      abc([{}, {}]),
      `${ONE}One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ` +
        'GlobalSecondaryIndexUpdate.Delete must not be null',
    ],
    [
      'two updates of one index',
      abc([{ Delete: { IndexName: 'abc' } }, { Delete: { IndexName: 'abc' } }]),
      `${ONE}Only one global secondary index update per index is allowed simultaneously. Index: abc`,
    ],
  ];
  for (const [what, input, error] of cases) it(what, () => expectRefusal(target, 'UpdateTable', input, error));

  it('throughput that changes nothing', () =>
    expectRefusal(
      target,
      'UpdateTable',
      { TableName: provisioned, ProvisionedThroughput: UNITS },
      `${INVALID}The provisioned throughput for the table will not change. The requested value equals the current ` +
        'value. Current ReadCapacityUnits provisioned for the table: 10. Requested ReadCapacityUnits: 10. Current ' +
        'WriteCapacityUnits provisioned for the table: 5. Requested WriteCapacityUnits: 5. Refer to the Amazon ' +
        'DynamoDB Developer Guide for current limits and how to request higher limits.',
    ));

  it('throughput together with billing by request', async () => {
    const input = { TableName: provisioned, BillingMode: 'PAY_PER_REQUEST', ProvisionedThroughput: UNITS };
    assert.match(await outcome('UpdateTable', input), /^ValidationException/);
  });

  it('an index that is there, one on an attribute without definition, and the deletion of one that is not there', async () => {
    const create = (IndexName: string, key: string) => ({
      TableName: table,
      GlobalSecondaryIndexUpdates: [
        { Create: { IndexName, KeySchema: keySchema(key), Projection: { ProjectionType: 'ALL' } } },
      ],
    });
    const AttributeDefinitions = [{ AttributeName: 'a', AttributeType: 'S' }];
    const there = { ...create('global-all', 'a'), AttributeDefinitions };
    assert.match(await outcome('UpdateTable', there), /^ValidationException/);
    assert.match(await outcome('UpdateTable', create('new-index', 'undefined')), /^ValidationException/);
    const absent = { TableName: table, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'absent' } }] };
    assert.match(await outcome('UpdateTable', absent), /^ResourceNotFoundException: Requested resource not found/);
  });
});

describe('UpdateTable changes', () => {
  it('throughput, up and down', async () => {
    const name = await createTable(target, simpleTable(target.tableName('units'), 'S'), {
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: UNITS,
    });
    for (const ProvisionedThroughput of [{ ReadCapacityUnits: 30, WriteCapacityUnits: 15 }, UNITS]) {
      await target.client.send(new UpdateTableCommand({ TableName: name, ProvisionedThroughput }));
      await waitUntilTableExists({ client: target.client, ...waits }, { TableName: name });
      const { ReadCapacityUnits, WriteCapacityUnits } = (await described(name))?.ProvisionedThroughput ?? {};
      assert.deepEqual({ ReadCapacityUnits, WriteCapacityUnits }, ProvisionedThroughput);
    }
    const { NumberOfDecreasesToday, LastIncreaseDateTime, LastDecreaseDateTime } =
      (await described(name))?.ProvisionedThroughput ?? {};
    assert.equal(NumberOfDecreasesToday, 1);
    assert.ok(LastIncreaseDateTime && LastDecreaseDateTime);
  });

  it('indexes, one after the other', async () => {
    const name = await createTable(target, simpleTable(target.tableName('indexes'), 'S', 'S'));
    const item = { pk: { S: 'a' }, sk: { S: 'b' }, late: { S: 'x' } };
    assert.equal(await outcome('PutItem', { TableName: name, Item: item }), 'no error');
    const create = {
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'late', AttributeType: 'S' as const }],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-late',
            KeySchema: keySchema('late'),
            Projection: { ProjectionType: 'ALL' as const },
          },
        },
      ],
    };
    await target.client.send(new UpdateTableCommand(create));
    for (;;) {
      const status = (await described(name))?.GlobalSecondaryIndexes?.[0]?.IndexStatus;
      if (status === 'ACTIVE') break;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const { body } = await target.send('Scan', { TableName: name, IndexName: 'by-late' });
    assert.deepEqual(body.Items, [item]);
    await target.client.send(
      new UpdateTableCommand({ TableName: name, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-late' } }] }),
    );
    while ((await described(name))?.GlobalSecondaryIndexes !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    assert.equal(await outcome('PutItem', { TableName: name, Item: { ...item, late: { N: '1' } } }), 'no error');
  });

  it('protection against deletion', async () => {
    const name = await createTable(target, simpleTable(target.tableName('protected'), 'S'), {
      DeletionProtectionEnabled: true,
    });
    assert.match(
      await outcome('DeleteTable', { TableName: name }),
      /^ValidationException: .*protected against deletion/,
    );
    await target.client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    assert.equal(await outcome('DeleteTable', { TableName: name }), 'no error');
  });

  it('the class of the table', async () => {
    const name = await createTable(target, simpleTable(target.tableName('class'), 'S'));
    await target.client.send(new UpdateTableCommand({ TableName: name, TableClass: 'STANDARD_INFREQUENT_ACCESS' }));
    await waitUntilTableExists({ client: target.client, ...waits }, { TableName: name });
    assert.equal((await described(name))?.TableClassSummary?.TableClass, 'STANDARD_INFREQUENT_ACCESS');
    const invalid =
      `${INVALID}Invalid table-class parameter provided. Please try again with a valid table-class value: ` +
      '[STANDARD, STANDARD_INFREQUENT_ACCESS].';
    await expectRefusal(target, 'UpdateTable', { TableName: name, TableClass: 'standard' }, invalid);
    const created = { ...simpleTable(target.tableName('other-class'), 'S'), TableClass: 'glacier' };
    await expectRefusal(target, 'CreateTable', created, invalid);
  });
});

describe('DeleteTable', () => {
  it('takes the table away, and its name is free again', async () => {
    const input = indexedTable(target.tableName('deleted'));
    const name = await createTable(target, input);
    assert.equal(await outcome('PutItem', { TableName: name, Item: { pk: { S: 'a' }, sk: { S: 'b' } } }), 'no error');
    const { TableDescription } = await target.client.send(new DeleteTableCommand({ TableName: name }));
    assert.equal(TableDescription?.TableStatus, 'DELETING');
    assert.equal(TableDescription?.GlobalSecondaryIndexes, undefined);
    await waitUntilTableNotExists({ client: target.client, ...waits }, { TableName: name });
    const { TableNames } = await target.client.send(new ListTablesCommand({}));
    assert.ok(!TableNames?.includes(name));
    await createTable(target, input);
    const { body } = await target.send('Scan', { TableName: name });
    assert.equal(body.Count, 0);
  });
});

describe('ListTables', () => {
  const NAME = 'exclusiveStartTableName';
  const PATTERN = 'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+';
  const SHORT = 'Member must have length greater than or equal to 3';

  it('refuses names and limits out of range', async () => {
    const long = 'a'.repeat(256);
    for (const [input, violations] of [
      [{ ExclusiveStartTableName: '' }, [at(`'' at '${NAME}'`, PATTERN), at(`'' at '${NAME}'`, SHORT)]],
      [
        { ExclusiveStartTableName: 'a;', Limit: 500 },
        [
          at(`'a;' at '${NAME}'`, PATTERN),
          at(`'a;' at '${NAME}'`, SHORT),
          at("'500' at 'limit'", 'Member must have value less than or equal to 100'),
        ],
      ],
      [
        { ExclusiveStartTableName: long },
        [at(`'${long}' at '${NAME}'`, 'Member must have length less than or equal to 255')],
      ],
      [{ Limit: 0 }, [at("'0' at 'limit'", AT_LEAST_1)]],
      [{ Limit: 101 }, [at("'101' at 'limit'", 'Member must have value less than or equal to 100')]],
    ] as const) {
      const refusal = await outcome('ListTables', input);
      const errors = violations.length === 1 ? 'error' : 'errors';
      assert.ok(refusal.startsWith(`${INVALID}${violations.length} validation ${errors} detected: `), refusal);
      for (const violation of violations) assert.ok(refusal.includes(violation), refusal);
    }
  });

  it('lists in order and page by page, after the name given', async () => {
    const names = ['b', 'a', 'c'].map((suffix) => `${target.tableName('list')}-${suffix}`).sort();
    for (const name of names) await createTable(target, simpleTable(name, 'S'));
    const all: string[] = [];
    let start: string | undefined;
    do {
      const page = await target.client.send(new ListTablesCommand({ Limit: 2, ExclusiveStartTableName: start }));
      all.push(...(page.TableNames ?? []));
      start = page.LastEvaluatedTableName;
    } while (start !== undefined);
    assert.deepEqual(all, [...all].sort());
    assert.ok(names.every((name) => all.includes(name)));
    const [first = '', ...rest] = names;
    const after = await target.client.send(new ListTablesCommand({ ExclusiveStartTableName: first }));
    assert.ok(!after.TableNames?.includes(first));
    assert.ok(rest.every((name) => after.TableNames?.includes(name)));
    const none = await target.client.send(new ListTablesCommand({ Limit: 100 }));
    assert.equal(none.LastEvaluatedTableName, undefined);
  });

  it('takes nulls for nothing, and members that it does not know', async () => {
    assert.equal(await outcome('ListTables', { ExclusiveStartTableName: null, Limit: null }), 'no error');
    assert.equal(await outcome('ListTables', { hi: 'yo' }), 'no error');
  });
});

describe('Tags', () => {
  const arnOf = async (name: string) => (await described(name))?.TableArn ?? '';
  const tagsOf = async (ResourceArn: string) => {
    const { Tags } = await target.client.send(new ListTagsOfResourceCommand({ ResourceArn }));
    return Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key, Value]));
  };

  it('are added, replaced and taken away, and the answers have no body', async () => {
    const name = await createTable(target, simpleTable(target.tableName('tags'), 'S'), {
      Tags: [{ Key: 'first', Value: 'one' }],
    });
    const ResourceArn = await arnOf(name);
    assert.deepEqual(await tagsOf(ResourceArn), { first: 'one' });
    const Tags = [
      { Key: 'first', Value: 'two' },
      { Key: '7', Value: ' ' },
      { Key: ' ', Value: '9' },
      { Key: 'ключ', Value: 'значение' },
    ];
    await target.client.send(new TagResourceCommand({ ResourceArn, Tags }));
    assert.deepEqual(await tagsOf(ResourceArn), { first: 'two', 7: ' ', ' ': '9', ключ: 'значение' });
    await target.client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['7', ' ', 'ключ', 'absent'] }));
    assert.deepEqual(await tagsOf(ResourceArn), { first: 'two' });
    assert.equal((await target.send('TagResource', { ResourceArn, Tags })).text, '');
    assert.equal((await target.send('UntagResource', { ResourceArn, TagKeys: ['7'] })).text, '');
  });

  it('are refused when they are none, too many or of other characters', async () => {
    const ResourceArn = await arnOf(table);
    const tag = (Tags: unknown) => outcome('TagResource', { ResourceArn, Tags });
    const numbered = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({ Key: `${from + index}`, Value: 'v' }));
    assert.equal(await tag([]), `${INVALID}Atleast one Tag needs to be provided as Input.`);
    assert.equal(
      await outcome('UntagResource', { ResourceArn, TagKeys: [] }),
      `${INVALID}Atleast one Tag Key needs to be provided as Input.`,
    );
    assert.equal(await tag(numbered(0, 30)), 'no error');
    assert.equal(await tag(numbered(20, 50)), 'no error');
    assert.match(await tag(numbered(50, 51)), /^ValidationException/);
    for (const [Key, Value] of [
      ['ok', '#!%%^$$&'],
      ['->>;-)])', 'ok'],
      ['!!!\\|', '<><'],
    ]) {
      assert.match(await tag([{ Key, Value }]), /^ValidationException/);
    }
  });

  it('are not those of resources that are none', async () => {
    for (const operation of ['TagResource', 'UntagResource', 'ListTagsOfResource']) {
      assert.equal(await outcome(operation, {}), `${INVALID}Invalid TableArn`);
    }
    const denied = (resource: string, operation = 'ListTagsOfResource') =>
      new RegExp(
        '^AccessDeniedException: User: arn:aws:iam::\\d+:.+ is not authorized to perform: ' +
          `dynamodb:${operation} on resource: ${resource}$`,
      );
    const ResourceArn = 'arn:aws:sqs:us-east-1:000000000000:queue';
    const tag = { ResourceArn, Tags: [{ Key: 'k', Value: 'v' }] };
    assert.match(await outcome('TagResource', tag), denied(ResourceArn, 'TagResource'));
    const untag = { ResourceArn, TagKeys: ['k'] };
    assert.match(await outcome('UntagResource', untag), denied(ResourceArn, 'UntagResource'));
    const foreign = { ResourceArn: 'arn:aws:dynamodb:us-east-1:111122223333:table/conformance-absent' };
    for (const [operation, members] of [
      ['TagResource', { Tags: tag.Tags }],
      ['UntagResource', { TagKeys: untag.TagKeys }],
      ['ListTagsOfResource', {}],
    ] as const) {
      assert.match(await outcome(operation, { ...foreign, ...members }), denied(foreign.ResourceArn, operation));
    }
    const list = (ResourceArn: string) => outcome('ListTagsOfResource', { ResourceArn });
    assert.match(await list(''), denied('\\*'));
    for (const arn of ['abcd', 'a:b:c:d:e:f', 'a:b:c:d:e/f']) assert.match(await list(arn), denied(arn));
    const [arn] = (await arnOf(table)).split('/');
    for (const invalid of ['a:b:c:d:e:f/g', `${arn}/ab`]) {
      assert.equal(await list(invalid), `${INVALID}Invalid TableArn: Invalid ResourceArn provided as input ${invalid}`);
    }
    assert.equal(
      await list(`${arn}/conformance-absent`),
      `ResourceNotFoundException: Requested resource not found: ResourcArn: ${arn}/conformance-absent not found`,
    );
    const Tags = [{ Key: 'a', Value: 'b' }];
    for (const ResourceArn of ['not-a-valid-arn', 'arn:not/a/good/format', 'x'.repeat(125), ':/'.repeat(30), ' ']) {
      assert.match(await outcome('TagResource', { ResourceArn, Tags }), /Exception: /);
    }
  });
});

describe('Time to live', () => {
  const set = (TableName: string, AttributeName: unknown, Enabled: unknown) =>
    outcome('UpdateTimeToLive', { TableName, TimeToLiveSpecification: { AttributeName, Enabled } });
  const state = async (TableName: string) => (await target.send('DescribeTimeToLive', { TableName })).body;

  it('is refused without its members', async () => {
    const both = [
      at("null at 'timeToLiveSpecification.enabled'", NULL),
      at("null at 'timeToLiveSpecification.attributeName'", NULL),
    ];
    for (const refusal of [await set(table, undefined, undefined), await set(table, null, null)]) {
      assert.ok(refusal.startsWith(`${INVALID}2 validation errors detected: `), refusal);
      for (const violation of both) assert.ok(refusal.includes(violation), refusal);
    }
    assert.match(await set(table, '', true), /^ValidationException: .*length/);
    assert.match(await set(table, 'x'.repeat(256), true), /^ValidationException: .*length/);
    assert.match(await set(table, 'x', 'dog'), /^SerializationException/);
  });

  it('is switched on and off', async () => {
    const name = await createTable(target, simpleTable(target.tableName('ttl'), 'S'));
    assert.deepEqual(await state(name), { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } });
    assert.equal(await set(name, 'ttl', false), `${INVALID}TimeToLive is already disabled`);
    const { body } = await target.send('UpdateTimeToLive', {
      TableName: name,
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    assert.deepEqual(body, { TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } });
    const { TimeToLiveDescription } = (await state(name)) as { TimeToLiveDescription: Record<string, string> };
    assert.match(TimeToLiveDescription.TimeToLiveStatus ?? '', /^ENABL(ED|ING)$/);
    assert.equal(TimeToLiveDescription.AttributeName, 'ttl');
    assert.match(await set(name, 'ttl', true), /^ValidationException: .*(already enabled|multiple times)/);
    assert.match(await set(name, 'dog', false), /^ValidationException: .*(different AttributeName|multiple times)/);
  });
});

it('CreateTable refuses a name that is taken', async () => {
  await assert.rejects(target.client.send(new CreateTableCommand(simpleTable(table, 'S'))), {
    name: 'ResourceInUseException',
    message: `Table already exists: ${table}`,
  });
});
