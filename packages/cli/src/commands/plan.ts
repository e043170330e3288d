import type { Plan } from '@tablewright/stack';
import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import { type StackFlags, withOnly, withState, withVariables } from '../stack/stack-flags.js';
import { newCommand, withJson } from './command-options.js';

interface PlanFlags extends StackFlags {
  readonly destroy?: boolean;
  readonly detailedExitcode?: boolean;
  readonly json?: boolean;
}

/** As `terraform plan -detailed-exitcode`: there is something to do. */
const EXIT_CHANGES = 2;

export function planCommand(context: CliContext): Command {
  const command = newCommand('plan', 'show what an apply would do', [
    'tablewright plan -var-file=examples/simple-table.tfvars',
    'tablewright plan -var-file=prod.tfvars -var=deletion_protection=true --target aws',
    'tablewright plan -var-file=prod.tfvars -detailed-exitcode    # exit code 2 when there is something to do',
  ])
    .option('--destroy', 'plan the destruction of everything in the state')
    .option('--detailed-exitcode', 'exit with 2 when there is something to do, 0 when not')
    .option('--no-refresh', 'take the state as it is, without asking the target');
  return withJson(withOnly(withState(withVariables(command)))).action((flags: PlanFlags) => runPlan(context, flags));
}

async function runPlan(context: CliContext, flags: PlanFlags): Promise<void> {
  const { onTarget } = await import('../target/open-target.js');
  await onTarget(context, flags, async ({ target }) => {
    const { makePlan } = await import('../stack/make-plan.js');
    const mode = flags.destroy ? 'destroy' : 'apply';
    const { plan } = await makePlan(context, { target, flags, mode, quiet: flags.json === true, lock: true });
    await showPlan(context, plan, flags.json === true);
    if (flags.detailedExitcode && plan.applyable) context.setExitCode(EXIT_CHANGES);
  });
}

/** Prints the plan as Terraform does, or as JSON. */
export async function showPlan(context: CliContext, plan: Plan, json: boolean): Promise<void> {
  if (json) return context.output.json(plan);
  const { renderPlan } = await import('@tablewright/stack');
  context.output.line(renderPlan(plan, { color: context.output.color }));
}
