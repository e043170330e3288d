import { type LocalEndpointOptions, startLocalEndpoint } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { runLocalLogs } from './local-logs.js';

/** Runs the endpoint in this process and shows its requests until Ctrl-C, or until it is stopped from elsewhere. */
export async function runInForeground(context: CliContext, options: LocalEndpointOptions): Promise<void> {
  const { output, signal } = context;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const endpoint = await startLocalEndpoint({
    ...options,
    clock: context.clock,
    random: context.random,
    onShutdown: end,
  });
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  output.line(`The local endpoint runs at ${output.style.bold(endpoint.url)}, data in ${endpoint.dataDir}.`);
  output.note('Ctrl-C stops it.');
  try {
    await runLocalLogs({ ...context, signal: ended.signal }, { dataDir: endpoint.dataDir, follow: true, json: false });
  } finally {
    await endpoint.close();
  }
  output.note('The local endpoint has stopped.');
  context.setExitCode(0);
}
