import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARN, EngineFixture, orders } from './engine-fixture.js';

const ACCOUNT = '000000000000';

function policy(statement: Record<string, unknown> = {}, more: Record<string, unknown> = { Version: '2012-10-17' }) {
  return {
    ...more,
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'dynamodb:GetItem',
        Resource: ARN,
        ...statement,
      },
    ],
  };
}

class Policies extends EngineFixture {
  static async open(table: Record<string, unknown> = {}, transitionDelayMs = 0): Promise<Policies> {
    const fixture = new Policies({ transitionDelayMs });
    await fixture.run('CreateTable', orders(table));
    fixture.clock.advance(transitionDelayMs + 1);
    return fixture;
  }

  async put(document: unknown, expected?: string, arn = ARN): Promise<string> {
    const Policy = typeof document === 'string' ? document : JSON.stringify(document);
    const output = await this.run('PutResourcePolicy', {
      ResourceArn: arn,
      Policy,
      ...(expected !== undefined && { ExpectedRevisionId: expected }),
    });
    return output.RevisionId as string;
  }

  async get(arn = ARN): Promise<string> {
    return (await this.run('GetResourcePolicy', { ResourceArn: arn })).Policy as string;
  }

  refusesPut(document: unknown, message: string | RegExp, code = 'ValidationException', more = {}): Promise<void> {
    const Policy = typeof document === 'string' ? document : JSON.stringify(document);
    return this.refuses('PutResourcePolicy', { ResourceArn: ARN, Policy, ...more }, code, message);
  }
}

test('a policy is kept in AWS’s form, and what comes to the same is the same revision', async () => {
  const fixture = await Policies.open();
  const given = {
    Statement: [
      {
        Resource: [ARN],
        Action: ['dynamodb:GetItem'],
        Condition: { StringEquals: { 'aws:PrincipalAccount': [ACCOUNT] } },
        Principal: { AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`] },
        Effect: 'allow',
        Sid: 'read',
      },
    ],
    Version: '2012-10-17',
  };
  const revision = await fixture.put(JSON.stringify(given, undefined, 2));
  const kept =
    `{"Version":"2012-10-17","Statement":[{"Sid":"read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${ACCOUNT}:root"},` +
    `"Action":"dynamodb:GetItem","Resource":"${ARN}","Condition":{"StringEquals":{"aws:PrincipalAccount":"${ACCOUNT}"}}}]}`;
  assert.equal(await fixture.get(), kept);
  assert.equal(await fixture.put(kept), revision);
  assert.ok((await fixture.put(policy({ Action: ['dynamodb:Query', 'dynamodb:GetItem'] }))) > revision);
  assert.deepEqual(JSON.parse(await fixture.get()).Statement[0].Action, ['dynamodb:Query', 'dynamodb:GetItem']);
});

test('a policy without a version reads as one with the first, which is another policy', async () => {
  const fixture = await Policies.open();
  const revision = await fixture.put(policy({}, {}));
  const shown = await fixture.get();
  assert.equal(JSON.parse(shown).Version, '2008-10-17');
  assert.notEqual(await fixture.put(shown), revision);
});

test('policies that are none, or allow everything to everyone, are refused', async () => {
  const fixture = await Policies.open();
  const invalid = 'One or more parameter values were invalid: Invalid policy document: ';
  await fixture.refusesPut('{"Statement":', `${invalid}This policy contains invalid Json`);
  await fixture.refusesPut('null', `${invalid}This text appears not to be a policy`);
  await fixture.refusesPut('{}', `${invalid}Syntax error at position (1,3)`);
  await fixture.refusesPut({ Statement: [] }, `${invalid}Could not parse the policy: Statement is empty!`);
  const [statement] = policy({ Sid: 'one' }).Statement;
  await fixture.refusesPut(
    { Statement: [statement, statement] },
    `${invalid}The Statement Ids in the policy are not unique`,
  );
  await fixture.refusesPut(
    policy({ Principal: ACCOUNT }),
    new RegExp(`${invalid}Syntax error at position \\(1,\\d+\\)`),
  );
  for (const Principal of ['*', { AWS: '*' }, { AWS: ['*'] }]) {
    await fixture.refusesPut(policy({ Principal }), /^Resource-based policy grants unbounded access in one or more/);
    await fixture.put(policy({ Principal, Effect: 'Deny' }));
    await fixture.put(policy({ Principal, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }));
  }
  await fixture.refusesPut(
    policy({ Sid: 'x'.repeat(20_480) }),
    'One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded',
  );
});

test('principals are of a kind that there is, and services those that tables let in', async () => {
  const fixture = await Policies.open();
  const invalid = 'One or more parameter values were invalid: Invalid principal in policy document.';
  const group = `arn:aws:iam::${ACCOUNT}:group/readers`;
  for (const name of ['ann', '12345', group, `arn:aws:iam::${ACCOUNT}:user/`]) {
    await fixture.refusesPut(policy({ Principal: { AWS: name } }), invalid);
    await fixture.refusesPut(policy({ Principal: { AWS: [ACCOUNT, name] } }), invalid);
    await fixture.refusesPut(policy({ Principal: undefined, NotPrincipal: { AWS: name }, Effect: 'Deny' }), invalid);
  }
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`;
  for (const name of [`arn:aws:iam::${ACCOUNT}:role/app/reader`, session, 'AROAEXAMPLEEXAMPLE00']) {
    await fixture.put(policy({ Principal: { AWS: name } }));
  }
  await fixture.refusesPut(
    policy({ Principal: { Service: ['redshift.amazonaws.com', 'lambda.amazonaws.com'] } }),
    'One or more parameter values were invalid: Invalid policy document: Policy contains invalid service principal',
  );
  await fixture.put(policy({ Principal: { Service: 'redshift.amazonaws.com' }, Action: 'dynamodb:DescribeTable' }));
});

test('a policy is about what its table or stream has, and is judged before whether there is such a one', async () => {
  const fixture = await Policies.open({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } });
  const stream = (await fixture.describe()).LatestStreamArn as string;
  const invalid = 'One or more parameter values were invalid: Invalid policy document: ';
  const refusesAt = (ResourceArn: string, statement: Record<string, unknown>, message: string): Promise<void> =>
    fixture.refusesPut(policy(statement), invalid + message, 'ValidationException', { ResourceArn });
  const names = (listed: string): string => `The following action names are invalid: ${listed}`;
  const reading = ['GetShardIterator', 'Query', 'DescribeStream', 'GetRecords', 'ListStreams'];
  await refusesAt(
    ARN,
    { Action: reading.map((name) => `dynamodb:${name}`) },
    names('"dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"'),
  );
  await refusesAt(ARN, { Action: 'dynamodb:RestoreTableFromBackup' }, names('"dynamodb:RestoreTableFromBackup"'));
  await refusesAt(ARN, { Action: undefined, NotAction: 'dynamodb:Nothing' }, names('"dynamodb:Nothing"'));
  const gone = `${ARN}/stream/2000-01-01T00:00:00.000`;
  await refusesAt(gone, { Action: 'dynamodb:ListStreams', Resource: gone }, names('"dynamodb:ListStreams"'));
  const elsewhere = (arn: string): string =>
    `The relative-id "${arn.split(':').slice(5).join(':')}" is invalid for ARN "${arn}"`;
  await refusesAt(ARN, { Resource: [ARN, stream] }, elsewhere(stream));
  await refusesAt(gone, { Action: 'dynamodb:GetRecords' }, elsewhere(ARN));
  const other = ARN.replace('orders', 'other');
  for (const Resource of ['*', other, `${ARN}/index/by-group`, `${ARN}*`]) await fixture.put(policy({ Resource }));
  for (const Action of ['*', 'dynamodb:*', 'dynamodb:*Item', 'DynamoDB:getitem', 'dynamodb:PartiQLSelect']) {
    await fixture.put(policy({ Action }));
  }
  for (const Resource of ['*', stream, `${ARN}/*`]) {
    await fixture.put(policy({ Action: ['dynamodb:Get*', 'dynamodb:DescribeStream'], Resource }), undefined, stream);
  }
});

test('a change can be made to depend on the revision', async () => {
  const fixture = await Policies.open();
  const missing = 'Resource-based policy not found for the provided ResourceArn: ';
  const expecting = (ExpectedRevisionId: string) => ({ ExpectedRevisionId });
  assert.deepEqual(await fixture.run('DeleteResourcePolicy', { ResourceArn: ARN }), {});
  await fixture.refusesPut(
    policy(),
    `${missing}Requested update for policy with revision id 1, but table orders has no associated policy.`,
    'PolicyNotFoundException',
    expecting('1'),
  );
  const first = await fixture.put(policy(), 'NO_POLICY');
  await fixture.refusesPut(
    policy(),
    `${missing}Requested policy update expecting none to be present for table orders, ` +
      `but a policy exists with revision id ${first}.`,
    'PolicyNotFoundException',
    expecting('NO_POLICY'),
  );
  const second = await fixture.put(policy({ Sid: 'second' }), first);
  const stale = `${missing}Requested update for policy with revision id ${first}, but the policy associated to target table orders has revision id `;
  await fixture.refusesPut(policy(), `${stale}${second}.`, 'PolicyNotFoundException', expecting(first));
  const remove = (ExpectedRevisionId?: string): Promise<Record<string, unknown>> =>
    fixture.run('DeleteResourcePolicy', { ResourceArn: ARN, ...(ExpectedRevisionId && { ExpectedRevisionId }) });
  assert.deepEqual(await remove(second), { RevisionId: second });
  // The deletion is a revision, too.
  const { RevisionId: deletion } = await remove();
  assert.ok(Number(deletion) > Number(second));
  await fixture.refuses(
    'DeleteResourcePolicy',
    { ResourceArn: ARN, ExpectedRevisionId: first },
    'PolicyNotFoundException',
    `${stale}${deletion}.`,
  );
  assert.ok(Number(await fixture.put(policy(), 'NO_POLICY')) > Number(deletion));
});

test('a stream has a policy of its own, also when it is disabled, and after a restart', async () => {
  const fixture = await Policies.open({ StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' } });
  const arn = (await fixture.describe()).LatestStreamArn as string;
  const label = (await fixture.describe()).LatestStreamLabel as string;
  await fixture.refuses(
    'GetResourcePolicy',
    { ResourceArn: arn },
    'PolicyNotFoundException',
    `Resource-based policy not found for the provided ResourceArn: ${arn}`,
  );
  const document = policy({ Action: 'dynamodb:GetRecords', Resource: arn });
  const revision = await fixture.put(document, 'NO_POLICY', arn);
  await fixture.refuses('GetResourcePolicy', { ResourceArn: ARN }, 'PolicyNotFoundException', /orders$/);
  await fixture.restart('killed');
  await fixture.update({ StreamSpecification: { StreamEnabled: false } });
  assert.deepEqual(JSON.parse(await fixture.get(arn)), document);
  await fixture.refuses(
    'DeleteResourcePolicy',
    { ResourceArn: arn, ExpectedRevisionId: '1' },
    'PolicyNotFoundException',
    'Resource-based policy not found for the provided ResourceArn: Requested update for policy with revision id 1, ' +
      `but the policy associated to target stream ${label} has revision id ${revision}.`,
  );
  assert.deepEqual(await fixture.run('DeleteResourcePolicy', { ResourceArn: arn }), { RevisionId: revision });
  await fixture.refuses(
    'PutResourcePolicy',
    { ResourceArn: `${ARN}/stream/2000-01-01T00:00:00.000`, Policy: JSON.stringify(document) },
    'ResourceNotFoundException',
    'Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: orders',
  );
});

test('other resources, places and partitions are refused in AWS’s words', async () => {
  const fixture = await Policies.open();
  const refuses = (ResourceArn: string, message: string): Promise<void> =>
    fixture.refuses('GetResourcePolicy', { ResourceArn }, 'ValidationException', message);
  const invalid = 'One or more parameter values were invalid: ';
  await refuses('orders', `${invalid}ARNs must start with 'arn:': orders`);
  for (const arn of [ARN.replace('us-east-1', 'eu-west-1'), ARN.replace('aws', 'aws-cn')]) {
    await refuses(arn, `${invalid}Invalid resource Arn: ${arn}`);
  }
  await refuses(
    ARN.replace(ACCOUNT, '111111111111'),
    'This action is only supported by accounts that match the resource owner’s account.',
  );
  await refuses(
    `${ARN}/index/by-group`,
    `${invalid}Invalid resource arn provided, only table or stream is accepted. Provided resource arn: ${ARN}/index/by-group`,
  );
  await refuses(`${ARN}/backup/01`, `${invalid}Provided Arn is not a DynamoDB resource arn: ${ARN}/backup/01`);
});

test('where changes take time, policies and deletion protection rest 15 seconds after a change', async () => {
  const fixture = await Policies.open({}, 2000);
  const revision = await fixture.put(policy());
  const other = policy({ Sid: 'other' });
  await fixture.refusesPut(
    other,
    'Attempt to change a resource which is still in use: Table is pending previous resource-based policy update: orders',
    'ResourceInUseException',
  );
  assert.equal(await fixture.put(policy()), revision);
  fixture.clock.advance(2000);
  const again = new Date(Number(revision) + 15_000).toISOString();
  await fixture.refusesPut(
    other,
    `Resource-based policy for table orders modified within the previous 15000 milliseconds. Please try again after ${again}.`,
    'ThrottlingException',
  );
  fixture.clock.advance(13_000);
  assert.ok((await fixture.put(other)) > revision);
  await fixture.update({ DeletionProtectionEnabled: true });
  const until = new Date(fixture.clock.nowMs() + 15_000).toISOString();
  await fixture.refuses(
    'UpdateTable',
    { TableName: 'orders', DeletionProtectionEnabled: false },
    'ThrottlingException',
    `Deletion protection setting for table orders modified within the previous 15000 milliseconds. Please try again after ${until}`,
  );
  fixture.clock.advance(15_000);
  await fixture.update({ DeletionProtectionEnabled: false });
});

test('where changes take time, time to live rests an hour after a change', async () => {
  const fixture = await Policies.open({}, 1000);
  const set = (Enabled: boolean): Promise<unknown> =>
    fixture.run('UpdateTimeToLive', {
      TableName: 'orders',
      TimeToLiveSpecification: { AttributeName: 'x', Enabled },
    });
  const refuses = (Enabled: boolean, message: string): Promise<void> =>
    fixture.refuses(
      'UpdateTimeToLive',
      { TableName: 'orders', TimeToLiveSpecification: { AttributeName: 'x', Enabled } },
      'ValidationException',
      message,
    );
  await set(true);
  await refuses(true, 'TimeToLive is already enabled');
  fixture.clock.advance(3_599_000);
  await refuses(false, 'Time to live has been modified multiple times within a fixed interval');
  fixture.clock.advance(1000);
  await set(false);
  await refuses(true, 'Time to live has been modified multiple times within a fixed interval');
});
