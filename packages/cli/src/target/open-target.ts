import {
  type CallerIdentity,
  type Connection,
  callerIdentity,
  connect,
  httpStatusOf,
  toUserError,
} from '@tablewright/ops';
import type { CliContext } from '../cli-context.js';
import { resolveTarget, type Target, type TargetOptions } from './target.js';

export interface OpenTarget {
  readonly target: Target;
  readonly connection: Connection;
  /** Undefined where the endpoint has no STS. */
  readonly account: string | undefined;
}

/** Finds the target, connects to it, and says in one line where the command acts. */
export async function openTarget(context: CliContext, options: TargetOptions): Promise<OpenTarget> {
  const target = await resolveTarget(context, options);
  const connection = connect({
    region: target.region,
    clock: context.clock,
    random: context.random,
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint }),
    ...(target.credentials === undefined ? {} : { credentials: target.credentials }),
  });
  const account = (await identify(connection))?.account;
  context.output.note(context.output.noteStyle.dim(describeTarget(target, account)));
  return { target, connection, account };
}

/** Runs `action` on the target and closes the connection afterwards; SDK errors become readable ones. */
export async function onTarget(
  context: CliContext,
  options: TargetOptions,
  action: (open: OpenTarget) => Promise<void>,
): Promise<void> {
  const open = await openTarget(context, options);
  try {
    await action(open);
  } catch (error) {
    throw toUserError(error, open.target) ?? error;
  } finally {
    open.connection.close();
  }
}

export function describeTarget(target: Target, account: string | undefined): string {
  const where = target.kind === 'aws' ? 'AWS' : `${target.kind === 'local' ? 'local endpoint ' : ''}${target.endpoint}`;
  return `Target: ${where}, account ${account ?? 'unknown'}, region ${target.region}`;
}

async function identify(connection: Connection): Promise<CallerIdentity | undefined> {
  try {
    return await callerIdentity(connection);
  } catch (error) {
    // An endpoint of DynamoDB alone has no STS; that AWS refuses to say who we are is an error.
    if (connection.endpoint !== undefined && httpStatusOf(error) !== undefined) return undefined;
    throw toUserError(error, connection) ?? error;
  }
}
