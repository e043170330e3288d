import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Writer } from '@tablewright/store';
import { SeededRandom } from '@tablewright/testkit';
import { GlobalFixture, IRELAND, TOKYO, VIRGINIA } from './global-fixture.js';

// Property: whatever is written where, and whichever regions are cut off meanwhile, in the end every replica holds of
// every item what was written last.

const STEPS = 250;
const KEYS = ['a', 'b', 'c', 'd', 'e'];

interface World {
  readonly fixture: GlobalFixture;
  readonly random: SeededRandom;
  readonly last: Map<string, string | undefined>;
  readonly regions: Set<string>;
}

for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
  test(`replicas converge on what was written last, seed ${seed}`, async () => {
    const world = await randomHistory(seed);
    await assertConverged(world);
    const { fixture } = world;
    // Nothing is left of the past but the versions of what is there.
    assert.equal(fixture.keys('Da'), 0);
    assert.equal(fixture.keys('Dk'), 0);
  });
}

test('the property does not hold without versions of items', async () => {
  const results = await Promise.allSettled(
    [1, 2, 3].map(async (seed) => assertConverged(await randomHistory(seed, forgetVersions))),
  );
  assert.ok(results.some(({ status }) => status === 'rejected'));
});

async function randomHistory(seed: number, plant?: (fixture: GlobalFixture) => void): Promise<World> {
  const random = new SeededRandom(seed);
  const delays = { replicationDelayMs: random.pick([0, 0, 40]), transitionDelayMs: random.pick([0, 0, 30]) };
  const fixture = new GlobalFixture(delays);
  plant?.(fixture);
  const table = {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  await fixture.at(VIRGINIA, 'CreateTable', table);
  await settle(fixture);
  const world = { fixture, random, last: new Map(), regions: new Set([VIRGINIA]) };
  await addReplica(world, IRELAND);
  for (let step = 0; step < STEPS; step++) await randomStep(world, step);
  for (const region of fixture.engine.replication.cutRegions()) await fixture.engine.replication.rejoin(region);
  await settle(fixture);
  return world;
}

async function randomStep(world: World, step: number): Promise<void> {
  const { fixture, random, regions } = world;
  const dice = random.next();
  const region = random.pick([...regions]);
  if (dice < 0.55) await put(world, region, `${step}`);
  else if (dice < 0.7) await remove(world, region);
  else if (dice < 0.76) await fixture.engine.replication.cutOff(region);
  else if (dice < 0.84) await fixture.engine.replication.rejoin(random.pick([...regions]));
  else if (dice < 0.92) fixture.clock.advance(random.integer(0, 30));
  else if (dice < 0.95) await fixture.engine.idle();
  else if (dice < 0.97) await fixture.restart('killed');
  else if (regions.has(TOKYO)) await deleteReplica(world, TOKYO);
  else await addReplica(world, TOKYO);
}

async function put({ fixture, random, last }: World, region: string, value: string): Promise<void> {
  const key = random.pick(KEYS);
  await fixture.put(region, key, value);
  last.set(key, value);
}

/** Where the item is not, nothing is deleted. */
async function remove({ fixture, random, last }: World, region: string): Promise<void> {
  const key = random.pick(KEYS);
  const answer = await fixture.at(region, 'DeleteItem', { Key: { pk: { S: key } }, ReturnValues: 'ALL_OLD' });
  if (answer.Attributes !== undefined) last.set(key, undefined);
}

/** A replica that another is filled from is not cut off before it is: it would wait, and take no requests. */
async function addReplica({ fixture, regions }: World, region: string): Promise<void> {
  for (const cut of fixture.engine.replication.cutRegions()) {
    if (cut === region || regions.has(cut)) return;
  }
  await fixture.addReplica(region);
  await settle(fixture);
  regions.add(region);
}

/** One that is cut off takes with it what the others have not heard. */
async function deleteReplica({ fixture, regions }: World, region: string): Promise<void> {
  if (fixture.engine.replication.cutRegions().length > 0) return;
  await fixture.deleteReplica(region);
  regions.delete(region);
  await settle(fixture);
}

async function settle(fixture: GlobalFixture): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await fixture.engine.idle();
    fixture.clock.advance(50);
  }
  await fixture.engine.idle();
}

async function assertConverged({ fixture, last, regions }: World): Promise<void> {
  const wanted = Object.fromEntries([...last].filter(([, value]) => value !== undefined).sort());
  for (const region of regions) assert.deepEqual(await fixture.values(region), wanted, region);
}

/** The planted fault: items whose last change nobody knows. */
function forgetVersions(fixture: GlobalFixture): void {
  const { store } = fixture;
  const change = store.change.bind(store);
  store.change = (action) =>
    change((writer) => {
      const forgetful: Writer = {
        get: (key) => writer.get(key),
        range: (range) => writer.range(range),
        delete: (key) => writer.delete(key),
        put: (key, value) => (key.startsWith('Dv') ? undefined : writer.put(key, value)),
      };
      return action(forgetful);
    });
}
