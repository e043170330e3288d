import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '@tablewright/base';
import { FrameBuilder } from './log-frame.js';
import { type Replay, replayLog } from './log-replay.js';
import { segmentName } from './segment-chain.js';

const SALT = 0xabcdef01;

interface FrameSpec {
  readonly writes: Readonly<Record<string, string | null>>;
  readonly index: number;
  readonly framesBefore?: number;
}

function frame(segment: number, spec: FrameSpec, salt = SALT): Buffer {
  const builder = new FrameBuilder(16);
  for (const [key, value] of Object.entries(spec.writes)) builder.add(key, value === null ? null : Buffer.from(value));
  return Buffer.from(builder.finish({ salt, segment, index: spec.index, framesBefore: spec.framesBefore ?? 0 }));
}

/** A segment file: the frames, then zeros or whatever was there before. */
function segment(number: number, specs: readonly FrameSpec[], rest: Buffer = Buffer.alloc(64)): Buffer {
  return Buffer.concat([...specs.map((spec) => frame(number, spec)), rest]);
}

function replay(contents: Readonly<Record<number, Buffer>>, checkpoint = 0): Replay {
  const byName = new Map(Object.entries(contents).map(([number, bytes]) => [segmentName(Number(number)), bytes]));
  const files = {
    list: () => [...byName.keys(), '0000000099.log.new'],
    read: (path: string) => byName.get(path.split('/').at(-1) ?? '') ?? assert.fail(path),
  };
  return replayLog({ files, dir: '/data/log', salt: SALT, checkpoint });
}

function tableOf(found: Replay): Record<string, string | null> {
  return Object.fromEntries([...found.table.entries()].map(([key, value]) => [key, value?.toString() ?? null]));
}

const FIRST: FrameSpec = { index: 0, writes: { a: '1', b: '2' } };
const SECOND: FrameSpec = { index: 1, writes: { a: null, c: '' } };
const THIRD: FrameSpec = { index: 2, writes: { b: '3', d: 'four' } };

test('writes come back in order, deletions and empty values among them', () => {
  const found = replay({ 1: segment(1, [FIRST, SECOND]), 2: Buffer.alloc(100) });
  assert.deepEqual(tableOf(found), { a: null, b: '2', c: '' });
  assert.equal(found.lastSegment, 1);
  assert.equal(found.nextSegment, 2);
  assert.equal(found.framesBefore, 2);
});

test('a last record that is incomplete or wrong at any byte is left out, wholly, and all others are kept', () => {
  const whole = segment(1, [FIRST, SECOND, THIRD]);
  const start = segment(1, [FIRST, SECOND], Buffer.alloc(0)).length;
  const end = segment(1, [FIRST, SECOND, THIRD], Buffer.alloc(0)).length;
  for (let at = start; at < end; at++) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ 0x41;
    const cut = whole.subarray(0, at);
    const unwritten = Buffer.concat([cut, Buffer.alloc(whole.length - at)]);
    for (const [how, bytes] of Object.entries({ flipped, cut, unwritten })) {
      // The last bytes of a record may happen to be the zeros that were there before.
      if (bytes.subarray(start, end).equals(whole.subarray(start, end))) continue;
      assert.deepEqual(tableOf(replay({ 1: bytes })), { a: null, b: '2', c: '' }, `${how} at byte ${at}`);
    }
  }
  assert.deepEqual(tableOf(replay({ 1: whole })), { a: null, b: '3', c: '', d: 'four' });
});

test('the old records of a file that is used again are never taken for new ones', () => {
  const old = segment(1, [FIRST, SECOND, THIRD]);
  assert.deepEqual(tableOf(replay({ 5: old }, 4)), {});
  // One new record of the same length as the old first one, so that the old second one follows it directly.
  const used = Buffer.concat([
    frame(5, { index: 0, writes: { a: '8', b: '9' } }),
    old.subarray(frame(1, FIRST).length),
  ]);
  assert.deepEqual(tableOf(replay({ 5: used }, 4)), { a: '8', b: '9' });
});

test('records of another store are not taken', () => {
  assert.deepEqual(tableOf(replay({ 1: frame(1, FIRST, SALT + 1) })), {});
});

test('segments up to the checkpoint are not read, and may be used again', () => {
  const found = replay(
    { 1: segment(1, [FIRST]), 2: segment(2, [{ index: 0, framesBefore: 1, writes: { z: '1' } }]) },
    1,
  );
  assert.deepEqual(tableOf(found), { z: '1' });
  assert.deepEqual(found.spares, [1]);
});

function assertDamaged(contents: Readonly<Record<number, Buffer>>, pattern: RegExp, checkpoint = 0): void {
  assert.throws(
    () => replay(contents, checkpoint),
    (error) => error instanceof UserError && pattern.test(error.message) && /Restore/.test(error.remedy),
  );
}

test('a damaged record with an intact one after it is an error, not the end of the log', () => {
  const bytes = segment(1, [FIRST, SECOND, THIRD]);
  const at = frame(1, FIRST).length + 30;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  assertDamaged({ 1: bytes }, /0000000001\.log is damaged at byte \d+/);
});

test('a segment that has lost its end, with a later segment written, is an error', () => {
  const next = segment(2, [{ index: 0, framesBefore: 3, writes: { z: '1' } }]);
  assertDamaged({ 1: segment(1, [FIRST, SECOND]), 2: next }, /0000000001\.log is damaged: 2 of its 3 records/);
  assertDamaged({ 1: Buffer.alloc(64), 2: next }, /0000000001\.log is damaged: 0 of its 3 records/);
});

test('a missing segment is an error', () => {
  const third = segment(3, [{ index: 0, framesBefore: 1, writes: { z: '1' } }]);
  assertDamaged({ 1: segment(1, [FIRST]), 3: third }, /0000000002\.log is missing/);
  assertDamaged({ 1: segment(1, [FIRST]) }, /0000000002\.log is missing/, 1);
  assertDamaged({}, /0000000001\.log is missing/);
});
