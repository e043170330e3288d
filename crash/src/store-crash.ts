import { parseArgs } from 'node:util';
import { runKillRounds } from './kill-rounds.js';
import type { Plant } from './workload.js';

/*
 * The kill harness by hand:
 *   node crash/dist/store-crash.js --rounds 200 --seed 1
 *   node crash/dist/store-crash.js --plant split     (or early; must find a violation)
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    plant: { type: 'string', default: 'none' },
  },
});
const plant = (['none', 'split', 'early'] as const).find((known): known is Plant => known === values.plant);
if (plant === undefined) throw new Error(`unknown plant "${values.plant}": none, split or early`);

const summary = await runKillRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  plant,
  onRound: (round, acknowledged) => {
    if (round % 10 === 0) console.log(`round ${round}: ${acknowledged} changes`);
  },
});
console.log(
  `${summary.rounds} kills (${summary.killedWhileOpening} while opening), ` +
    `${summary.acknowledged} changes, ${summary.violations.length} violations (seed ${values.seed})`,
);
for (const violation of summary.violations) console.log(`  ${violation}`);
process.exitCode = summary.violations.length === 0 ? 0 : 1;
