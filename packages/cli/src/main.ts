import { systemClock, systemRandom } from '@tablewright/base';
import type { CliContext } from './cli-context.js';
import { Output } from './output/output.js';
import { buildProgram, exitCodeOf } from './program.js';
import { EXIT_INTERRUPTED, reportError } from './run-command.js';
import { acceptTerraformSpelling } from './stack/terraform-flags.js';

const EXIT_TERMINATED = 143;

/** Runs the command line on this process: its arguments, its streams, its signals; then ends it. */
export async function main(argv: readonly string[]): Promise<void> {
  // Node's version is checked by the launcher; the SDK's reminder about future releases would only be noise.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  ignoreClosedPipe(process.stdout);
  ignoreClosedPipe(process.stderr);
  const code = await runCli(argv);
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

async function runCli(argv: readonly string[]): Promise<number> {
  const stopped = stopOnSignals();
  let exitCode: number | undefined;
  const env =
    argv.includes('--no-color') || argv.includes('-no-color') ? { ...process.env, NO_COLOR: '1' } : process.env;
  const context: CliContext = {
    env: process.env,
    cwd: process.cwd(),
    output: new Output(process.stdout, process.stderr, env),
    clock: systemClock,
    random: systemRandom,
    signal: stopped.signal,
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  try {
    await buildProgram(context).parseAsync(acceptTerraformSpelling(argv), { from: 'user' });
    return exitCode ?? (stopped.signal.aborted ? stopped.exitCode() : 0);
  } catch (error) {
    context.output.clearProgress();
    return exitCodeOf(error) ?? (await reportError(context, error, argv.includes('--debug')));
  }
}

/** The first Ctrl-C asks the command to come to an end, the second ends it. */
function stopOnSignals(): { readonly signal: AbortSignal; exitCode(): number } {
  const controller = new AbortController();
  let code = EXIT_INTERRUPTED;
  const stop = (exitCode: number): void => {
    if (controller.signal.aborted) process.exit(exitCode);
    code = exitCode;
    controller.abort();
  };
  process.on('SIGINT', () => stop(EXIT_INTERRUPTED));
  process.on('SIGTERM', () => stop(EXIT_TERMINATED));
  return { signal: controller.signal, exitCode: () => code };
}

/** Whoever reads may stop reading: `tablewright items t | head -1`. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}
