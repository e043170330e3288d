import type { Caller } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { type Actor, rootOf } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { invalidParameter } from '../lambda-errors.js';

export interface ExecutionCredentials {
  readonly env: Readonly<Record<string, string>>;
  /** Whether they are good for another invocation. */
  readonly isFresh: () => boolean;
}

const SERVICE = 'lambda.amazonaws.com';
/** Environments are replaced before their credentials end. */
const SESSION_SECONDS = 12 * 3600;
const SPARE_MS = 15 * 60_000;
const CANNOT_ASSUME = 'The role defined for the function cannot be assumed by Lambda.';

/** Where policies are enforced, a role that a function is given must be there, in the caller's account, and trust Lambda. */
export function checkExecutionRole(kernel: Kernel, caller: Caller, roleArn: string | undefined): void {
  if (roleArn === undefined || kernel.authorizer.mode !== 'enforce') return;
  if (roleArn.split(':')[4] !== caller.accountId) {
    throw new ServiceError('AccessDeniedException', 'Cross-account pass role is not allowed.', { httpStatus: 403 });
  }
  if (!mayAssume(kernel, roleArn)) throw invalidParameter(CANNOT_ASSUME);
}

function mayAssume({ ports }: Kernel, roleArn: string): boolean {
  return ports.identity.mayServiceAssume(roleArn, SERVICE);
}

/**
 * On whose behalf the function's code, and Lambda for it, asks other services: a session of its role. Throws when the
 * role is gone or no longer trusts Lambda; where policies are not enforced, the account's root acts then.
 */
export function executionActor(kernel: Kernel, { caller, name, configuration }: ResolvedFunction): Actor {
  const role = configuration.Role ?? '';
  const principal = mayAssume(kernel, role) ? kernel.ports.identity.roleSession(role, name) : undefined;
  if (principal !== undefined) return { caller, principal };
  if (kernel.authorizer.mode === 'enforce') throw cannotAssume();
  return { caller, principal: rootOf(caller.accountId) };
}

/** Credentials for the environment of a process. Rejects as {@link executionActor} throws. */
export async function executionCredentials(
  kernel: Kernel,
  { caller, name, configuration }: ResolvedFunction,
): Promise<ExecutionCredentials> {
  const { identity } = kernel.ports;
  const role = configuration.Role ?? '';
  if (!mayAssume(kernel, role)) {
    if (kernel.authorizer.mode === 'enforce') throw cannotAssume();
    // A key that nobody issued stands for the root of the account that it names.
    const env = { AWS_ACCESS_KEY_ID: caller.accountId, AWS_SECRET_ACCESS_KEY: 'local' };
    return { env, isFresh: () => !mayAssume(kernel, role) };
  }
  const session = { service: SERVICE, sessionName: name, durationSeconds: SESSION_SECONDS };
  const { credentials } = await identity.openSession(role, session);
  return {
    env: {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
    },
    isFresh: () => kernel.clock.nowMs() < credentials.expirationMs - SPARE_MS,
  };
}

function cannotAssume(): ServiceError {
  return new ServiceError('AccessDeniedException', CANNOT_ASSUME, { httpStatus: 403 });
}
