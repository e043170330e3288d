import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import { type LoggedRequest, RequestLog } from './request-log.js';

const RECORD: LoggedRequest = {
  requestId: 'id',
  accountId: '000000000000',
  region: 'us-east-1',
  service: 'dynamodb',
  operation: 'GetItem',
  resource: 'users',
  status: 200,
  errorCode: '',
  durationMs: 1.23456,
  requestBytes: 10,
  responseBytes: 20,
};

function folder(context: { after(action: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'tablewright-log-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('requests reach the file in batches, a little later, one line each', (t) => {
  const path = join(folder(t), 'requests.log');
  const clock = new VirtualClock();
  const log = new RequestLog(clock, path);
  log.record(RECORD);
  log.record({ ...RECORD, operation: 'PutItem' });
  assert.equal(existsSync(path), false);
  clock.advance(1000);
  const lines = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ operation }) => operation),
    ['GetItem', 'PutItem'],
  );
  assert.equal(lines[0].time, '2026-01-01T00:00:00.000Z');
  assert.equal(lines[0].durationMs, 1.235);
});

test('memory keeps the latest requests only, and followers see each from now on', (t) => {
  const log = new RequestLog(new VirtualClock(), join(folder(t), 'requests.log'));
  for (let index = 0; index < 5000; index++) log.record({ ...RECORD, status: index });
  const latest = log.latest().map(({ status }) => status);
  assert.deepEqual(latest.slice(-3), [4997, 4998, 4999]);
  assert.ok(latest.length > 1000 && latest.length < 5000);
  const seen: string[] = [];
  const stop = log.follow((line) => seen.push(JSON.parse(line).operation));
  log.record({ ...RECORD, operation: 'Scan' });
  stop();
  log.record({ ...RECORD, operation: 'Query' });
  assert.deepEqual(seen, ['Scan']);
});

test('names that need escapes are still JSON', (t) => {
  const log = new RequestLog(new VirtualClock(), join(folder(t), 'requests.log'));
  log.record({ ...RECORD, operation: 'a "b"\n\u2028ü', resource: '\\' });
  const [record] = log.latest();
  assert.equal(record?.operation, 'a "b"\n\u2028ü');
  assert.equal(record?.resource, '\\');
});

test('a file past its size gives way to a new one', (t) => {
  const path = join(folder(t), 'requests.log');
  const log = new RequestLog(new VirtualClock(), path);
  const long = { ...RECORD, resource: 'x'.repeat(9 * 1024 * 1024) };
  for (let index = 0; index < 3; index++) {
    log.record(long);
    log.flush();
  }
  assert.equal(readFileSync(`${path}.1`, 'utf8').split('\n').length, 3);
  assert.equal(readFileSync(path, 'utf8').split('\n').length, 2);
});
