import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { delay, systemClock } from '@tablewright/base';
import { openStore } from '@tablewright/store';
import { SeededRandom } from '@tablewright/testkit';
import type { KillRunSummary, Plant } from './kill-run.js';
import { findViolations, lastNumber, WRITERS } from './workload.js';

export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly plant?: Plant;
  readonly onRound?: (round: number, acknowledged: number) => void;
}

export interface KillSummary extends KillRunSummary {
  /** Changes acknowledged over all rounds. */
  readonly acknowledged: number;
}

const LONGEST_LIFE_MS = 60_000;

/**
 * Starts a process that changes a store, kills it at a random instant, and compares the store with what the process
 * had acknowledged; again and again on the same directory, which is never closed in order. Stops at the first
 * violation.
 */
export async function runKillRounds(options: KillOptions): Promise<KillSummary> {
  const dir = mkdtempSync(join(tmpdir(), 'tablewright-crash-'));
  mkdirSync(join(dir, 'store'));
  const random = new SeededRandom(options.seed);
  const acknowledged = Array.from({ length: WRITERS }, () => 0);
  let killedWhileOpening = 0;
  let violations: string[] = [];
  let round = 0;
  try {
    while (round < options.rounds && violations.length === 0) {
      round++;
      const output = await runVictim(dir, random, options.plant ?? 'none');
      if (!output.includes('ready\n')) killedWhileOpening++;
      noteAcknowledged(output, acknowledged);
      violations = await inspect(dir, acknowledged);
      options.onRound?.(round, sum(acknowledged));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return { rounds: round, acknowledged: sum(acknowledged), killedWhileOpening, violations };
}

/** One life of the victim; resolves with all that it has said. */
async function runVictim(dir: string, random: SeededRandom, plant: Plant): Promise<string> {
  const script = fileURLToPath(new URL('./victim.js', import.meta.url));
  const seed = random.integer(1, 1_000_000);
  const child = spawn(process.execPath, [script, join(dir, 'store'), String(seed), plant], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  // Most kills hit the running store, some its opening. By work and not by time, so that a slow machine has its share;
  // then at any instant.
  const atOpening = random.next() < 0.2;
  const wanted = random.integer(1, 300);
  let lines = 0;
  const enough = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      lines += text.split('\n').length - 1;
      if (lines >= wanted) resolve();
    });
  });
  if (!atOpening) await Promise.race([enough, closed, delay(systemClock, LONGEST_LIFE_MS)]);
  const delayMs = atOpening ? random.integer(40, 250) : random.integer(0, 20);
  await Promise.race([delay(systemClock, delayMs), closed]);
  child.kill('SIGKILL');
  if ((await closed) !== 'SIGKILL') throw new Error(`the victim ended by itself: ${errors}`);
  return output;
}

function noteAcknowledged(output: string, acknowledged: number[]): void {
  for (const [, writer, number] of output.matchAll(/^(\d+) (\d+)$/gm)) acknowledged[Number(writer)] = Number(number);
}

/** Looks at a copy, so that the next victim meets the directory as the kill has left it. */
async function inspect(dir: string, acknowledged: number[]): Promise<string[]> {
  const copy = join(dir, 'copy');
  rmSync(copy, { recursive: true, force: true });
  cpSync(join(dir, 'store'), copy, { recursive: true, filter: (path) => !path.endsWith('lock') });
  const store = await openStore({ dir: copy });
  try {
    const violations = findViolations(store, acknowledged);
    // What was on its way when the kill came, and got through, is the next round's starting point.
    for (let writer = 0; writer < WRITERS; writer++) acknowledged[writer] = lastNumber(store, writer);
    return violations;
  } finally {
    await store.close();
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
