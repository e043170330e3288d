import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { shellQuote } from '../output/format.js';
import type { TargetOptions } from '../target/target.js';
import { newCommand, withJson, withTarget } from './command-options.js';

const DESCRIPTION = `Prints the shell lines that point aws, terraform and the SDKs at the target.

AWS CLI versions before 1.29 and 2.13 do not read AWS_ENDPOINT_URL; give those --endpoint-url "$AWS_ENDPOINT_URL".`;

export function envCommand(context: CliContext): Command {
  const command = newCommand('env', 'print the lines that point aws and terraform at the target', [
    'eval "$(tablewright env)" && aws dynamodb list-tables',
    'tablewright env --target aws',
  ])
    .summary('print the lines that point aws and terraform at the target')
    .description(DESCRIPTION);
  return withJson(withTarget(command)).action(async (flags: TargetOptions & { json?: boolean }) => {
    const [{ resolveTarget }, { targetEnv }] = await Promise.all([
      import('../target/target.js'),
      import('../target/target-env.js'),
    ]);
    const variables = targetEnv(await resolveTarget(context, flags));
    if (flags.json) return context.output.json(variables);
    for (const [name, value] of Object.entries(variables)) {
      context.output.line(value === undefined ? `unset ${name}` : `export ${name}=${shellQuote(value)}`);
    }
  });
}
