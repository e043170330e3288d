import type { Entry, Key, Reader, Store, Writer } from '@tablewright/store';
import type { SeededRandom } from '@tablewright/testkit';
import type { Plant } from './kill-run.js';

/*
 * Each of a few writers makes one change after the other, and numbers them. Change n of a writer, in one step:
 *   counter/<writer>            = n
 *   pair/<slot>/left, …/right   = the same text; which slot is up to chance, and all writers share them
 *   history/<writer>/<n>        = n, while the entry of n - HISTORY is deleted
 * A lost change shows in the counter or the history, half a change in a pair or in counter against history.
 */
export const WRITERS = 8;
const SLOTS = 20;
const HISTORY = 25;

export interface WriterPosition {
  readonly writer: number;
  readonly number: number;
}

/** The number of the last change of `writer` in the store. */
export function lastNumber(reader: Reader, writer: number): number {
  return Number(reader.get(`counter/${writer}`)?.toString() ?? 0);
}

/** Makes change `number` of `writer`; calls `acknowledge` when it counts as done. */
export async function makeChange(
  store: Store,
  { writer, number }: WriterPosition,
  random: SeededRandom,
  plant: Plant,
  acknowledge: () => void,
): Promise<void> {
  const slot = random.integer(0, SLOTS - 1);
  const text = pairText({ writer, number }, random);
  const first = (target: Writer): void => {
    target.put(`counter/${writer}`, Buffer.from(String(number)));
    target.put(`pair/${slot}/left`, text);
  };
  const second = (target: Writer): void => {
    target.put(`pair/${slot}/right`, text);
    target.put(historyKey(writer, number), Buffer.from(String(number)));
    if (number > HISTORY) target.delete(historyKey(writer, number - HISTORY));
  };
  if (plant === 'split') await store.change(first);
  const done = store.change((target) => {
    if (plant !== 'split') first(target);
    second(target);
  });
  if (plant === 'early') acknowledge();
  await done;
  if (plant !== 'early') acknowledge();
}

/** Mostly short; now and then longer than a log file. */
function pairText({ writer, number }: WriterPosition, random: SeededRandom): Buffer {
  const sizeBytes = random.next() < 0.01 ? random.integer(30_000, 90_000) : random.integer(10, 800);
  return Buffer.alloc(sizeBytes, `${writer}:${number};`);
}

function historyKey(writer: number, number: number): Key {
  return `history/${writer}/${String(number).padStart(9, '0')}`;
}

/** Every way in which what is in the store contradicts what was acknowledged, as text. */
export function findViolations(reader: Reader, acknowledged: readonly number[]): string[] {
  const violations: string[] = [];
  for (let writer = 0; writer < WRITERS; writer++) {
    const found = lastNumber(reader, writer);
    const promised = acknowledged[writer] ?? 0;
    if (found < promised)
      violations.push(`writer ${writer}: change ${promised} was acknowledged, ${found} is the last`);
    if (found > promised + 1) violations.push(`writer ${writer}: ${found} is there, only ${promised + 1} was begun`);
    violations.push(...historyViolations(reader, writer, found));
  }
  for (let slot = 0; slot < SLOTS; slot++) {
    const [left, right] = ['left', 'right'].map((side) => reader.get(`pair/${slot}/${side}`)?.toString());
    if (left !== right) violations.push(`pair ${slot}: ${brief(left)} on the left, ${brief(right)} on the right`);
  }
  return violations;
}

function historyViolations(reader: Reader, writer: number, last: number): string[] {
  const prefix = `history/${writer}/`;
  const found = Array.from(reader.range({ start: prefix, end: `${prefix}~` }), numberOf);
  const first = Math.max(1, last - HISTORY + 1);
  const expected = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  if (found.join() === expected.join()) return [];
  return [`writer ${writer}: history ${found.join()} with the counter at ${last}`];
}

function numberOf({ value }: Entry): number {
  return Number(value.toString());
}

function brief(text: string | undefined): string {
  return text === undefined ? 'nothing' : JSON.stringify(text.slice(0, 12));
}
