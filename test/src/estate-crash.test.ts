// Everything that acts by itself goes on at once (a mapping on a stream, a backup plan, scaling, an alarm with its topic
// and queue, expiry, a replica, asynchronous events) when the endpoint is killed. After the restart all of it goes on.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  ApplicationAutoScalingClient,
  DescribeScalingActivitiesCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { BackupClient, ListBackupJobsCommand, ListRecoveryPointsByBackupVaultCommand } from '@aws-sdk/client-backup';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startInBackground, stopLocalEndpoint } from '@tablewright/cloud';
import { connection, FAR, setUpBusyEstate, VAULT } from './support/busy-estate.js';

const WRITERS = 4;
/** Versions that each writer writes of its item, unless the endpoint is killed before. */
const VERSIONS = 200;
const ERRANDS = ['errand-0', 'errand-1', 'errand-2'];
/** The version of the order at which the worker kills the endpoint. */
const KILLED_AT = { id: 'order-2', version: 25 };

test('with everything going on, the endpoint is killed, and everything goes on after the restart', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tablewright-estate-crash-'));
  const dataDir = join(folder, 'data');
  const marker = join(folder, 'killed');
  t.after(async () => {
    await stopLocalEndpoint({ dataDir });
    rmSync(folder, { recursive: true, force: true });
  });
  const options = { port: 0, dataDir, transitionDelayMs: 0 };
  const first = await startInBackground(options);
  // Two minutes before the plan's hour, tomorrow.
  const today = (await clock(first.url, { frozen: true })).slice(0, 10);
  const startMs = Date.parse(`${today}T04:58:00Z`) + 86_400_000;
  await clock(first.url, { advanceTo: startMs });
  await setUpBusyEstate(first.url, { marker, killedAt: `${KILLED_AT.id}/${KILLED_AT.version}` });
  await clock(first.url, { advance: '1s' });
  const before = new Probe(first.url);
  await before.drive();
  await clock(first.url, { advance: '59s' });

  const expires = startMs / 1000 + 600;
  const acknowledged = await turmoil(first.url, before, expires);
  before.close();
  assert.equal(existsSync(marker), true, 'the worker killed the endpoint');

  const { url, pid } = await startInBackground(options);
  assert.notEqual(pid, first.pid);
  // Where it stands already, when the advance had begun before the kill.
  await clock(url, { advanceTo: startMs + 3 * 60_000 + 1000 });
  const after = new Probe(url);
  for (let minute = 0; minute < 3; minute++) {
    await after.drive();
    await clock(url, { advance: '1m' });
  }
  const units = Math.ceil(400 / 60 / 0.7);
  assert.equal(await after.writeUnits(), units, 'scaled out');
  assert.match(
    (await after.activities())[0] ?? '',
    new RegExp(`^Successful: Setting write capacity units to ${units}`),
  );

  await clock(url, { advance: '1d' });
  await checkRecords(after, acknowledged);
  assert.deepEqual(await after.errands(), { 'errand-0': 2, 'errand-1': 2, 'errand-2': 2 });
  await checkBell(after);
  const [day, next] = [startMs, startMs + 86_400_000].map((ms) => `${new Date(ms).toISOString().slice(0, 10)}T05`);
  assert.deepEqual(await after.recoveryPoints(), [day, next]);
  after.close();
});

/** All at once until the endpoint is gone; the last acknowledged version of each order. */
async function turmoil(url: string, probe: Probe, expires: number): Promise<ReadonlyMap<string, number>> {
  await probe.put('orders', { id: { S: 'brief' }, n: { N: '0' }, expires: { N: String(expires) } });
  await probe.put('orders', { id: { S: 'far' }, n: { N: '0' } }, FAR);
  // In vain at first, so that they wait for the clock when the endpoint is killed.
  for (const id of ERRANDS) await probe.errand(id);
  // Waits for what has been done so far: only the orders are under way when the endpoint is killed.
  await clock(url, { advance: '1s' });
  const acknowledged = new Map<string, number>();
  let reached = (): void => {};
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const write = async (id: string) => {
    for (let version = 0; version < VERSIONS; version++) {
      await probe.put('orders', { id: { S: id }, n: { N: String(version) } });
      acknowledged.set(id, version);
      if (id === KILLED_AT.id && version === KILLED_AT.version) reached();
    }
  };
  const writers = Array.from({ length: WRITERS }, (_, writer) => write(`order-${writer}`));
  // From then on an advance waits for the worker, which kills the endpoint: nothing falls due before.
  const advance = Promise.race([isReached, ...writers]).then(() => clock(url, { advance: '2m' }));
  const outcomes = await Promise.allSettled([...writers, probe.drive(), advance]);
  assert.ok(outcomes.some(({ status }) => status === 'rejected'));
  return acknowledged;
}

/** Each order's records reached the worker, in order, what was under way twice; the replicas agree. */
async function checkRecords(probe: Probe, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const orders = await probe.orders();
  assert.deepEqual(await probe.orders(FAR), orders, 'the replicas agree');
  assert.deepEqual([...orders.keys()].sort(), ['far', 'order-0', 'order-1', 'order-2', 'order-3'], 'one has expired');
  const seen = await probe.seen();
  assert.deepEqual(seen.get('brief'), ['0', 'gone']);
  assert.deepEqual(seen.get('far'), ['0']);
  for (const [id, version] of acknowledged) {
    const last = orders.get(id) ?? -1;
    assert.ok(last >= version, `${id}: ${version} was acknowledged, ${last} is there`);
    const expected = Array.from({ length: last + 1 }, (_, at) => String(at));
    assert.deepEqual([...new Set(seen.get(id))], expected, id);
  }
  const twice = seen.get('order-2')?.filter((version) => version === '25');
  assert.deepEqual(twice, ['25', '25'], 'what was under way comes again');
}

/** The alarm told of each of its changes, before the kill and after: the last is that it is over. */
async function checkBell(probe: Probe): Promise<void> {
  const states = await probe.rung();
  assert.deepEqual(states.slice(0, 1), ['ALARM']);
  assert.equal(states.at(-1), 'OK');
  assert.ok(states.every((state, at) => state !== states[at - 1]));
  assert.equal(await probe.alarm(), 'OK');
}

/** Sets the endpoint's clock; resolves to the time that it tells then. */
async function clock(url: string, request: object): Promise<string> {
  const answer = await fetch(`${url}/_tablewright/clock`, { method: 'POST', body: JSON.stringify(request) });
  assert.ok(answer.ok, `the clock answered ${answer.status}`);
  return ((await answer.json()) as { now: string }).now;
}

type Item = PutItemCommand['input']['Item'];

/** What the test does to the estate, and what it sees of it. */
class Probe {
  readonly #dynamodb: DynamoDBClient;
  readonly #far: DynamoDBClient;
  readonly #lambda: LambdaClient;
  readonly #sqs: SQSClient;
  readonly #scaling: ApplicationAutoScalingClient;
  readonly #backup: BackupClient;
  readonly #cloudwatch: CloudWatchClient;

  constructor(private readonly url: string) {
    const settings = connection(url);
    this.#dynamodb = new DynamoDBClient(settings);
    this.#far = new DynamoDBClient(connection(url, FAR));
    this.#lambda = new LambdaClient(settings);
    this.#sqs = new SQSClient(settings);
    this.#scaling = new ApplicationAutoScalingClient(settings);
    this.#backup = new BackupClient(settings);
    this.#cloudwatch = new CloudWatchClient(settings);
  }

  close(): void {
    const { dynamodb, far, lambda, sqs } = {
      dynamodb: this.#dynamodb,
      far: this.#far,
      lambda: this.#lambda,
      sqs: this.#sqs,
    };
    for (const client of [dynamodb, far, lambda, sqs, this.#scaling, this.#backup, this.#cloudwatch]) client.destroy();
  }

  async put(TableName: string, Item: Item, region?: string): Promise<void> {
    await (region === FAR ? this.#far : this.#dynamodb).send(new PutItemCommand({ TableName, Item }));
  }

  /** One minute's traffic on `metered`: 400 units. */
  async drive(): Promise<void> {
    for (let at = 0; at < 4; at++) await this.put('metered', { id: { S: `${at}` }, text: { S: 'x'.repeat(102_300) } });
  }

  async errand(id: string): Promise<void> {
    const Payload = Buffer.from(JSON.stringify({ id }));
    await this.#lambda.send(new InvokeCommand({ FunctionName: 'errands', InvocationType: 'Event', Payload }));
  }

  /** Version by id. */
  async orders(region?: string): Promise<Map<string, number>> {
    const items = await this.#scan('orders', region === FAR ? this.#far : this.#dynamodb);
    return new Map(items.map((item) => [item.id?.S ?? '', Number(item.n?.N)] as const).sort());
  }

  /** What the worker saw of each order. */
  async seen(): Promise<Map<string, string[]>> {
    const items = await this.#scan('copies', this.#dynamodb);
    return new Map(items.map((item) => [item.id?.S ?? '', (item.seen?.L ?? []).map(({ S = '' }) => S)]));
  }

  /** How often the function was told of each errand. */
  async errands(): Promise<Record<string, number>> {
    const items = (await this.#scan('copies', this.#dynamodb)).filter(({ told }) => told !== undefined);
    return Object.fromEntries(items.map((item) => [item.id?.S ?? '', Number(item.told?.N)]));
  }

  async writeUnits(): Promise<number | undefined> {
    const { Table } = await this.#dynamodb.send(new DescribeTableCommand({ TableName: 'metered' }));
    return Table?.ProvisionedThroughput?.WriteCapacityUnits;
  }

  async activities(): Promise<string[]> {
    const { ScalingActivities = [] } = await this.#scaling.send(
      new DescribeScalingActivitiesCommand({ ServiceNamespace: 'dynamodb' }),
    );
    return ScalingActivities.map(({ StatusCode, Description }) => `${StatusCode}: ${Description}`);
  }

  async alarm(): Promise<string | undefined> {
    const { MetricAlarms } = await this.#cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['busy'] }));
    return MetricAlarms?.[0]?.StateValue;
  }

  /** The states that the queue's messages tell of, in the order of their changes. */
  async rung(): Promise<string[]> {
    const QueueUrl = `${this.url}/000000000000/bell`;
    const changes: { NewStateValue: string; StateChangeTime: string }[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) break;
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        changes.push(JSON.parse(Body) as (typeof changes)[number]);
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
    const ordered = changes.sort((one, other) => one.StateChangeTime.localeCompare(other.StateChangeTime));
    return ordered.map(({ NewStateValue }) => NewStateValue);
  }

  /** Day and hour of each, oldest first; every job has ended well. */
  async recoveryPoints(): Promise<string[]> {
    const { BackupJobs = [] } = await this.#backup.send(new ListBackupJobsCommand({}));
    assert.deepEqual([...new Set(BackupJobs.map(({ State }) => State))], ['COMPLETED']);
    const { RecoveryPoints = [] } = await this.#backup.send(
      new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: VAULT }),
    );
    return RecoveryPoints.map(({ CreationDate }) => CreationDate?.toISOString().slice(0, 13) ?? '').sort();
  }

  async #scan(TableName: string, from: DynamoDBClient) {
    return (await from.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  }
}
