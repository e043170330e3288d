import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '@tablewright/testkit';
import type { ResourceChange } from '../plan/plan.js';
import { Progress } from './progress.js';

test('progress lines are those of Terraform, with a reminder every ten seconds', async () => {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const progress = new Progress(clock, (event) => lines.push(event.line));
  const change: ResourceChange = {
    address: 'a.b',
    mode: 'managed',
    type: 'a',
    name: 'b',
    provider_name: 'p',
    change: { actions: ['create'], before: null, after: {}, after_unknown: {} },
    depends_on: [],
  };
  await progress.track({ change, action: 'create' }, '', async () => {
    clock.advance(65_000);
    return 'x';
  });
  await progress.track({ change, action: 'delete' }, 'x', async () => {
    clock.advance(10_500);
    return '';
  });
  clock.advance(60_000);
  assert.deepEqual(lines, [
    'a.b: Creating...',
    ...[10, 20, 30, 40, 50].map((seconds) => `a.b: Still creating... [${seconds}s elapsed]`),
    'a.b: Still creating... [1m0s elapsed]',
    'a.b: Creation complete after 1m5s [id=x]',
    'a.b: Destroying... [id=x]',
    'a.b: Still destroying... [id=x, 10s elapsed]',
    'a.b: Destruction complete after 10s',
  ]);
});
