import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentRange } from '../catalog/keys.js';
import { ARN, BY_GROUP, CALLER, EngineFixture, orders, units } from '../control/engine-fixture.js';
import type { EngineOptions } from '../engine.js';
import type { ContributorReport, ContributorReportRequest } from './index.js';
import { KEPT_CONTRIBUTORS, Tally } from './tally.js';

const MINUTE_MS = 60_000;
const RANGED = {
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'N' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};

class Insights extends EngineFixture {
  static async open(table: Record<string, unknown> = {}, options: Partial<EngineOptions> = {}): Promise<Insights> {
    const fixture = new Insights(options);
    await fixture.run('CreateTable', orders(table));
    fixture.clock.advance((options.transitionDelayMs ?? 0) + 1);
    await fixture.engine.idle();
    return fixture;
  }

  switch(action: 'ENABLE' | 'DISABLE', more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const input = { TableName: 'orders', ContributorInsightsAction: action, ...more };
    return this.run('UpdateContributorInsights', input);
  }

  insights(IndexName?: string): Promise<Record<string, unknown>> {
    return this.run('DescribeContributorInsights', { TableName: 'orders', ...(IndexName && { IndexName }) });
  }

  async rules(indexName?: string): Promise<readonly string[]> {
    return ((await this.insights(indexName)).ContributorInsightsRuleList ?? []) as string[];
  }

  async report(
    letters: string,
    indexName?: string,
    request: Partial<ContributorReportRequest> = {},
  ): Promise<ContributorReport> {
    const rule = (await this.rules(indexName)).find((name) => name.includes(`-${letters}-`)) ?? '';
    const report = this.engine.contributorReport(CALLER, rule, {
      startMs: this.clock.nowMs() - 60 * MINUTE_MS,
      endMs: this.clock.nowMs() + MINUTE_MS,
      periodSeconds: 60,
      maxContributors: 10,
      orderBy: 'Sum',
      ...request,
    });
    assert.ok(report, `a report of ${letters}`);
    return report;
  }

  /** Contributors and what they add up to. */
  async sums(letters: string, indexName?: string): Promise<Record<string, number>> {
    const { contributors } = await this.report(letters, indexName);
    return Object.fromEntries(contributors.map(({ keys, value }) => [keys.join('/'), value]));
  }

  put(pk: string, attributes: Record<string, unknown> = {}): Promise<unknown> {
    return this.run('PutItem', { TableName: 'orders', Item: { pk: { S: pk }, ...attributes } });
  }
}

test('switching on goes through ENABLING, and names two rules for a hash key, four with a range key', async () => {
  const fixture = await Insights.open({}, { transitionDelayMs: 1000 });
  assert.deepEqual(await fixture.insights(), { TableName: 'orders', ContributorInsightsStatus: 'DISABLED' });
  assert.deepEqual(await fixture.switch('DISABLE'), { TableName: 'orders', ContributorInsightsStatus: 'DISABLED' });
  const createdMs = fixture.clock.nowMs();
  assert.deepEqual(await fixture.switch('ENABLE'), {
    TableName: 'orders',
    ContributorInsightsStatus: 'ENABLING',
    ContributorInsightsMode: 'ACCESSED_AND_THROTTLED_KEYS',
  });
  const enabling = await fixture.insights();
  assert.deepEqual([enabling.ContributorInsightsStatus, enabling.LastUpdateDateTime], ['ENABLING', createdMs / 1000]);
  fixture.clock.advance(1000);
  assert.deepEqual(await fixture.insights(), {
    TableName: 'orders',
    ContributorInsightsRuleList: [
      `DynamoDBContributorInsights-PKC-orders-${createdMs}`,
      `DynamoDBContributorInsights-PKT-orders-${createdMs}`,
    ],
    ContributorInsightsStatus: 'ENABLED',
    LastUpdateDateTime: (createdMs + 1000) / 1000,
    ContributorInsightsMode: 'ACCESSED_AND_THROTTLED_KEYS',
  });
  assert.equal((await fixture.switch('DISABLE')).ContributorInsightsStatus, 'DISABLING');
  fixture.clock.advance(1000);
  const { ContributorInsightsStatus, ContributorInsightsRuleList, ContributorInsightsMode } = await fixture.insights();
  assert.deepEqual(
    [ContributorInsightsStatus, ContributorInsightsRuleList, ContributorInsightsMode],
    ['DISABLED', undefined, 'ACCESSED_AND_THROTTLED_KEYS'],
  );
  const ranged = await Insights.open(RANGED);
  await ranged.switch('ENABLE', { TableName: ARN });
  assert.deepEqual(
    (await ranged.rules()).map((name) => name.split('-')[1]),
    ['PKC', 'PKT', 'SKC', 'SKT'],
  );
});

test('the same again changes nothing, another mode keeps the rules that it shares', async () => {
  const fixture = await Insights.open();
  await fixture.switch('ENABLE');
  const rules = await fixture.rules();
  fixture.clock.advance(5000);
  assert.equal((await fixture.switch('ENABLE')).ContributorInsightsStatus, 'ENABLED');
  const narrower = await fixture.switch('ENABLE', { ContributorInsightsMode: 'THROTTLED_KEYS' });
  assert.equal(narrower.ContributorInsightsStatus, 'ENABLING');
  assert.deepEqual(await fixture.rules(), rules.slice(1));
  await fixture.switch('ENABLE');
  assert.deepEqual(await fixture.rules(), rules);
  const answer = await fixture.switch('DISABLE', { ContributorInsightsMode: 'THROTTLED_KEYS' });
  assert.equal(answer.ContributorInsightsMode, 'ACCESSED_AND_THROTTLED_KEYS');
});

test('the list has the table before its indexes, page by page, and none that is disabled', async () => {
  const fixture = await Insights.open();
  await fixture.update(BY_GROUP);
  const list = (input: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
    fixture.run('ListContributorInsights', { TableName: 'orders', ...input });
  assert.deepEqual(await list(), { ContributorInsightsSummaries: [] });
  await fixture.switch('ENABLE', { IndexName: 'by-group' });
  await fixture.switch('ENABLE');
  const state = { ContributorInsightsStatus: 'ENABLED', ContributorInsightsMode: 'ACCESSED_AND_THROTTLED_KEYS' };
  const first = await list({ MaxResults: 1 });
  assert.deepEqual(first.ContributorInsightsSummaries, [{ TableName: 'orders', ...state }]);
  assert.deepEqual(await list({ MaxResults: 1, NextToken: first.NextToken }), {
    ContributorInsightsSummaries: [{ TableName: 'orders', IndexName: 'by-group', ...state }],
  });
  assert.equal(
    ((await fixture.run('ListContributorInsights', {})).ContributorInsightsSummaries as unknown[]).length,
    2,
  );
  await fixture.switch('DISABLE');
  assert.equal(((await list()).ContributorInsightsSummaries as unknown[]).length, 1);
});

test('tables and indexes that are not there, or not ready, are refused in AWS’s words', async () => {
  const fixture = await Insights.open({}, { transitionDelayMs: 1000 });
  const enable = (input: Record<string, unknown>): Record<string, unknown> => ({
    TableName: 'orders',
    ContributorInsightsAction: 'ENABLE',
    ...input,
  });
  await fixture.refuses(
    'UpdateContributorInsights',
    enable({ TableName: 'missing' }),
    'ResourceNotFoundException',
    'Requested resource not found: Table: missing not found',
  );
  await fixture.refuses(
    'DescribeContributorInsights',
    { TableName: 'orders', IndexName: 'by-group' },
    'ResourceNotFoundException',
    'Requested resource not found: Index: by-group not found for table: orders',
  );
  await fixture.update(BY_GROUP);
  await fixture.refuses(
    'UpdateContributorInsights',
    enable({ IndexName: 'by-group' }),
    'ValidationException',
    'Table or Index is not in a valid state to update Key Access Insights: IndexStatus must be ACTIVE to enable ' +
      'ContributorInsights.',
  );
  await fixture.run('CreateTable', { ...orders(), TableName: 'new-orders' });
  await fixture.refuses(
    'UpdateContributorInsights',
    enable({ TableName: 'new-orders' }),
    'ValidationException',
    'Table or Index is not in a valid state to update Key Access Insights: TableStatus must be ACTIVE to enable ' +
      'ContributorInsights.',
  );
});

test('beyond a hundred rules insights fail, until there is room again', async () => {
  const fixture = await Insights.open();
  for (let number = 0; number < 50; number++) {
    await fixture.run('CreateTable', { ...orders(), TableName: `other-${number}` });
    await fixture.switch('ENABLE', { TableName: `other-${number}` });
  }
  assert.equal((await fixture.switch('ENABLE')).ContributorInsightsStatus, 'ENABLING');
  const failed = await fixture.insights();
  assert.equal(failed.ContributorInsightsStatus, 'FAILED');
  assert.equal((failed.FailureException as Record<string, string>).ExceptionName, 'LimitExceededException');
  assert.equal(failed.ContributorInsightsRuleList, undefined);
  await fixture.switch('DISABLE', { TableName: 'other-0' });
  assert.equal((await fixture.insights()).ContributorInsightsStatus, 'FAILED');
  await fixture.switch('ENABLE');
  assert.equal((await fixture.insights()).ContributorInsightsStatus, 'ENABLED');
});

test('reads and writes are added up by key: a written unit as three', async () => {
  const fixture = await Insights.open(RANGED);
  await fixture.switch('ENABLE');
  for (const sk of ['1', '2', '-1.5']) await fixture.put('a', { sk: { N: sk } });
  await fixture.put('b', { sk: { N: '1' } });
  const key = { pk: { S: 'a' }, sk: { N: '1' } };
  await fixture.run('GetItem', { TableName: 'orders', Key: key, ConsistentRead: true });
  await fixture.run('TransactGetItems', { TransactItems: [{ Get: { TableName: 'orders', Key: key } }] });
  await fixture.run('BatchGetItem', { RequestItems: { orders: { Keys: [{ pk: { S: 'none' }, sk: { N: '7' } }] } } });
  await fixture.run('Query', {
    TableName: 'orders',
    KeyConditionExpression: 'pk = :a',
    ExpressionAttributeValues: { ':a': { S: 'a' } },
    ConsistentRead: true,
  });
  await fixture.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: 'b' }, sk: { N: '1' } } });
  // a: three writes, one read, one of two units, one Query; b: two writes.
  assert.deepEqual(await fixture.sums('PKC'), { a: 13, b: 6, none: 0.5 });
  assert.deepEqual(await fixture.sums('SKC'), { 'a/1': 6, 'a/2': 3, 'a/-1.5': 3, 'b/1': 6, 'none/7': 0.5 });
  const { keyLabels, aggregateValue, uniqueCount, datapoints } = await fixture.report('PKC');
  assert.deepEqual([keyLabels, aggregateValue, uniqueCount], [['PartitionKey'], 19.5, 3]);
  assert.deepEqual(
    datapoints.map(({ maxContributorValue, sampleCount, maximum }) => [maxContributorValue, sampleCount, maximum]),
    [[13, 9, 3]],
  );
});

test('a scan is shared among the items that it reads', async () => {
  const fixture = await Insights.open();
  await fixture.put('a', { v: { S: 'x'.repeat(3000) } });
  await fixture.put('b', { v: { S: 'x'.repeat(1000) } });
  await fixture.switch('ENABLE');
  await fixture.run('Scan', { TableName: 'orders', ConsistentRead: true });
  const sums = await fixture.sums('PKC');
  assert.equal(
    Object.values(sums).reduce((sum, value) => sum + value, 0),
    1,
  );
  assert.ok((sums.a ?? 0) > 0.7 && (sums.b ?? 0) < 0.3, JSON.stringify(sums));
});

test('an index counts its own keys, and keys too long for the store’s are shown in full', async () => {
  const fixture = await Insights.open();
  await fixture.update(BY_GROUP);
  await fixture.switch('ENABLE', { IndexName: 'by-group' });
  const group = 'g'.repeat(100);
  await fixture.put('1', { group: { S: group } });
  await fixture.put('2');
  await fixture.run('Query', {
    TableName: 'orders',
    IndexName: 'by-group',
    KeyConditionExpression: '#group = :group',
    ExpressionAttributeNames: { '#group': 'group' },
    ExpressionAttributeValues: { ':group': { S: group } },
  });
  assert.deepEqual(await fixture.sums('PKC', 'by-group'), { [group]: 3.5 });
  assert.deepEqual(
    fixture.engine.contributorRules(CALLER).map(({ keyLabels }) => keyLabels.length),
    [1, 1],
  );
});

test('throttled requests are counted by key, also where access is not', async () => {
  const fixture = await Insights.open({ BillingMode: 'PROVISIONED', ProvisionedThroughput: units(1, 1) });
  await fixture.switch('ENABLE', { ContributorInsightsMode: 'THROTTLED_KEYS' });
  let throttled = 0;
  for (let count = 0; count < 310; count++) {
    await fixture.put(count < 305 ? 'hot' : 'late').catch((error: Error) => {
      assert.equal(error.name, 'ProvisionedThroughputExceededException');
      throttled++;
    });
  }
  assert.equal(throttled, 10);
  assert.deepEqual(await fixture.sums('PKT'), { hot: 5, late: 5 });
});

test('counts outlive a restart, and go with the rules', async () => {
  const fixture = await Insights.open();
  await fixture.switch('ENABLE');
  await fixture.put('a');
  fixture.clock.advance(MINUTE_MS);
  await fixture.engine.idle();
  await fixture.put('a');
  await fixture.restart('stopped');
  await fixture.put('b');
  assert.deepEqual(await fixture.sums('PKC'), { a: 6, b: 3 });
  await fixture.restart('killed');
  // What the killed process had tallied of its last minute is gone.
  assert.deepEqual(await fixture.sums('PKC'), { a: 6 });
  const byMinute = await fixture.report('PKC', undefined, { orderBy: 'Maximum', periodSeconds: 3600 });
  assert.deepEqual(
    byMinute.contributors.map(({ value }) => value),
    [3],
  );
  const rules = fixture.engine.contributorRules(CALLER);
  const counted = (): number => [...fixture.store.range(contentRange('Dh', rules[0]?.storageNumber ?? 0))].length;
  assert.equal(counted(), 2);
  await fixture.run('DeleteTable', { TableName: 'orders' });
  await fixture.engine.idle();
  assert.equal(counted(), 0);
  assert.deepEqual(fixture.engine.contributorRules(CALLER), []);
});

test('of very many contributors the largest are kept, and all are counted', () => {
  const tally = new Tally();
  for (let number = 0; number < 10 * KEPT_CONTRIBUTORS; number++) {
    tally.add(`small-${number}`, 1);
    tally.add('large', 1);
  }
  const record = tally.record();
  assert.equal(record.shares.length, KEPT_CONTRIBUTORS);
  assert.deepEqual(record.shares[0], ['large', 10 * KEPT_CONTRIBUTORS, 1]);
  assert.deepEqual([record.sum, tally.contributors], [20 * KEPT_CONTRIBUTORS, 10 * KEPT_CONTRIBUTORS + 1]);
});
