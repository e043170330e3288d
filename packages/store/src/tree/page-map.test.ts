import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import { PageMap } from './page-map.js';

const LIVE = 4000;
const CHANGED = 400;

/** A map of pages of which random ones are replaced, commit after commit, as updates of a large tree do. */
function churn(commits: number): { map: PageMap; live: number[]; runs: number } {
  const random = new SeededRandom(5);
  const map = new PageMap(2, undefined, 2);
  const live = Array.from({ length: LIVE }, () => map.take());
  map.settle();
  let runs = 0;
  for (let commit = 0; commit < commits; commit++) {
    const used = new Set(live);
    const changed = new Set<number>();
    while (changed.size < CHANGED) changed.add(random.integer(0, LIVE - 1));
    let before = -1;
    for (const n of changed) {
      map.giveUp(live[n] as number);
      const page = map.take();
      assert.ok(page >= 2 && !used.has(page), `page ${page} is in use`);
      used.add(page);
      if (commit >= commits / 2 && page !== before + 1) runs++;
      before = page;
      live[n] = page;
    }
    map.settle();
  }
  return { map, live, runs };
}

test('pages of random changes come to lie next to each other', () => {
  const commits = 100;
  const { runs } = churn(commits);
  const pages = (commits / 2) * CHANGED;
  // The first free page each time would give runs of 1.1 pages.
  assert.ok(pages / runs > 1.5, `runs of ${(pages / runs).toFixed(2)} pages`);
});

test('the file grows to no more than a third beyond what is used, and what a commit needs', () => {
  const { map, live } = churn(200);
  assert.equal(new Set(live).size, LIVE);
  assert.ok(map.pages <= ((LIVE + CHANGED) * 4) / 3 + CHANGED, `${map.pages} pages for ${LIVE}`);
});

test('a map that is read again knows the pages that are free', () => {
  const { map, live } = churn(20);
  const { page, bytes } = map.freeze(4096);
  const again = new PageMap(map.pages, bytes, 2);
  const used = new Set([...live, page]);
  const { pages } = again;
  const free = pages - used.size - 2;
  assert.ok(free > 0);
  const taken = Array.from({ length: free }, () => again.take());
  assert.equal(again.pages, pages, 'the free pages come first');
  assert.ok(taken.every((one) => !used.has(one)));
  assert.equal(again.take(), pages);
});
