import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { waitUntil } from './wait-until.js';

const clock = new VirtualClock();
const aws = { region: 'us-east-1', clock, random: new SeededRandom(1) };
const context = { aws, dynamodb: new DynamoDBClient({ region: 'us-east-1' }) };

/** Advances the clock until `work` is done. */
async function finish(work: Promise<void>, stepMs: number): Promise<number> {
  const startMs = clock.nowMs();
  let isDone = false;
  const watched = work.finally(() => {
    isDone = true;
  });
  watched.catch(() => undefined);
  while (!isDone) {
    await setImmediate();
    if (!isDone) clock.advance(stepMs);
  }
  await watched;
  return clock.nowMs() - startMs;
}

test('a wait asks again with growing pauses until the state is reached', async () => {
  const askedMs: number[] = [];
  const startMs = clock.nowMs();
  await finish(
    waitUntil(context, 'it', 60_000, async () => {
      askedMs.push(clock.nowMs() - startMs);
      return askedMs.length === 5;
    }),
    10,
  );
  assert.equal(askedMs[0], 0);
  const pausesMs = askedMs.slice(1).map((at, index) => at - (askedMs[index] ?? 0));
  assert.deepEqual(
    [...pausesMs].sort((a, b) => a - b),
    pausesMs,
  );
});

test('a wait ends with an error after its time, and at once when it is interrupted', async () => {
  await assert.rejects(
    finish(
      waitUntil(context, 'table x', 120_000, async () => false),
      1000,
    ),
    {
      message: 'waited 2 minutes in vain for table x',
    },
  );
  const signal = AbortSignal.abort();
  await assert.rejects(
    waitUntil({ ...context, signal }, 'table x', 120_000, async () => false),
    /interrupted/,
  );
});
