import { UserError } from '@tablewright/base';
import type { CliContext } from './cli-context.js';

export const EXIT_INTERRUPTED = 130;

/** Prints what went wrong, with the remedy, and gives the exit code. */
export async function reportError(context: CliContext, error: unknown, debug: boolean): Promise<number> {
  const { output } = context;
  const readable = await asUserError(error);
  if (readable !== undefined) {
    output.error(readable.message, readable.remedy);
    if (debug) output.note(stackOf(error));
    return context.signal.aborted ? EXIT_INTERRUPTED : readable.exitCode;
  }
  if (context.signal.aborted) return EXIT_INTERRUPTED;
  output.error(
    `unexpected: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
    debug ? undefined : 'This is a defect of tablewright. Run the command again with --debug to see where it happened.',
  );
  if (debug) output.note(stackOf(error));
  return 1;
}

/** Errors that come straight from the AWS SDK are known to the operations layer, which is loaded only for them. */
async function asUserError(error: unknown): Promise<UserError | undefined> {
  if (error instanceof UserError) return error;
  const { toUserError } = await import('@tablewright/ops');
  return toUserError(error, { endpoint: undefined, region: 'the target' });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
