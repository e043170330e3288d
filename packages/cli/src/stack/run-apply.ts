import { UserError } from '@tablewright/base';
import type { ApplyResult, AwsConnection, Plan, StackEvent, StateBackend } from '@tablewright/stack';
import { askYes, type CliContext } from '../cli-context.js';
import type { Target } from '../target/target.js';

/** When a change is asked about first: always, or on any target but a local one. */
export type AskWhen = 'always' | 'not-local';

export interface ApplyRun {
  readonly aws: AwsConnection;
  readonly target: Target;
  readonly plan: Plan;
  readonly backend: StateBackend;
  readonly ask: AskWhen;
  /** `--yes` */
  readonly yes: boolean;
  readonly quiet: boolean;
}

/** Asks where that is due, then applies. Throws when the answer is no, or when nobody is there to ask. */
export async function confirmAndApply(context: CliContext, run: ApplyRun): Promise<ApplyResult> {
  const { applyPlan } = await import('@tablewright/stack');
  if (run.plan.applyable) await confirm(context, run);
  return applyPlan({
    aws: run.aws,
    plan: run.plan,
    backend: run.backend,
    signal: context.signal,
    onEvent: eventPrinter(context, run.quiet),
  });
}

/** Prints the engine's progress: beside the result when that is JSON, else as part of it. */
export function eventPrinter({ output }: CliContext, quiet: boolean): (event: StackEvent) => void {
  return (event) => (quiet ? output.note(event.line) : output.line(event.line));
}

async function confirm(context: CliContext, run: ApplyRun): Promise<void> {
  if (run.yes || (run.ask === 'not-local' && run.target.kind === 'local')) return;
  const verb = run.plan.mode === 'destroy' ? 'destroy' : 'apply';
  if (!context.interactive) {
    throw new UserError(
      `nobody is here to confirm the ${verb}`,
      'Give --yes (or -auto-approve) when no terminal is there.',
    );
  }
  const question =
    verb === 'destroy' ? 'Do you really want to destroy all of this?' : 'Do you want to perform these actions?';
  if (!(await askYes(context, question))) throw new UserError(`${verb} cancelled`, 'Nothing was changed.');
}

/** `Apply complete! Resources: 1 added, 0 changed, 0 destroyed.` */
export function completionLine(plan: Plan, result: ApplyResult): string {
  if (plan.mode === 'destroy') return `Destroy complete! Resources: ${result.destroyed} destroyed.`;
  const counts = `${result.added} added, ${result.changed} changed, ${result.destroyed} destroyed`;
  return `Apply complete! Resources: ${counts}.`;
}
