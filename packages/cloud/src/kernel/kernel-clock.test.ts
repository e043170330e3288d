import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import { Activity } from './activity.js';
import { type ClockSetting, KernelClock } from './kernel-clock.js';

function newClock(options: { saved?: ClockSetting; save?: (setting: ClockSetting) => void } = {}) {
  const machine = new VirtualClock(1_000_000);
  const faults: string[] = [];
  const activity = new Activity((where) => faults.push(where));
  return { machine, activity, faults, clock: new KernelClock(machine, activity, options) };
}

test('it follows the machine, and timers fire in order of time, then of creation', () => {
  const { machine, clock } = newClock();
  const fired: string[] = [];
  clock.after(30, () => fired.push('c'));
  clock.after(10, () => fired.push('a'));
  clock.after(30, () => fired.push('d'));
  clock.after(20, () => fired.push('cancelled')).cancel();
  clock.after(20, () => fired.push('b'));
  machine.advance(25);
  assert.deepEqual(fired, ['a', 'b']);
  assert.equal(clock.nowMs(), 1_000_025);
  machine.advance(5);
  assert.deepEqual(fired, ['a', 'b', 'c', 'd']);
});

test('timers beyond what the machine knows wait all the same', () => {
  const { machine, clock } = newClock();
  let firedMs = 0;
  clock.after(40 * 86_400_000, () => {
    firedMs = clock.nowMs();
  });
  machine.advance(39 * 86_400_000);
  assert.equal(firedMs, 0);
  machine.advance(2 * 86_400_000);
  assert.equal(firedMs, 1_000_000 + 40 * 86_400_000);
});

test('frozen, it stands still; resumed, it goes on from there', async () => {
  const { machine, clock } = newClock();
  let fired = false;
  clock.after(100, () => {
    fired = true;
  });
  await clock.setSpeed(0);
  machine.advance(500);
  assert.equal(clock.nowMs(), 1_000_000);
  assert.equal(fired, false);
  await clock.setSpeed(1);
  machine.advance(99);
  assert.equal(fired, false);
  machine.advance(1);
  assert.equal(fired, true);
  assert.equal(clock.reading().aheadMs, -500);
});

test('sped up, timers fire sooner on the machine', async () => {
  const { machine, clock } = newClock();
  let firedMs = 0;
  await clock.setSpeed(60);
  clock.after(60_000, () => {
    firedMs = clock.nowMs();
  });
  machine.advance(999);
  assert.equal(firedMs, 0);
  machine.advance(1);
  assert.equal(firedMs, 1_060_000);
});

test('an advance runs each timer at its own time and waits for what it sets off before the next', async () => {
  const { clock, activity } = newClock();
  const seen: string[] = [];
  const at = (): number => clock.nowMs() - 1_000_000;
  clock.after(10, async () => {
    await turns(5);
    seen.push(`returned at ${at()}`);
    clock.after(5, () => seen.push(`set by it at ${at()}`));
  });
  clock.after(20, () => {
    activity.track(
      'consequence',
      turns(5).then(() => seen.push(`tracked at ${at()}`)),
    );
  });
  clock.after(30, () => seen.push(`third at ${at()}`));
  clock.after(31, () => seen.push('too late'));
  await clock.advance(30);
  assert.deepEqual(seen, ['returned at 10', 'set by it at 15', 'tracked at 20', 'third at 30']);
  assert.equal(at(), 30);
});

test('a second advance waits for the first', async () => {
  const { clock } = newClock();
  const seen: number[] = [];
  clock.after(10, () => turns(5));
  clock.after(15, () => seen.push(clock.nowMs()));
  const first = clock.advance(10);
  const second = clock.advance(10);
  await second;
  await first;
  assert.deepEqual(seen, [1_000_015]);
  assert.equal(clock.nowMs(), 1_000_020);
});

test('an advance says what it waits for, and a failure of that is reported', async () => {
  const { clock, activity, faults } = newClock();
  let end: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    end = resolve;
  });
  clock.after(5, () => {
    activity.track(
      'a slow function',
      held.then(() => Promise.reject(new Error('broken'))),
    );
  });
  const advancing = clock.advance(60);
  await turns(10);
  assert.deepEqual(clock.reading().waitingFor, ['a slow function']);
  assert.equal(clock.reading().nowMs, 1_000_005);
  end();
  await advancing;
  assert.deepEqual(faults, ['a slow function']);
});

test('it goes on after a restart where it was, and never from before an advance that broke off', async () => {
  const saved: ClockSetting[] = [];
  const { machine, clock } = newClock({ save: (setting) => saved.push(setting) });
  clock.after(10, () => new Promise(() => {}));
  clock.advance(1000);
  await turns(5);
  const after = new KernelClock(machine, new Activity(() => {}), { saved: saved.at(-1) });
  assert.equal(after.nowMs(), 1_001_000);
  machine.advance(7);
  assert.equal(after.nowMs(), 1_001_007);
});

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
