import { createInterface } from 'node:readline/promises';
import type { Clock, Random } from '@tablewright/base';
import type { Output } from './output/output.js';

/** What every command is given; nothing else of the process is touched by commands. */
export interface CliContext {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly output: Output;
  readonly clock: Clock;
  readonly random: Random;
  /** Given at the first Ctrl-C; a command then finishes what is in flight and comes to an end. */
  readonly signal: AbortSignal;
  /** Both ends are a terminal, so a question can be asked. */
  readonly interactive: boolean;
  /** Takes another exit code than 0 for a run without error. */
  setExitCode(code: number): void;
}

/** Asks on the terminal; true for `yes` alone. */
export async function askYes(context: CliContext, question: string): Promise<boolean> {
  const { output } = context;
  output.note();
  output.note(`${output.noteStyle.bold(question)}\n  Only "yes" is accepted.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('\n  Enter a value: ', { signal: context.signal });
    return answer.trim() === 'yes';
  } catch (error) {
    if (context.signal.aborted) return false;
    throw error;
  } finally {
    terminal.close();
  }
}
