import { localStatus } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { formatSeconds } from '../output/format.js';

export async function runLocalStatus(context: CliContext, dataDir: string, json: boolean): Promise<void> {
  const { output } = context;
  const status = await localStatus({ dataDir });
  if (status.state === 'stopped') context.setExitCode(1);
  if (json) return output.json(status);
  if (status.state === 'stopped') {
    output.line(`No local endpoint runs on ${dataDir}.`);
    output.note('Start it with: tablewright local start');
    return;
  }
  output.line(`The local endpoint runs at ${output.style.bold(status.url)}.`);
  output.line(
    `  process   ${status.pid}, for ${formatSeconds(status.uptimeMs / 1000)}, ready after ${status.startupMs} ms`,
  );
  output.line(`  data      ${status.dataDir}`);
  output.line(`  services  ${status.services.join(', ')}`);
}
