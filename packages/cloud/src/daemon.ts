import { UserError } from '@tablewright/base';
import { type LocalEndpointOptions, startLocalEndpoint } from './server/local-endpoint.js';

/** The process behind `startInBackground`: `node daemon.js '{"port":4566,"dataDir":"…"}'`. Writes to its log only. */

async function main(argument: string | undefined): Promise<void> {
  // Written by startInBackground of the same version.
  const options = JSON.parse(argument ?? '{}') as LocalEndpointOptions;
  const endpoint = await startLocalEndpoint({ ...options, onShutdown: () => process.exit(0) });
  process.stdout.write(`listening at ${endpoint.url}, ready after ${Math.round(endpoint.startupMs)} ms\n`);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    process.stdout.write(`${signal}: stopping\n`);
    endpoint.close().then(
      () => process.exit(0),
      (error) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(error: unknown): never {
  const text =
    error instanceof UserError ? `${error.message}. ${error.remedy}` : error instanceof Error ? error.stack : error;
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

main(process.argv[2]).catch(fail);
