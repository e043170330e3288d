import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, withDataDir, withJson } from './command-options.js';

interface CoverageFlags {
  readonly dataDir?: string;
  readonly missing?: boolean;
  readonly json?: boolean;
}

/** `tablewright local coverage`: what of AWS's APIs the endpoint emulates. */
export function localCoverageCommand(context: CliContext): Command {
  const command = newCommand('coverage', "show which operations of AWS's services are emulated", [
    'tablewright local coverage',
    'tablewright local coverage dynamodb',
    'tablewright local coverage lambda --missing',
  ])
    .argument('[service]', 'a signing name, e.g. dynamodb: its operations one by one')
    .option('--missing', 'those that are not emulated');
  return withJson(withDataDir(command)).action(async (service: string | undefined, flags: CoverageFlags) => {
    const { runLocalCoverage } = await import('../local/local-coverage.js');
    const { missing = false, json = false } = flags;
    await runLocalCoverage(context, dataDirOf(context, flags.dataDir), { service, missing, json });
  });
}
