import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { delay, systemClock } from '@tablewright/base';
import { SeededRandom } from '@tablewright/testkit';
import type { KillRunSummary, Plant } from '../kill-run.js';
import { EndpointClient } from './client.js';
import { Ledger } from './ledger.js';
import { type Copies, Operator } from './operator.js';
import { prepare } from './scenario.js';
import { shiftedClock } from './shifted-clock.js';
import { walk } from './walk/walk.js';
import { type TokenUse, Writers } from './writers.js';

export interface KillOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly plant?: Plant;
  /** Goes on until a violation is of this kind; by default any is. */
  readonly until?: RegExp;
  readonly onRound?: (round: number, run: KilledEndpoint) => void;
}

const LONGEST_LIFE_MS = 20_000;

export interface InspectOptions {
  /** To which the table is restored. */
  readonly seconds?: readonly number[];
  /** Damages the copy, for tests of the walk. */
  readonly spoil?: (dataDir: string) => Promise<void>;
  /** How often the walk looks at what the background works on. */
  readonly attempts?: number;
}

/** An endpoint's data folder, which is never closed in order, and the ledger of what it has acknowledged. */
export class KilledEndpoint {
  readonly ledger = new Ledger();
  readonly copies: Copies = { backups: [], exports: [], imports: [], loads: [] };
  killedWhileOpening = 0;
  restored = 0;
  readonly #dir = mkdtempSync(join(tmpdir(), 'tablewright-endpoint-crash-'));
  readonly #random: SeededRandom;
  #tokens: readonly TokenUse[] = [];
  #violations: string[] = [];
  #aheadMs = 0;
  #killedMs = 0;
  #number = 0;
  /** Seconds in which the endpoint was alive and written to. */
  readonly seconds: number[] = [];

  constructor(private readonly options: Pick<KillOptions, 'seed' | 'plant'>) {
    this.#random = new SeededRandom(options.seed);
    mkdirSync(this.dataDir);
  }

  get dataDir(): string {
    return join(this.#dir, 'data');
  }

  get nowMs(): number {
    return shiftedClock(this.#aheadMs).nowMs();
  }

  remove(): void {
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** Makes the tables, and kills the endpoint the first time. */
  async prepare(): Promise<void> {
    const victim = await this.#start();
    const client = new EndpointClient(await victim.url);
    await prepare(client, this.ledger, () => this.nowMs);
    await victim.kill();
    client.close();
  }

  /** One life of the endpoint, from its start to a kill at a random instant. */
  async live(): Promise<void> {
    const random = this.#random;
    this.#aheadMs += random.next() < 0.5 ? random.integer(1000, 400_000) : random.integer(400_000, 5 * 3600 * 1000);
    this.#tokens = [];
    const victim = await this.#start();
    if (random.next() < 0.1) {
      await Promise.race([delay(systemClock, random.integer(40, 400)), victim.url]);
      await victim.kill();
      this.#killedMs = this.nowMs;
      this.killedWhileOpening += 1;
      return;
    }
    const client = new EndpointClient(await victim.url);
    await this.#work(client, victim);
    client.close();
  }

  async #work(client: EndpointClient, victim: Victim): Promise<void> {
    const random = this.#random;
    const clock = shiftedClock(this.#aheadMs);
    const nextNumber = (): number => ++this.#number;
    const { ledger, copies } = this;
    const plant = this.options.plant ?? 'none';
    const writers = new Writers({ client, clock, ledger, random, plant, nextNumber });
    const operator = new Operator({ client, clock, copies, random, nextNumber });
    const fromMs = clock.nowMs();
    const writing = writers.run();
    const acting = this.#act(operator);
    // By work and not by time, so that a busy machine has its share; then at any instant.
    const enough = writers.answered(random.integer(1, 300));
    await Promise.race([enough, writing, delay(systemClock, LONGEST_LIFE_MS)]);
    await delay(systemClock, random.integer(0, 30));
    // Half of the kills come in the midst of something that goes through the whole table.
    const last = random.next() < 0.5 ? operator.act() : undefined;
    if (last !== undefined) await delay(systemClock, random.integer(0, 60));
    await victim.kill();
    this.#killedMs = clock.nowMs();
    await Promise.all([writing, acting, last]);
    this.#noteEnd(fromMs, this.#killedMs);
    this.#tokens = [...writers.tokens.values()];
    this.#violations.push(...writers.violations, ...operator.violations);
  }

  async #act(operator: Operator): Promise<void> {
    for (let action = this.#random.integer(1, 3); action > 0; action--) await operator.act();
  }

  #noteEnd(fromMs: number, nowMs: number): void {
    for (let second = Math.ceil(fromMs / 1000); second * 1000 < nowMs; second++) this.seconds.push(second);
    for (const copy of [...this.copies.backups, ...this.copies.exports]) {
      if (copy.instant.toMs === Number.POSITIVE_INFINITY) copy.instant = { fromMs: copy.instant.fromMs, toMs: nowMs };
    }
  }

  /** Looks at a copy, so that the next life meets the folder as the kill has left it. */
  async inspect({ seconds = this.#someSeconds(), spoil, attempts }: InspectOptions = {}): Promise<string[]> {
    const copy = join(this.#dir, 'copy');
    rmSync(copy, { recursive: true, force: true });
    cpSync(this.dataDir, copy, { recursive: true, filter: (path) => !path.endsWith('/lock') });
    await spoil?.(copy);
    this.restored += seconds.length;
    const found = await walk({
      dataDir: copy,
      killedMs: this.#killedMs,
      ledger: this.ledger,
      copies: this.copies,
      tokens: this.#tokens,
      seconds,
      ...(attempts !== undefined && { attempts }),
    });
    return [...this.#violations, ...found];
  }

  /** Two of the last life, one of any. */
  #someSeconds(): number[] {
    const { seconds } = this;
    if (seconds.length === 0) return [];
    const picked = [...seconds.slice(-2), this.#random.pick(seconds)];
    return [...new Set(picked)];
  }

  async #start(): Promise<Victim> {
    return startVictim(this.dataDir, this.#aheadMs);
  }
}

interface Victim {
  /** Once it serves. */
  readonly url: Promise<string>;
  kill(): Promise<void>;
}

function startVictim(dataDir: string, aheadMs: number): Victim {
  const script = fileURLToPath(new URL('./victim.js', import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, String(aheadMs)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.once('close', (_code, signal) => resolve(signal));
  });
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()));
    closed.then(() => reject(new Error(`the endpoint ended before it served: ${errors}`)));
  });
  // Nobody may be waiting for the address of one that is killed while it opens.
  url.catch(() => {});
  return {
    url,
    async kill() {
      child.kill('SIGKILL');
      if ((await closed) !== 'SIGKILL') throw new Error(`the endpoint ended by itself: ${errors}`);
    },
  };
}

export interface KillSummary extends KillRunSummary {
  /** Answered requests of writers over all lives. */
  readonly acknowledged: number;
  /** Restores to a second. */
  readonly restored: number;
  readonly backups: number;
  readonly exports: number;
  readonly imports: number;
  readonly loads: number;
}

/** Kills an endpoint again and again, on the same data; stops at the first violation (see `until`). */
export async function runEndpointRounds(options: KillOptions): Promise<KillSummary> {
  const run = new KilledEndpoint(options);
  const { until = /^/ } = options;
  let violations: readonly string[] = [];
  let round = 0;
  try {
    await run.prepare();
    while (round < options.rounds && !violations.some((violation) => until.test(violation))) {
      round++;
      await run.live();
      violations = await run.inspect();
      options.onRound?.(round, run);
    }
  } finally {
    run.remove();
  }
  const { ledger, copies, killedWhileOpening, restored } = run;
  return {
    rounds: round,
    acknowledged: ledger.acknowledged,
    killedWhileOpening,
    restored,
    backups: copies.backups.length,
    exports: copies.exports.length,
    imports: copies.imports.length,
    loads: copies.loads.length,
    violations,
  };
}
