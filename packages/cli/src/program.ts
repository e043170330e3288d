import { Command, CommanderError } from 'commander';
import type { CliContext } from './cli-context.js';
import { applyCommand, destroyCommand } from './commands/apply.js';
import { backupCommand } from './commands/backup.js';
import { deployCommand } from './commands/deploy.js';
import { envCommand } from './commands/env.js';
import { execCommand } from './commands/exec.js';
import { grantCommand } from './commands/grant.js';
import { importCommand } from './commands/import.js';
import { itemsCommand } from './commands/items.js';
import { localCommand } from './commands/local.js';
import { nowCommand } from './commands/now.js';
import { outputCommand } from './commands/output.js';
import { planCommand } from './commands/plan.js';
import { populateCommand } from './commands/populate.js';
import { stateCommand } from './commands/state.js';
import { validateCommand } from './commands/validate.js';
import { VERSION } from './version.js';

const HELP_END = `
Every command acts on a target and says which: --target, else TABLEWRIGHT_TARGET, else AWS_ENDPOINT_URL, else the local
endpoint, which is started when it isn't running. AWS itself is --target aws.

Examples:
  tablewright local start
  tablewright deploy dev examples/simple-table.tfvars
  tablewright populate users-table examples/data/sample-users.json
  tablewright validate users-table
  eval "$(tablewright env)" && aws dynamodb scan --table-name users-table

Exit codes: 0 done, 1 error, 2 changes planned (plan --detailed-exitcode), 130 interrupted.`;

/** The command line as a whole. The commands' own modules load what they need when they run, so that help is quick. */
export function buildProgram(context: CliContext): Command {
  const program = new Command('tablewright')
    .description('The toolkit for operating DynamoDB tables, with a local AWS endpoint inside.')
    .version(VERSION)
    .option('--debug', 'show where an error comes from')
    .option('--no-color', 'plain text (also: NO_COLOR=1)')
    .showHelpAfterError('(add --help for the commands)')
    .addHelpText('after', HELP_END);
  const groups: readonly [string, readonly Command[]][] = [
    ['Local endpoint:', [localCommand(context), envCommand(context), execCommand(context), nowCommand(context)]],
    [
      'Table as code:',
      [
        deployCommand(context),
        planCommand(context),
        applyCommand(context),
        destroyCommand(context),
        outputCommand(context),
        stateCommand(context),
        importCommand(context),
      ],
    ],
    [
      'Operations:',
      [
        populateCommand(context),
        validateCommand(context),
        backupCommand(context),
        grantCommand(context),
        itemsCommand(context),
      ],
    ],
  ];
  for (const [title, commands] of groups) {
    for (const command of commands) program.addCommand(command.helpGroup(title));
  }
  useOutput(program, context);
  return program;
}

/** Every word of help and of usage errors goes through the output, and nothing ends the process by itself. */
function useOutput(command: Command, context: CliContext): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => context.output.line(text.trimEnd()),
    writeErr: (text) => context.output.note(text.trimEnd()),
    outputError: (text) => context.output.error(text.trimEnd().replace(/^error: /, '')),
    getOutHasColors: () => context.output.color,
  });
  for (const child of command.commands) useOutput(child, context);
}

/** What commander throws in place of ending the process: help asked for (code 0), or a usage error already told. */
export function exitCodeOf(error: unknown): number | undefined {
  if (!(error instanceof CommanderError)) return undefined;
  return error.code === 'commander.helpDisplayed' || error.code === 'commander.version' ? 0 : 1;
}
