import { readRequestLog } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';
import { requestText } from './request-text.js';

export interface LocalLogsOptions {
  readonly dataDir: string;
  readonly follow: boolean;
  readonly json: boolean;
}

export async function runLocalLogs(context: CliContext, options: LocalLogsOptions): Promise<void> {
  const { output, signal } = context;
  const { dataDir, follow, json } = options;
  for await (const line of readRequestLog({ dataDir, follow, signal })) {
    await output.raw(`${json ? line : requestText(output, line)}\n`);
  }
}
