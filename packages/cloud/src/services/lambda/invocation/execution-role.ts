import type { Kernel } from '../../../kernel/kernel.js';
import { type Actor, rootOf } from '../../../kernel/principal.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';

export interface ExecutionCredentials {
  readonly env: Readonly<Record<string, string>>;
  /** Whether they are good for another invocation. */
  readonly isFresh: () => boolean;
}

/** On whose behalf the function's code, and Lambda for it, asks other services. */
export function executionActor(_kernel: Kernel, { caller }: Pick<ResolvedFunction, 'caller'>): Actor {
  return { caller, principal: rootOf(caller.accountId) };
}

/** Credentials for the environment of a process. */
export async function executionCredentials(
  _kernel: Kernel,
  { caller }: Pick<ResolvedFunction, 'caller'>,
): Promise<ExecutionCredentials> {
  const env = {
    AWS_ACCESS_KEY_ID: caller.accountId,
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return { env, isFresh: () => true };
}
