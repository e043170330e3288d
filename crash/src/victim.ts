import { writeSync } from 'node:fs';
import { openStore } from '@tablewright/store';
import { SeededRandom } from '@tablewright/testkit';
import type { Plant } from './kill-run.js';
import { lastNumber, makeChange, WRITERS } from './workload.js';

/*
 * The process that is killed: node victim.js <dir> <seed> <plant>.
 * Says "<writer> <number>" on standard output for each acknowledged change; what it has written into the pipe
 * outlives it.
 */
const [dir = '', seed = '', plant = 'none'] = process.argv.slice(2);

// So small that tables are frozen and log files change all the time; every third time a thread writes the tree.
const threadBytes = Number(seed) % 3 === 0 ? 1 : Number.POSITIVE_INFINITY;
const store = await openStore({ dir, tableBytes: 60_000, segmentBytes: 32_000, threadBytes });
say('ready');

async function write(writer: number): Promise<never> {
  const random = new SeededRandom(Number(seed) * WRITERS + writer);
  for (let number = lastNumber(store, writer) + 1; ; number++) {
    await makeChange(store, { writer, number }, random, plant as Plant, () => say(`${writer} ${number}`));
  }
}

/** Waits while nobody reads: the reader may be busy with something else until the pipe is full. */
function say(line: string): void {
  let left = Buffer.from(`${line}\n`);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(1, left));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
