import { runEndpointRounds } from './endpoint/kill-rounds.js';
import { killRun } from './kill-run.js';

/*
 * Kills the whole endpoint again and again, and compares what is left with a ledger of what it had acknowledged:
 *   node crash/dist/engine-crash.js --rounds 200 --seed 1
 *   node crash/dist/engine-crash.js --plant split     (or early; must find a violation)
 */
await killRun({
  rounds: ({ onRound, ...options }) =>
    runEndpointRounds({ ...options, onRound: (round, { ledger }) => onRound(round, ledger.acknowledged) }),
  unit: 'writes',
  counts: ({ acknowledged, restored, backups, exports, imports, loads }) =>
    `${acknowledged} writes, ${restored} restores to a second, ${backups} backups, ${exports} exports, ${imports} imports, ` +
    `${loads} bulk operations`,
});
