// Puts load on an endpoint: with wrk where it is installed, with the Node client elsewhere.
import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { nodeLoad } from './client.mjs';
import { headers } from './workloads.mjs';

export const hasWrk = (() => {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return error.status !== undefined && error.code !== 'ENOENT';
  }
})();

/**
 * Keeps `connections` requests in flight for `seconds`: `bodies` (JSON texts, which `file` holds, one a line) at random,
 * or in their order. Resolves with { perSecond, p50, p99 (milliseconds), failed }.
 */
export const putLoad = (load) => (hasWrk ? wrkLoad(load) : nodeLoad(load));

const wrkLoad = async ({ port, operation, file, connections, seconds, inOrder }) => {
  const script = path.join(import.meta.dirname, 'wrk.lua');
  const { stdout } = await promisify(execFile)(
    'wrk',
    ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', script, `http://127.0.0.1:${port}/`],
    {
      env: {
        ...process.env,
        BENCH_BODIES: file,
        BENCH_OPERATION: operation,
        BENCH_AUTHORIZATION: headers.authorization,
        ...(inOrder ? { BENCH_IN_ORDER: '1' } : {}),
      },
    },
  );
  const [, perSecond, p50, p99, failed] = /RESULT (\S+) (\S+) (\S+) (\d+)/.exec(stdout).map(Number);
  return { perSecond, p50, p99, failed };
};
