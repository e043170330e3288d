import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom, VirtualClock } from './index.js';

test('advancing runs what falls due in order of time, then of creation, each at its own time', () => {
  const clock = new VirtualClock(1000);
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.nowMs()]);
  clock.after(20, note('late'));
  clock.after(10, note('early'));
  clock.after(20, note('late, too'));
  clock.after(99, note('never'));
  clock.advance(50);
  assert.deepEqual(seen, [
    ['early', 1010],
    ['late', 1020],
    ['late, too', 1020],
  ]);
  assert.equal(clock.nowMs(), 1050);
});

test('a timer that an action sets runs in the same advance when it falls due there', () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const again = (): void => {
    seen.push(clock.nowMs());
    clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(35);
  assert.deepEqual(seen, [10, 20, 30]);
});

test('a cancelled timer does not run, and cancelling twice does no harm', () => {
  const clock = new VirtualClock(0);
  const timer = clock.after(10, () => assert.fail('ran'));
  timer.cancel();
  timer.cancel();
  clock.advance(20);
});

test('the same seed gives the same numbers, bytes and ids, and another seed others', () => {
  const draw = (seed: number) => {
    const random = new SeededRandom(seed);
    return {
      number: random.next(),
      bytes: [...random.bytes(8)],
      id: random.uuid(),
      pick: random.pick(['a', 'b', 'c']),
    };
  };
  assert.deepEqual(draw(7), draw(7));
  assert.notDeepEqual(draw(7), draw(8));
  assert.match(draw(7).id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('integers lie within both bounds, and reach them', () => {
  const random = new SeededRandom(1);
  const drawn = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
  assert.deepEqual([...drawn].sort(), [3, 4, 5, 6]);
});
