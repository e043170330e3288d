import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type StackFlags, withOnly, withState, withVariables } from '../stack/stack-flags.js';
import { newCommand, withJson } from './command-options.js';

interface ApplyFlags extends StackFlags {
  readonly yes?: boolean;
  readonly autoApprove?: boolean;
  readonly json?: boolean;
}

export function applyCommand(context: CliContext): Command {
  const command = newCommand('apply', 'create or change what the configuration describes', [
    'tablewright apply -var-file=examples/simple-table.tfvars',
    'tablewright apply -var-file=prod.tfvars --target aws',
    'tablewright apply -var-file=prod.tfvars --target aws -auto-approve',
  ]);
  return configure(command).action((flags: ApplyFlags) => runApply(context, flags, 'apply'));
}

export function destroyCommand(context: CliContext): Command {
  const command = newCommand('destroy', 'delete everything that the state holds', [
    'tablewright destroy -var-file=examples/simple-table.tfvars',
    'tablewright destroy -var-file=prod.tfvars -target=aws_dynamodb_table.this --target aws',
  ]);
  return configure(command).action((flags: ApplyFlags) => runApply(context, flags, 'destroy'));
}

function configure(command: Command): Command {
  command
    .option('-y, --yes', 'do not ask (a local target is never asked about)')
    .option('--auto-approve', "the same, in Terraform's words")
    .option('--no-refresh', 'take the state as it is, without asking the target');
  return withJson(withOnly(withState(withVariables(command))));
}

async function runApply(context: CliContext, flags: ApplyFlags, mode: 'apply' | 'destroy'): Promise<void> {
  const [{ onTarget }, { makePlan }, { completionLine, confirmAndApply }, { writableStateOf, withLock }, { showPlan }] =
    await Promise.all([
      import('../target/open-target.js'),
      import('../stack/make-plan.js'),
      import('../stack/run-apply.js'),
      import('../stack/stack-flags.js'),
      import('./plan.js'),
    ]);
  const quiet = flags.json === true;
  await onTarget(context, flags, async ({ target }) => {
    const backend = await writableStateOf(context, flags);
    await withLock(backend, mode, async () => {
      const { aws, plan } = await makePlan(context, { target, flags, mode, quiet, lock: false, backend });
      if (!quiet) await showPlan(context, plan, false);
      const yes = flags.yes === true || flags.autoApprove === true;
      const result = await confirmAndApply(context, { aws, target, plan, backend, ask: 'not-local', yes, quiet });
      const { outputsOf, renderOutputs } = await import('@tablewright/stack');
      const outputs = outputsOf(result.state);
      const { added, changed, destroyed } = result;
      if (quiet) return context.output.json({ mode, added, changed, destroyed, outputs });
      context.output.line(`\n${context.output.style.green(completionLine(plan, result))}`);
      if (Object.keys(outputs).length > 0) context.output.line(`\nOutputs:\n\n${renderOutputs(outputs)}`);
    });
  });
}
