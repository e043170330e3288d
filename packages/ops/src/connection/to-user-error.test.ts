import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { awsError, startScriptedDynamoDb } from '../testing/scripted-dynamodb.js';
import { connect } from './connection.js';
import { describeTable } from './describe-table.js';
import { backoffDelayMs, CALL_POLICY, pause } from './retry.js';
import { toUserError } from './to-user-error.js';

test('an endpoint that is down is named, with what to do', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const clock = new VirtualClock();
  const connection = connect({ endpoint, region: 'us-east-1', credentials, clock });
  const error = await describeTable(connection, 't').catch((caught) => caught);
  connection.close();
  const readable = toUserError(error, connection);
  assert.equal(readable?.message, `cannot reach ${endpoint} (ECONNREFUSED)`);
  assert.match(readable?.remedy ?? '', /tablewright local start/);
});

test('AWS’s own errors keep their name and words', async () => {
  for (const [name, expected] of [
    ['AccessDeniedException', /^not allowed: no/],
    ['UnrecognizedClientException', /^AWS refused the credentials \(UnrecognizedClientException\): no/],
    ['LimitExceededException', /^LimitExceededException: no/],
  ] as const) {
    const endpoint = await startScriptedDynamoDb(() => awsError(name, 'no'));
    const error = await describeTable(endpoint.connection, 't').catch((caught) => caught);
    assert.match(toUserError(error, endpoint.connection)?.message ?? '', expected);
    await endpoint.close();
  }
});

test('what passes by itself is tried again, anything else is not', async () => {
  const endpoint = await startScriptedDynamoDb(() => awsError('InternalServerError', 'oops', 500));
  await assert.rejects(describeTable(endpoint.connection, 't'), { name: 'InternalServerError' });
  assert.equal(endpoint.calls.length, CALL_POLICY.maxAttempts);
  await endpoint.close();
  const refusing = await startScriptedDynamoDb(() => awsError('ValidationException', 'no'));
  await assert.rejects(describeTable(refusing.connection, 't'), { name: 'ValidationException' });
  assert.equal(refusing.calls.length, 1);
  await refusing.close();
});

test('an error that is not AWS’s is left alone', () => {
  assert.equal(toUserError(new TypeError('x is not a function'), { endpoint: undefined, region: 'r' }), undefined);
});

test('pauses grow to their limit, and end when the signal is given', async () => {
  const random = new SeededRandom(7);
  const policy = { baseDelayMs: 100, maxDelayMs: 1000, maxAttempts: 10 };
  const pausesMs = Array.from({ length: 8 }, (_, index) => backoffDelayMs(index + 1, policy, random));
  for (const [index, pauseMs] of pausesMs.entries()) {
    const ceilingMs = Math.min(1000, 100 * 2 ** index);
    assert.ok(pauseMs >= ceilingMs / 2 && pauseMs <= ceilingMs);
  }
  const controller = new AbortController();
  const waiting = pause(new VirtualClock(), 3_600_000, controller.signal);
  controller.abort();
  await waiting;
});
