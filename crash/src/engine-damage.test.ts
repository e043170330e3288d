import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '@tablewright/store';
import { KilledEndpoint } from './endpoint/kill-rounds.js';
import { expirySecond } from './endpoint/ledger.js';
import { HOME, REPLICA } from './endpoint/scenario.js';
import { damage, keysOf, prefixOf, streamPrefix, suffixOf } from './endpoint/spoil.js';

/** Damages, and what the walk must say of each. */
const DAMAGES: readonly (readonly [what: string, finding: RegExp, spoil: (store: Store) => Promise<void>])[] = [
  [
    'a missing index entry',
    /^index .* an entry is missing/,
    (store) => drop(store, lasting(store, keysOf(store, 'Dx'))),
  ],
  [
    'an index entry too many',
    /^index .* there is an entry too many/,
    async (store) => {
      const [key = ''] = keysOf(store, 'Dx');
      const value = store.get(key);
      assert.ok(value);
      await store.change((writer) => writer.put(`${key}\x01`, value));
    },
  ],
  ['missing entries of vector indexes', /^vector index .* the scores are/, (store) => drop(store, keysOf(store, 'Df'))],
  [
    'a lost stream record',
    /^stream: .*(records are missing|the old image)/,
    (store) => {
      const records = keysOf(store, streamPrefix(store, HOME));
      return drop(store, [records[Math.floor(records.length / 2)] ?? '']);
    },
  ],
  ['a gap in the journal', /^second \d+: /, (store) => drop(store, keysOf(store, prefixOf(store, HOME, 'Dj')))],
  ['missing entries of the expiry index', /has expired and stays/, (store) => drop(store, keysOf(store, 'De'))],
  ['forgotten tokens', /^transactions sent again/, (store) => drop(store, keysOf(store, 'Di'))],
  [
    'a replica without an item',
    /^replica: .* is not the same/,
    (store) => drop(store, lasting(store, arrived(store, keysOf(store, prefixOf(store, REPLICA, 'Dd'))))),
  ],
  [
    'an acknowledged item that is gone',
    /nothing instead of/,
    (store) => drop(store, lasting(store, keysOf(store, prefixOf(store, HOME, 'Dd')))),
  ],
];

test('the walk finds whatever was damaged', async (t) => {
  const run = new KilledEndpoint({ seed: 3 });
  t.after(() => run.remove());
  await run.prepare();
  // Between the preparation and what is written next.
  const second = Math.ceil(run.nowMs / 1000);
  let written: number;
  do {
    written = -run.ledger.acknowledged;
    await run.live();
    written += run.ledger.acknowledged;
    assert.deepEqual(await run.inspect({ seconds: [second] }), [], 'nothing is damaged yet');
    // Each writer sends a transaction, and there is something that is still to expire.
  } while (written < 60 || !willExpire(run));
  for (const [what, finding, spoil] of DAMAGES) {
    await t.test(what, async () => {
      const found = await run.inspect({
        seconds: [second],
        spoil: (dataDir) => damage(dataDir, spoil),
        attempts: 15,
      });
      assert.ok(
        found.some((violation) => finding.test(violation)),
        `found: ${found.join('\n')}`,
      );
    });
  }
});

/** Whether an item is there that expires, and not before the walk has looked at everything else. */
function willExpire({ ledger, nowMs }: KilledEndpoint): boolean {
  const soon = nowMs / 1000 + 600;
  return [...ledger.keys()].some((key) => (expirySecond(ledger.current(key)) ?? 0) > soon);
}

/** The first of an item that does not expire: one that does may be gone, and its damage with it, before the walk. */
function lasting(store: Store, keys: readonly string[]): readonly string[] {
  const key = keys.find((one) => !/"pk":\{"S":"e/.test(store.get(one)?.toString('latin1') ?? ''));
  return key === undefined ? [] : [key];
}

/** Those of items of which no change is still on its way to the replica: it would bring the item back before the walk. */
function arrived(store: Store, keys: readonly string[]): readonly string[] {
  const queued = keysOf(store, 'Da');
  return keys.filter((key) => !queued.some((entry) => entry.endsWith(suffixOf(key))));
}

async function drop(store: Store, keys: readonly string[]): Promise<void> {
  assert.ok(keys.length > 0, 'there is nothing to damage');
  await store.change((writer) => {
    for (const key of keys) writer.delete(key);
  });
}
