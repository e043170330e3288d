// The endpoint is killed, several times, by the very function that handles a stream's records: after the restarts every
// record has been handled, filtered or given up, in order, and only what was under way has been handled twice.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  PutRecordsCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { delay, monotonicMs, systemClock } from '@tablewright/base';
import { startInBackground, stopLocalEndpoint } from '@tablewright/cloud';
import { zipOfFiles } from '@tablewright/testkit';

const BATCH = 50;
/** At these invocations, counted over all lives of the endpoint, the function kills it. */
const KILLS = [3, 8, 14];
const TRUST = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
};

interface Line {
  readonly what: 'begin' | 'end';
  readonly ids: readonly string[];
  readonly pid: number;
}

interface Source {
  readonly name: string;
  /** Code that takes the id out of `record`. */
  readonly id: string;
  /** What filters call it. */
  readonly pattern: (id: unknown) => object;
  /** Makes the stream, puts a record for each id into it, and returns its ARN. */
  readonly fill: (url: string, ids: readonly string[]) => Promise<string | undefined>;
  /** Where a failure is told of. */
  readonly batchInfo: 'DDBStreamBatchInfo' | 'KinesisBatchInfo';
}

const SOURCES: readonly Source[] = [
  {
    name: "a table's stream",
    id: 'record.dynamodb.Keys.id.S',
    pattern: (id) => ({ dynamodb: { Keys: { id: { S: id } } } }),
    fill: fillTable,
    batchInfo: 'DDBStreamBatchInfo',
  },
  {
    name: 'a Kinesis data stream',
    id: "JSON.parse(Buffer.from(record.kinesis.data, 'base64')).id",
    pattern: (id) => ({ data: { id } }),
    fill: fillDataStream,
    batchInfo: 'KinesisBatchInfo',
  },
];

/** Writes down what it begins and ends; kills the endpoint, then never ends by itself; fails for one item. */
const codeOf = (journal: string, source: Source) => `
  import { appendFileSync, readFileSync } from 'node:fs';
  const note = (what, ids) => appendFileSync(${JSON.stringify(journal)}, JSON.stringify({ what, ids, pid: process.pid }) + '\\n');
  export const handler = async (event) => {
    const ids = event.Records.map((record) => ${source.id});
    note('begin', ids);
    const begun = readFileSync(${JSON.stringify(journal)}, 'utf8').split('"begin"').length - 1;
    if (${JSON.stringify(KILLS)}.includes(begun)) {
      process.kill(process.ppid, 'SIGKILL');
      for (;;);
    }
    if (ids.includes('item-0437')) throw new Error('poison');
    note('end', ids);
  };`;

for (const source of SOURCES) {
  test(`records of ${source.name} are handled to the end, however often the endpoint is killed`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'tablewright-lambda-crash-'));
    const dataDir = join(folder, 'data');
    const journal = join(folder, 'journal.jsonl');
    t.after(async () => {
      await stopLocalEndpoint({ dataDir });
      rmSync(folder, { recursive: true, force: true });
    });
    const first = await startInBackground({ port: 0, dataDir });
    const items = Array.from({ length: 1000 }, (_, number) => `item-${String(number).padStart(4, '0')}`);
    const mixed = items.flatMap((id, number) => (number % 5 === 0 ? [id, `other-${id}`] : [id]));
    await prepare(first.url, source, journal, mixed);
    let kills = 0;
    let url = await handledAll(dataDir);
    for (; url === undefined && kills <= KILLS.length; kills++) url = await handledAll(dataDir);
    assert.equal(kills, KILLS.length);
    assert.ok(url !== undefined);

    const lines = readFileSync(journal, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
    const ended = lines.filter(({ what }) => what === 'end').flatMap(({ ids }) => ids);
    assert.deepEqual(
      [...new Set(ended)],
      items.filter((id) => id !== 'item-0437'),
      'each, in order',
    );
    assert.equal(new Set(ended).size, ended.length, 'what ended well does not begin anew');
    const begun = lines.filter(({ what }) => what === 'begin');
    const killers = begun.filter((_, number) => KILLS.includes(number + 1));
    for (const { ids } of killers) {
      assert.equal(begun.filter((line) => line.ids[0] === ids[0]).length >= 2, true, 'what was under way comes again');
    }
    assert.deepEqual(await failures(url, source), [1], 'the one that fails, once');
    // The guard kills them once it sees the endpoint's end; when that is depends on who gets the processor.
    for (const { pid } of killers) await untilEnded(pid);
  });
}

/** Rejects when the process still runs after a while. One that has ended and was not yet asked for counts as ended. */
async function untilEnded(pid: number): Promise<void> {
  const startedMs = monotonicMs();
  while (isRunning(pid)) {
    assert.ok(monotonicMs() - startedMs < 60_000, `the function's process ${pid} outlives its endpoint`);
    await delay(systemClock, 20);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    // The state follows the name, which is in brackets.
    return !existsSync('/proc/self/stat') || !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
  } catch {
    return false;
  }
}

async function prepare(url: string, source: Source, journal: string, ids: readonly string[]): Promise<void> {
  const options = connection(url);
  const iam = new IAMClient(options);
  const RoleName = 'worker';
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
  iam.destroy();
  const sqs = new SQSClient(options);
  await sqs.send(new CreateQueueCommand({ QueueName: 'failures' }));
  sqs.destroy();
  const EventSourceArn = await source.fill(url, ids);
  const lambda = new LambdaClient(options);
  const FunctionName = 'worker';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Timeout: 60,
      Code: { ZipFile: zipOfFiles({ 'index.mjs': codeOf(journal, source) }) },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName,
      EventSourceArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: BATCH,
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:failures' } },
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(source.pattern([{ prefix: 'item-' }])) }] },
    }),
  );
  lambda.destroy();
}

async function fillTable(url: string, ids: readonly string[]): Promise<string | undefined> {
  const dynamodb = new DynamoDBClient(connection(url));
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    }),
  );
  for (let at = 0; at < ids.length; at += 25) {
    const orders = ids.slice(at, at + 25).map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { orders } }));
  }
  dynamodb.destroy();
  return TableDescription?.LatestStreamArn;
}

/** Half of the records lie in a shard that is closed, the others in one two generations later. */
async function fillDataStream(url: string, ids: readonly string[]): Promise<string | undefined> {
  const kinesis = new KinesisClient(connection(url));
  const StreamName = 'changes';
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
  for (let at = 0; at < ids.length; at += 100) {
    const Records = ids
      .slice(at, at + 100)
      .map((id) => ({ PartitionKey: id, Data: Buffer.from(JSON.stringify({ id })) }));
    await kinesis.send(new PutRecordsCommand({ StreamName, Records }));
    if (at !== ids.length / 2) continue;
    for (const TargetShardCount of [2, 1]) {
      const ScalingType = 'UNIFORM_SCALING';
      await kinesis.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType }));
    }
  }
  const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName }));
  kinesis.destroy();
  assert.equal(StreamDescription?.Shards?.length, 4);
  return StreamDescription.StreamARN;
}

/**
 * Starts the endpoint, if it does not run, and advances the clock, which waits for all that goes on. Undefined when it was
 * killed meanwhile: under the advance, or before it was even seen to run.
 */
async function handledAll(dataDir: string): Promise<string | undefined> {
  try {
    const { url } = await startInBackground({ port: 0, dataDir });
    const answer = await fetch(`${url}/_tablewright/clock`, {
      method: 'POST',
      body: JSON.stringify({ advance: '10m' }),
    });
    return answer.ok ? url : undefined;
  } catch {
    return undefined;
  }
}

/** How many records each message of the queue tells of. */
async function failures(url: string, { batchInfo }: Source): Promise<number[]> {
  const sqs = new SQSClient(connection(url));
  const QueueUrl = `${url}/000000000000/failures`;
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  sqs.destroy();
  return Messages.map(
    ({ Body = '' }) => (JSON.parse(Body) as Record<Source['batchInfo'], { batchSize: number }>)[batchInfo].batchSize,
  );
}

function connection(endpoint: string) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}
