import { Command, InvalidArgumentError, Option } from 'commander';

/** A command with the parts that all have in common; `examples` end its help. */
export function newCommand(name: string, summary: string, examples: readonly string[]): Command {
  const lines = examples.map((example) => `  ${example}`).join('\n');
  return new Command(name)
    .description(summary)
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', `\nExamples:\n${lines}`);
}

/** `--target` and `--region`, for commands that act on tables. */
export function withTarget(command: Command): Command {
  return command
    .addOption(new Option('--target <where>', 'where to act: local, aws, or the URL of an endpoint (default: local)'))
    .addOption(new Option('--region <region>', 'AWS region (default: AWS_REGION, the profile, us-east-1 for local)'));
}

/** For commands that act on the endpoint of a data folder. */
export function withDataDir(command: Command): Command {
  return command.option('--data-dir <dir>', 'where the data is (default: .tablewright of this project)');
}

export function withJson(command: Command): Command {
  return command.option('--json', 'print the result as JSON');
}

/** Reads an option that takes a whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= low && number <= high) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${low} to ${high}.`);
  };
}
