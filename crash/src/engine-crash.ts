import { parseArgs } from 'node:util';
import { runEndpointRounds } from './endpoint/kill-rounds.js';
import type { Plant } from './endpoint/writers.js';

/*
 * Kills the whole endpoint again and again, and compares what is left with a ledger of what it had acknowledged:
 *   node crash/dist/engine-crash.js --rounds 200 --seed 1
 *   node crash/dist/engine-crash.js --plant split     (or early; must find a violation)
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

const summary = await runEndpointRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  plant,
  onRound: (round, { ledger }) => {
    if (round % 10 === 0) console.log(`round ${round}: ${ledger.acknowledged} writes`);
  },
});
console.log(
  `${summary.rounds} kills (${summary.killedWhileOpening} while opening), ${summary.acknowledged} writes, ` +
    `${summary.restored} restores to a second, ${summary.backups} backups, ${summary.exports} exports, ` +
    `${summary.imports} imports, ${summary.violations.length} violations (seed ${values.seed})`,
);
for (const violation of summary.violations) console.log(`  ${violation}`);
process.exitCode = summary.violations.length === 0 ? 0 : 1;
