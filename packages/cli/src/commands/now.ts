import { parseDuration, UserError } from '@tablewright/base';
import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { Target, TargetOptions } from '../target/target.js';
import { newCommand, withTarget } from './command-options.js';

const DESCRIPTION = [
  "Prints the target's time, as ISO 8601 in UTC, for the times that AWS's commands take.",
  "AWS's time is this machine's; the local endpoint has a clock of its own, which can be advanced.",
].join('\n\n');

export function nowCommand(context: CliContext): Command {
  const command = newCommand('now', "print the target's time, or a time before it", [
    'tablewright now',
    'tablewright now --ago 1h',
    'aws dynamodb restore-table-to-point-in-time … --restore-date-time "$(tablewright now --ago 10m)"',
  ])
    .summary("print the target's time, or a time before it")
    .description(DESCRIPTION)
    .option('--ago <duration>', 'that long before, e.g. 90s, 1h30m, 7d', durationMs);
  return withTarget(command).action(async (flags: TargetOptions & { ago?: number }) => {
    const { resolveTarget } = await import('../target/target.js');
    const nowMs = await timeOf(context, await resolveTarget(context, flags));
    const time = new Date(nowMs - (flags.ago ?? 0)).toISOString();
    context.output.line(`${time.slice(0, 19)}Z`);
  });
}

/** Milliseconds since 1970. An endpoint that is not this project's has no clock to ask, and goes by the machine's. */
async function timeOf({ clock, signal }: CliContext, { endpoint }: Target): Promise<number> {
  if (endpoint === undefined) return clock.nowMs();
  const answer = await fetch(`${endpoint}/_tablewright/clock`, { signal }).catch((error: unknown) => {
    throw new UserError(`cannot reach ${endpoint}`, 'Start it, or name another target with --target.', {
      cause: error,
    });
  });
  const text = await answer.text();
  const reading: unknown = answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : undefined;
  const now = typeof reading === 'object' && reading !== null ? Reflect.get(reading, 'now') : undefined;
  return answer.ok && typeof now === 'string' ? Date.parse(now) : clock.nowMs();
}

function durationMs(text: string): number {
  const value = parseDuration(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a duration, such as 90s, 1h30m or 7d.');
  return value;
}
