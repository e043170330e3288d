import { parseArgs } from 'node:util';

const PLANTS = ['none', 'split', 'early'] as const;

/**
 * Mistakes that a harness must find when they are made on purpose: `split` makes many changes of what belongs into one,
 * `early` counts as acknowledged what is not yet.
 */
export type Plant = (typeof PLANTS)[number];

export interface KillRunOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly plant: Plant;
}

export interface KillRunSummary {
  readonly rounds: number;
  /** Rounds in which the process was killed before the store was open. */
  readonly killedWhileOpening: number;
  /** Empty, or what the first round that went wrong has found. */
  readonly violations: readonly string[];
}

/** What both harnesses take by hand: `--rounds`, `--seed` and `--plant`. Throws for what is none of them. */
export function killRunOptions(args: readonly string[]): KillRunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '15' },
      seed: { type: 'string', default: '1' },
      plant: { type: 'string', default: 'none' },
    },
  });
  const plant = PLANTS.find((known) => known === values.plant);
  if (plant === undefined) throw new Error(`--plant is one of ${PLANTS.join(', ')}; it is "${values.plant}"`);
  return { rounds: whole('rounds', values.rounds, 1), seed: whole('seed', values.seed, 0), plant };
}

/** Runs a harness with the options of the command line, tells of each tenth round and of the end, and sets the exit code. */
export async function killRun<Summary extends KillRunSummary>(run: {
  rounds(options: KillRunOptions & { onRound(round: number, acknowledged: number): void }): Promise<Summary>;
  /** What is counted: `writes`. */
  readonly unit: string;
  /** All that is counted, in words. */
  counts(summary: Summary): string;
}): Promise<void> {
  const options = killRunOptions(process.argv.slice(2));
  const summary = await run.rounds({
    ...options,
    onRound: (round, acknowledged) => {
      if (round % 10 === 0) console.log(`round ${round}: ${acknowledged} ${run.unit}`);
    },
  });
  console.log(
    `${summary.rounds} kills (${summary.killedWhileOpening} while opening), ${run.counts(summary)}, ` +
      `${summary.violations.length} violations (seed ${options.seed})`,
  );
  for (const violation of summary.violations) console.log(`  ${violation}`);
  process.exitCode = summary.violations.length === 0 ? 0 : 1;
}

function whole(name: string, given: string, least: number): number {
  if (/^\d{1,9}$/.test(given) && Number(given) >= least) return Number(given);
  throw new Error(`--${name} is a whole number from ${least} on; it is "${given}"`);
}
