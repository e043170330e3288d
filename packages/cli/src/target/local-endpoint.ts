import { connect } from 'node:net';
import {
  type BackgroundEndpoint,
  DEFAULT_PORT,
  localStatus,
  PortInUseError,
  startInBackground,
} from '@tablewright/cloud';
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
  const started = await start(dataDir);
  const { output } = context;
  if (!started.alreadyRunning) {
    if (Number(new URL(started.url).port) !== DEFAULT_PORT) {
      output.note(`Port ${DEFAULT_PORT} is taken by something else, so another one was chosen.`);
    }
    output.note(
      `Started the local endpoint at ${started.url} (data in ${dataDir}; stop it with: tablewright local stop)`,
    );
  }
  return started.url;
}

async function start(dataDir: string): Promise<BackgroundEndpoint> {
  if (await isPortTaken(DEFAULT_PORT)) return startInBackground({ dataDir, port: 0 });
  try {
    return await startInBackground({ dataDir });
  } catch (error) {
    // Somebody has taken it meanwhile.
    if (error instanceof PortInUseError) return startInBackground({ dataDir, port: 0 });
    throw error;
  }
}

/** Asks without taking it, which would stand in the way of who is about to. */
function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, '127.0.0.1');
    const end = (isTaken: boolean) => {
      probe.destroy();
      resolve(isTaken);
    };
    probe.once('connect', () => end(true)).once('error', () => end(false));
  });
}
