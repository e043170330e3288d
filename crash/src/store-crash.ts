import { runKillRounds } from './kill-rounds.js';
import { killRun } from './kill-run.js';

/*
 * The kill harness by hand:
 *   node crash/dist/store-crash.js --rounds 200 --seed 1
 *   node crash/dist/store-crash.js --plant split     (or early; must find a violation)
 */
await killRun({
  rounds: runKillRounds,
  unit: 'changes',
  counts: ({ acknowledged }) => `${acknowledged} changes`,
});
