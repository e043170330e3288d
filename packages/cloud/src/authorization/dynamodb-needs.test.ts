import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statementAccess } from '@tablewright/engine';
import { DynamoDbNeeds } from './dynamodb-needs.js';
import type { TableFacts } from './table-facts.js';

const PLACE = { accountId: '000000000000', region: 'eu-west-1' };
const ARN = 'arn:aws:dynamodb:eu-west-1:000000000000:table/';
const facts: TableFacts = {
  hashKey: (_place, table, index) => (table.startsWith('none') ? undefined : index === undefined ? 'pk' : 'gk'),
  tags: (_place, table): Record<string, string> => (table === 'orders' ? { team: 'red' } : {}),
  statement: statementAccess,
  customerKey: () => undefined,
  takesPolicy: () => true,
};

function needs(operation: string, input: object) {
  return new DynamoDbNeeds(PLACE, facts).of(operation, input);
}

/** The condition keys of the only thing that a request needs; those without a value left out. */
function context(operation: string, input: object): Record<string, unknown> {
  const [need, ...more] = needs(operation, { TableName: 'orders', ...input });
  assert.equal(more.length, 0);
  return Object.fromEntries(Object.entries(need?.context ?? {}).filter(([, value]) => value !== undefined));
}

const s = (text: string) => ({ S: text });

test('each operation needs its own action on the table, index, stream or backup that it names', () => {
  const one = (operation: string, input: object) =>
    needs(operation, input).map(({ action, resource }) => `${action} ${resource}`);
  assert.deepEqual(one('GetItem', { TableName: 'orders', Key: {} }), [`dynamodb:GetItem ${ARN}orders`]);
  assert.deepEqual(one('GetItem', { TableName: `${ARN}orders`, Key: {} }), [`dynamodb:GetItem ${ARN}orders`]);
  assert.deepEqual(one('Scan', { TableName: 'orders', IndexName: 'byName' }), [
    `dynamodb:Scan ${ARN}orders/index/byName`,
  ]);
  assert.deepEqual(one('SearchVectors', { TableName: 'orders', IndexName: 'near' }), [
    `dynamodb:SearchVectors ${ARN}orders/index/near`,
  ]);
  assert.deepEqual(one('ListTables', {}), [`dynamodb:ListTables ${ARN}*`]);
  assert.deepEqual(one('ListBackups', {}), ['dynamodb:ListBackups *']);
  const stream = `${ARN}orders/stream/2026-01-01T00:00:00.000`;
  assert.deepEqual(one('GetRecords', { ShardIterator: `${stream}|1|AAAA` }), [`dynamodb:GetRecords ${stream}`]);
  assert.deepEqual(one('DeleteBackup', { BackupArn: `${ARN}orders/backup/1` }), [
    `dynamodb:DeleteBackup ${ARN}orders/backup/1`,
  ]);
  assert.deepEqual(one('StartBulkPutItems', { TableName: 'orders' }), [`dynamodb:StartBulkPutItems ${ARN}orders`]);
  const bulk = `${ARN}orders/bulk-operation/1`;
  assert.deepEqual(one('CancelBulkOperation', { BulkOperationArn: bulk }), [`dynamodb:CancelBulkOperation ${bulk}`]);
  assert.deepEqual(one('ListBulkOperations', {}), ['dynamodb:ListBulkOperations *']);
  assert.deepEqual(one('CreateTable', { TableName: 'new' }), [`dynamodb:CreateTable ${ARN}new`]);
  assert.deepEqual(one('TagResource', { ResourceArn: `${ARN}orders` }), [`dynamodb:TagResource ${ARN}orders`]);
});

test('batches need their action per table, transactions those of what they enclose', () => {
  const batch = {
    RequestItems: { orders: { Keys: [{ pk: s('a') }, { pk: s('b') }] }, users: { Keys: [{ pk: s('c') }] } },
  };
  assert.deepEqual(
    needs('BatchGetItem', batch).map(({ action, resource, context: keys }) => [
      action,
      resource,
      keys?.['dynamodb:LeadingKeys'],
    ]),
    [
      ['dynamodb:BatchGetItem', `${ARN}orders`, ['a', 'b']],
      ['dynamodb:BatchGetItem', `${ARN}users`, ['c']],
    ],
  );
  const TransactItems = [
    { Put: { TableName: 'orders', Item: { pk: s('a') } } },
    { ConditionCheck: { TableName: 'users', Key: { pk: s('b') }, ConditionExpression: 'attribute_exists(pk)' } },
  ];
  assert.deepEqual(
    needs('TransactWriteItems', { TransactItems }).map(({ action, resource, context: keys }) => [
      action,
      resource,
      keys?.['dynamodb:EnclosingOperation'],
    ]),
    [
      ['dynamodb:PutItem', `${ARN}orders`, 'TransactWriteItems'],
      ['dynamodb:ConditionCheckItem', `${ARN}users`, 'TransactWriteItems'],
    ],
  );
});

test('leading keys come from keys, items and key conditions, of tables and indexes', () => {
  const leading = (operation: string, input: object) => context(operation, input)['dynamodb:LeadingKeys'];
  assert.equal(leading('PutItem', { Item: { pk: { N: '7' }, a: s('x') } }), '7');
  assert.equal(leading('UpdateItem', { Key: { pk: { B: 'AQ==' } } }), 'AQ==');
  const ExpressionAttributeValues = { ':k': s('a'), ':r': s('b') };
  const query = (KeyConditionExpression: string, more: object = {}) =>
    leading('Query', { KeyConditionExpression, ExpressionAttributeValues, ...more });
  assert.equal(query('pk = :k AND sk > :r'), 'a');
  assert.equal(query('sk = :r and :k = #p', { ExpressionAttributeNames: { '#p': 'pk' } }), 'a');
  assert.equal(query('gk = :k', { IndexName: 'byName' }), 'a');
  assert.equal(query('gk = :k'), undefined);
  const KeyConditions = { pk: { ComparisonOperator: 'EQ', AttributeValueList: [s('z')] } };
  assert.equal(leading('Query', { KeyConditions }), 'z');
  assert.equal(leading('Scan', {}), undefined);
});

test('attributes are those that the request names anywhere, whatever stands for them', () => {
  const attributes = (operation: string, input: object) =>
    [...(context(operation, input)['dynamodb:Attributes'] as string[])].sort();
  const ExpressionAttributeNames = { '#n': 'name', '#x': 'x.y' };
  assert.deepEqual(
    attributes('GetItem', {
      Key: { pk: s('a') },
      ProjectionExpression: '#n, address.city, tags[0], #x',
      ExpressionAttributeNames,
    }),
    ['address', 'name', 'pk', 'tags', 'x.y'],
  );
  const UpdateExpression = 'SET total = if_not_exists(total, :zero) + :one REMOVE old ADD #n :one';
  const ConditionExpression = 'attribute_exists(pk) AND size(note) < :one OR state IN (:a, :b)';
  assert.deepEqual(
    attributes('UpdateItem', { Key: { pk: s('a') }, UpdateExpression, ConditionExpression, ExpressionAttributeNames }),
    ['name', 'note', 'old', 'pk', 'state', 'total'],
  );
  assert.deepEqual(attributes('PutItem', { Item: { pk: s('a'), b: s('c') } }), ['b', 'pk']);
  assert.deepEqual(attributes('Scan', { AttributesToGet: ['a', 'b.c'] }), ['a', 'b']);
});

test('what is asked to be returned, and the tags of the table, can be conditions, too', () => {
  const { 'dynamodb:Select': select, 'aws:ResourceTag/team': team } = context('Query', { Select: 'COUNT' });
  assert.deepEqual([select, team], ['COUNT', 'red']);
  assert.equal(context('Scan', { ProjectionExpression: 'a' })['dynamodb:Select'], 'SPECIFIC_ATTRIBUTES');
  const put = context('PutItem', { ReturnValues: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL' });
  assert.equal(put['dynamodb:ReturnValues'], 'ALL_OLD');
  assert.equal(put['dynamodb:ReturnConsumedCapacity'], 'TOTAL');
  const create = context('CreateTable', { Tags: [{ Key: 'team', Value: 'blue' }] });
  assert.equal(create['aws:RequestTag/team'], 'blue');
  assert.deepEqual(create['aws:TagKeys'], ['team']);
});

test('PartiQL statements need actions of their own, with their keys and whether they scan', () => {
  const outline = (Statement: string, ...Parameters: object[]) => {
    const [need] = needs('ExecuteStatement', { Statement, Parameters });
    const keys = need?.context ?? {};
    return [need?.action, need?.resource, keys['dynamodb:LeadingKeys'], keys['dynamodb:FullTableScan']];
  };
  assert.deepEqual(outline('SELECT * FROM "users" WHERE pk = ?', s('a')), [
    'dynamodb:PartiQLSelect',
    `${ARN}users`,
    ['a'],
    'false',
  ]);
  assert.deepEqual(outline(`select x from users where "pk" IN ('a','b')`), [
    'dynamodb:PartiQLSelect',
    `${ARN}users`,
    ['a', 'b'],
    'false',
  ]);
  assert.deepEqual(outline('SELECT * FROM "users"."byName" WHERE gk = 5'), [
    'dynamodb:PartiQLSelect',
    `${ARN}users/index/byName`,
    ['5'],
    'false',
  ]);
  assert.deepEqual(outline(`SELECT * FROM users WHERE other = 'a'`), [
    'dynamodb:PartiQLSelect',
    `${ARN}users`,
    undefined,
    'true',
  ]);
  assert.deepEqual(outline(`UPDATE "users" SET a = ? WHERE pk = ?`, s('x'), s('k')), [
    'dynamodb:PartiQLUpdate',
    `${ARN}users`,
    ['k'],
    undefined,
  ]);
  assert.deepEqual(outline(`DELETE FROM users WHERE pk = 'k'`)[0], 'dynamodb:PartiQLDelete');
  assert.deepEqual(outline(`INSERT INTO "users" VALUE {'pk':'k'}`)[0], 'dynamodb:PartiQLInsert');
});

test('statements need to be let do what they name: attributes, partition keys, and what encloses them', () => {
  const need = (operation: string, Statement: string, ...Parameters: object[]) => {
    const member = operation === 'ExecuteTransaction' ? 'TransactStatements' : 'Statements';
    const statement = { Statement, Parameters };
    const [first] = needs(operation, operation === 'ExecuteStatement' ? statement : { [member]: [statement] });
    return first?.context ?? {};
  };
  const attributes = (Statement: string) => need('ExecuteStatement', Statement)['dynamodb:Attributes'];
  const keys = (Statement: string, ...parameters: object[]) =>
    need('ExecuteStatement', Statement, ...parameters)['dynamodb:LeadingKeys'];
  assert.deepEqual(attributes(`SELECT * FROM users WHERE pk = 'a' AND sk = 1`), ['pk', 'sk']);
  assert.deepEqual(attributes(`SELECT a, m.x FROM users WHERE contains(l[0], 'x') OR NOT b IN [1]`), [
    'a',
    'm',
    'l',
    'b',
  ]);
  assert.deepEqual(attributes(`UPDATE users SET a = b + 1 REMOVE c WHERE pk = 'a'`), ['a', 'b', 'c', 'pk']);
  assert.deepEqual(attributes(`INSERT INTO users VALUE {'pk': 'a', 'v': 1}`), ['pk', 'v']);
  assert.deepEqual(keys(`INSERT INTO users VALUE {'pk': ?, 'v': 1}`, s('a')), ['a']);
  assert.deepEqual(keys(`SELECT * FROM users WHERE pk = 'a' OR pk = ?`, s('b')), ['a', 'b']);
  assert.deepEqual(keys(`SELECT * FROM users WHERE (pk = 'a' AND v = 1) OR v = 2`), undefined);
  assert.deepEqual(keys(`SELECT * FROM users WHERE v = 'x' AND 'a' = pk`), ['a']);
  assert.deepEqual(keys(`SELECT * FROM users WHERE NOT pk = 'a'`), undefined);
  const enclosing = (operation: string) => need(operation, 'SELECT * FROM users')['dynamodb:EnclosingOperation'];
  const operations = ['ExecuteStatement', 'BatchExecuteStatement', 'ExecuteTransaction'];
  assert.deepEqual(operations.map(enclosing), [undefined, 'BatchExecuteStatement', 'ExecuteTransaction']);
});

test('a statement that is written oddly, or not understood, needs no less', () => {
  const actions = (Statement: string) =>
    needs('ExecuteStatement', { Statement }).map(
      ({ action, resource }) => `${action.slice(9)} ${resource.slice(ARN.length)}`,
    );
  assert.deepEqual(actions('SELECT*FROM"users"'), ['PartiQLSelect users']);
  assert.deepEqual(actions('SELECT "a" FROM "users"."byName"'), ['PartiQLSelect users/index/byName']);
  assert.deepEqual(actions('DELETE FROM"users"WHERE pk = 1'), ['PartiQLDelete users']);
  assert.deepEqual(actions(`\n update"users"set a = ' FROM "orders" '`), ['PartiQLUpdate users']);
  assert.deepEqual(actions(`EXISTS(SELECT * FROM users WHERE pk = 'a')`), ['PartiQLSelect users']);
  assert.equal(actions('nonsense').length, 4);
});

test('a restore needs its action on the backup and the table, and those that fill the table', () => {
  const all = needs('RestoreTableFromBackup', { BackupArn: `${ARN}orders/backup/1`, TargetTableName: 'copy' });
  assert.equal(all[0]?.resource, `${ARN}orders/backup/1`);
  const onTarget = all.filter(({ resource }) => resource === `${ARN}copy`).map(({ action }) => action);
  assert.ok(onTarget.includes('dynamodb:RestoreTableFromBackup') && onTarget.includes('dynamodb:BatchWriteItem'));
});
