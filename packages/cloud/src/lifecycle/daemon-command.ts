import { fileURLToPath } from 'node:url';

export interface DaemonOptions {
  readonly port: number;
  readonly dataDir: string;
  readonly host?: string;
  readonly allowedHosts?: readonly string[];
  readonly throughput?: 'enforced' | 'free-running';
  readonly partitionBurstSeconds?: number;
  readonly validationWords?: 'older' | 'newer';
  readonly iam?: 'enforce' | 'audit' | 'off' | 'strict';
  readonly transitionDelayMs?: number;
  readonly streamShards?: number;
}

export interface DaemonCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * How the endpoint's own process is started. Its settings keep resident memory small: a young generation of 4 MB, an
 * old one that is collected after doubling, and one arena for C's allocator. Measured after a load: with 8 MB of young
 * generation the process holds 20 MB more, with 16 MB (the default) 40 MB more, and no operation takes less processor
 * time; with 2 MB it holds as much, and BatchWriteItem takes a tenth more time. Collected after growing by a quarter,
 * BatchWriteItem takes a sixth more time, and the process holds as much; left to V8, it holds 20 MB more at its peak.
 */
export function daemonCommand(options: DaemonOptions): DaemonCommand {
  const daemon = fileURLToPath(new URL('../daemon.js', import.meta.url));
  return {
    command: process.execPath,
    args: ['--max-semi-space-size=4', '--heap-growing-percent=100', daemon, JSON.stringify(options)],
    env: { ...process.env, MALLOC_ARENA_MAX: '1' },
  };
}
