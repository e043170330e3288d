import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import { RequestLog, type RequestRecord } from './request-log.js';

const RECORD: RequestRecord = {
  timeMs: 0,
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
  assert.equal(lines[0].time, '1970-01-01T00:00:00.000Z');
  assert.equal(lines[0].durationMs, 1.235);
});

test('the ring keeps the latest requests, and followers see each from now on', (t) => {
  const log = new RequestLog(new VirtualClock(), join(folder(t), 'requests.log'));
  for (let index = 0; index < 5000; index++) log.record({ ...RECORD, timeMs: index });
  const latest = log.latest(3).map(({ timeMs }) => timeMs);
  assert.deepEqual(latest, [4997, 4998, 4999]);
  assert.equal(log.latest().length, 2048);
  const seen: number[] = [];
  const stop = log.follow(({ timeMs }) => seen.push(timeMs));
  log.record({ ...RECORD, timeMs: 1 });
  stop();
  log.record({ ...RECORD, timeMs: 2 });
  assert.deepEqual(seen, [1]);
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
