import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { dataDirOf } from '../target/data-dir.js';
import { newCommand, withDataDir, withJson } from './command-options.js';

/** `tablewright local denials`: what IAM policies denied, or would have denied. */
export function localDenialsCommand(context: CliContext): Command {
  const command = newCommand('denials', 'show the requests that IAM policies denied, or would have denied', [
    'tablewright local start --iam audit',
    'tablewright local denials',
    "tablewright local denials --json | jq -r '.[].action' | sort | uniq -c",
  ]);
  return withJson(withDataDir(command)).action(
    async (flags: { readonly dataDir?: string; readonly json?: boolean }) => {
      const { localDenials } = await import('@tablewright/cloud');
      const { mode, denials } = await localDenials({ dataDir: dataDirOf(context, flags.dataDir) });
      if (flags.json === true) {
        context.output.json(denials);
        return;
      }
      for (const { time, message, enforced } of denials) {
        context.output.line(`${time}  ${enforced ? 'denied' : 'would be denied'}: ${message}`);
      }
      if (denials.length === 0)
        context.output.note(`Nothing has been denied since the endpoint started (mode: ${mode}).`);
    },
  );
}
