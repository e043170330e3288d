import { startInBackground } from '@tablewright/cloud';
import type { CliContext } from '../cli-context.js';

export interface LocalStartFlags {
  readonly dataDir: string;
  readonly port?: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly freeRunning?: boolean;
  readonly partitionBurst?: number;
  readonly validationWords?: 'older' | 'newer';
  readonly iam?: 'enforce' | 'audit' | 'off' | 'strict';
  readonly transitionDelay?: number;
  readonly streamShards?: number;
  readonly foreground?: boolean;
  readonly json?: boolean;
}

export async function runLocalStart(context: CliContext, flags: LocalStartFlags): Promise<void> {
  const options = {
    dataDir: flags.dataDir,
    ...(flags.port === undefined ? {} : { port: flags.port }),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.allowHost === undefined ? {} : { allowedHosts: flags.allowHost }),
    ...(flags.transitionDelay !== undefined && { transitionDelayMs: flags.transitionDelay }),
    ...(flags.streamShards !== undefined && { streamShards: flags.streamShards }),
    ...(flags.partitionBurst !== undefined && { partitionBurstSeconds: flags.partitionBurst }),
    ...(flags.validationWords !== undefined && { validationWords: flags.validationWords }),
    ...(flags.iam !== undefined && { iam: flags.iam }),
    ...(flags.freeRunning === true && { throughput: 'free-running' as const }),
  };
  if (flags.foreground === true) {
    const { runInForeground } = await import('./local-foreground.js');
    return runInForeground(context, options);
  }
  const endpoint = await startInBackground(options);
  if (flags.json) return context.output.json(endpoint);
  const verb = endpoint.alreadyRunning ? 'The local endpoint runs already' : 'The local endpoint runs';
  context.output.line(`${verb} at ${context.output.style.bold(endpoint.url)}, data in ${endpoint.dataDir}.`);
  context.output.note('Point aws and terraform at it with: eval "$(tablewright env)"');
}
