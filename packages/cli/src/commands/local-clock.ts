import { UserError } from '@tablewright/base';
import type { ClockRequest } from '@tablewright/cloud';
import { type Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, withDataDir, withJson } from './command-options.js';

interface ClockFlags {
  readonly dataDir?: string;
  readonly to?: string;
  readonly json?: boolean;
}

/** `tablewright local clock`: the time that all services of the local endpoint follow. */
export function localClockCommand(context: CliContext): Command {
  const show = async (flags: ClockFlags, request?: ClockRequest): Promise<void> => {
    const { runLocalClock } = await import('../local/local-clock.js');
    await runLocalClock(context, dataDirOf(context, flags.dataDir), request, flags.json === true);
  };
  const common = (command: Command): Command => withJson(withDataDir(command));
  const clock = newCommand('clock', "show or set the endpoint's clock, which all its services follow", [
    'tablewright local clock',
    'tablewright local clock advance 40d',
    'tablewright local clock advance --to 2027-01-01T05:00:00Z',
    'tablewright local clock freeze',
    'tablewright local clock speed 60',
  ]);
  clock.addHelpText(
    'after',
    '\nAdvancing runs what falls due on the way (expiry, schedules, alarms, retention) in order, before it returns.',
  );
  common(clock.command('show', { isDefault: true }).description('show it')).action((flags: ClockFlags) => show(flags));
  common(clock.command('freeze').description('let it stand still')).action((flags: ClockFlags) =>
    show(flags, { frozen: true }),
  );
  common(clock.command('resume').description("let it run at the machine's pace")).action((flags: ClockFlags) =>
    show(flags, { frozen: false }),
  );
  common(
    clock
      .command('advance')
      .description('move it on, by a duration or to an instant')
      .argument('[duration]', 'e.g. 90s, 1h30m, 40d')
      .option('--to <instant>', 'e.g. 2027-01-01T05:00:00Z'),
  ).action((duration: string | undefined, flags: ClockFlags) => show(flags, advanceRequest(duration, flags.to)));
  common(
    clock
      .command('speed')
      .description("let it run faster than the machine's")
      .argument('<factor>', 'e.g. 60', positive),
  ).action((speed: number, flags: ClockFlags) => show(flags, { speed }));
  return clock;
}

function advanceRequest(duration: string | undefined, to: string | undefined): ClockRequest {
  if ((duration === undefined) === (to === undefined)) {
    const got = duration === undefined ? 'neither' : `both ${duration} and ${to}`;
    throw new UserError(
      `advance takes either a duration or --to with an instant; it got ${got}`,
      'Write e.g. "tablewright local clock advance 1h30m".',
    );
  }
  return duration === undefined ? { advanceTo: to ?? '' } : { advance: duration };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`"${text}" is not a number above 0`);
  return value;
}
