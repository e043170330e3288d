import { createServer } from 'node:net';
import { DEFAULT_PORT, localStatus, startInBackground } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from './data-dir.js';

/**
 * The URL of this project's local endpoint, which is started when it isn't running; at another port when the usual
 * one is taken.
 */
export async function ensureLocalEndpoint(context: CliContext): Promise<string> {
  const dataDir = dataDirOf(context);
  const status = await localStatus({ dataDir });
  if (status.state === 'running') return status.url;
  const portFree = await isPortFree(DEFAULT_PORT);
  const started = await startInBackground({ dataDir, ...(portFree ? {} : { port: 0 }) });
  const { output } = context;
  if (!portFree) output.note(`Port ${DEFAULT_PORT} is taken by something else, so another one was chosen.`);
  if (!started.alreadyRunning) {
    output.note(
      `Started the local endpoint at ${started.url} (data in ${dataDir}; stop it with: tablewright local stop)`,
    );
  }
  return started.url;
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
