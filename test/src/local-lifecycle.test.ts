// The endpoint as a process of its own: started in the background, found again, stopped, killed.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { delay, systemClock, UserError } from '@tablewright/base';
import { localStatus, readRequestLog, resetLocal, startInBackground, stopLocalEndpoint } from '@tablewright/cloud';

function folder(t: TestContext): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'tablewright-lifecycle-'));
  t.after(async () => {
    await stopLocalEndpoint({ dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  });
  return dataDir;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function dynamodb(url: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=h, Signature=s',
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve(JSON.parse(body)));
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(input));
  });
}

const TABLE = {
  TableName: 'kept',
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
};

test('started twice it is one; stopped and started again it has its data', async (t) => {
  const dataDir = folder(t);
  const first = await startInBackground({ port: 0, dataDir });
  assert.equal(first.alreadyRunning, false);
  const again = await startInBackground({ dataDir });
  assert.equal(again.alreadyRunning, true);
  assert.equal(again.pid, first.pid);
  await dynamodb(first.url, 'CreateTable', TABLE);
  assert.equal((await stopLocalEndpoint({ dataDir }))?.pid, first.pid);
  assert.deepEqual(await localStatus({ dataDir }), { state: 'stopped', dataDir });
  assert.equal(await stopLocalEndpoint({ dataDir }), undefined);
  const second = await startInBackground({ port: 0, dataDir });
  assert.notEqual(second.pid, first.pid);
  assert.deepEqual(await dynamodb(second.url, 'ListTables', {}), { TableNames: ['kept'] });
});

test('started by several at once it is one', async (t) => {
  const dataDir = folder(t);
  const started = await Promise.all([0, 1, 2].map(() => startInBackground({ port: 0, dataDir })));
  assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
  assert.deepEqual(started.map(({ alreadyRunning }) => alreadyRunning).sort(), [false, true, true]);
});

test('an endpoint that has no answer for a while runs, and is not started a second time', async (t) => {
  const dataDir = folder(t);
  const first = await startInBackground({ port: 0, dataDir });
  process.kill(first.pid, 'SIGSTOP');
  const again = startInBackground({ dataDir });
  // For longer than one question waits for its answer.
  await delay(systemClock, 2500);
  process.kill(first.pid, 'SIGCONT');
  assert.deepEqual((({ pid, alreadyRunning }) => [pid, alreadyRunning])(await again), [first.pid, true]);
});

test('killed, it leaves nothing that stands in the way of the next start, nor loses what it acknowledged', async (t) => {
  const dataDir = folder(t);
  const first = await startInBackground({ port: 0, dataDir });
  await dynamodb(first.url, 'CreateTable', TABLE);
  await dynamodb(first.url, 'PutItem', { TableName: 'kept', Item: { id: { S: 'a' } } });
  process.kill(first.pid, 'SIGKILL');
  const second = await startInBackground({ port: 0, dataDir });
  assert.notEqual(second.pid, first.pid);
  const got = await dynamodb(second.url, 'GetItem', { TableName: 'kept', Key: { id: { S: 'a' } } });
  assert.deepEqual(got, { Item: { id: { S: 'a' } } });
});

test('SIGTERM stops it cleanly', async (t) => {
  const dataDir = folder(t);
  const { pid } = await startInBackground({ port: 0, dataDir });
  process.kill(pid, 'SIGTERM');
  while (isRunning(pid)) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await localStatus({ dataDir }), { state: 'stopped', dataDir });
  assert.match(readFileSync(join(dataDir, 'endpoint.log'), 'utf8'), /SIGTERM: stopping/);
});

test('a port in use is told with who uses it', async (t) => {
  const dataDir = folder(t);
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const address = other.address();
  assert.ok(address !== null && typeof address === 'object');
  await assert.rejects(startInBackground({ port: address.port, dataDir }), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, new RegExp(`^port ${address.port} is in use by `));
    return true;
  });
  const running = await startInBackground({ port: 0, dataDir });
  const port = Number(new URL(running.url).port);
  await assert.rejects(startInBackground({ port, dataDir: join(dataDir, 'other') }), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.message, `port ${port} is in use by the local endpoint of ${dataDir} (process ${running.pid})`);
    return true;
  });
});

test('a reset deletes all data, whether the endpoint runs or not', async (t) => {
  const dataDir = folder(t);
  const { url } = await startInBackground({ port: 0, dataDir });
  await dynamodb(url, 'CreateTable', TABLE);
  assert.deepEqual(await resetLocal({ dataDir }), { running: true });
  assert.deepEqual(await dynamodb(url, 'ListTables', {}), { TableNames: [] });
  await dynamodb(url, 'CreateTable', TABLE);
  await stopLocalEndpoint({ dataDir });
  assert.deepEqual(await resetLocal({ dataDir }), { running: false });
  const again = await startInBackground({ port: 0, dataDir });
  assert.deepEqual(await dynamodb(again.url, 'ListTables', {}), { TableNames: [] });
});

test('the request log can be followed, and read when the endpoint is stopped', async (t) => {
  const dataDir = folder(t);
  const { url } = await startInBackground({ port: 0, dataDir });
  await dynamodb(url, 'ListTables', {});
  const ending = new AbortController();
  const seen: string[] = [];
  for await (const line of readRequestLog({ dataDir, follow: true, signal: ending.signal })) {
    seen.push(JSON.parse(line).operation);
    if (seen.length === 1) await dynamodb(url, 'DescribeTable', { TableName: 'none' });
    if (seen.length === 2) break;
  }
  assert.deepEqual(seen, ['ListTables', 'DescribeTable']);
  await stopLocalEndpoint({ dataDir });
  const kept: string[] = [];
  for await (const line of readRequestLog({ dataDir })) kept.push(JSON.parse(line).operation);
  assert.deepEqual(kept, seen);
  await assert.rejects(readRequestLog({ dataDir, follow: true }).next(), UserError);
});
