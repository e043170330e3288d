import type { StateBackend } from '@tablewright/stack';
import type { CliContext } from '../cli-context.js';
import { awsConnectionOf, withLock, writableStateOf } from '../stack/stack-flags.js';
import { type Deployed, type Deployment, refuseDeletion } from './deployment.js';

/** Deploys with tablewright's own engine, which works on Terraform's state. */
export async function deployBuiltIn(outer: CliContext, deployment: Deployment): Promise<Deployed> {
  const context: CliContext = { ...outer, cwd: deployment.moduleFolder };
  const backend = await stateOf(context, deployment);
  return withLock(backend, 'apply', () => deployLocked(context, deployment, backend));
}

async function deployLocked(context: CliContext, deployment: Deployment, backend: StateBackend): Promise<Deployed> {
  const { output } = context;
  const { target, environment, config, yes, quiet } = deployment;
  const [{ makePlan }, { completionLine, confirmAndApply }, { showPlan }, { outputsOf, renderOutputs }] =
    await Promise.all([
      import('../stack/make-plan.js'),
      import('../stack/run-apply.js'),
      import('../commands/plan.js'),
      import('@tablewright/stack'),
    ]);
  const title = `Deploying ${config} to ${environment} (state: ${backend.location})`;
  if (quiet) output.note(title);
  else output.line(output.style.bold(title));
  const flags = { varFile: [{ varFile: deployment.configPath }] };
  const { aws, plan } = await makePlan(context, { target, flags, mode: 'apply', quiet, lock: false, backend });
  if (!quiet) await showPlan(context, plan, false);
  if (yes && !deployment.allowDelete) refuseDeletion(plan.resource_changes, backend.location);
  const result = await confirmAndApply(context, { aws, target, plan, backend, ask: 'always', yes, quiet });
  const outputs = outputsOf(result.state);
  if (!quiet) {
    output.line(`\n${output.style.green(completionLine(plan, result))}`);
    if (Object.keys(outputs).length > 0) output.line(`\nOutputs:\n\n${renderOutputs(outputs)}`);
  }
  const { added, changed, destroyed } = result;
  return { engine: 'built-in', state: backend.location, added, changed, destroyed, outputs };
}

async function stateOf(context: CliContext, { target, environment, ...where }: Deployment): Promise<StateBackend> {
  if (where.statePath !== undefined) return writableStateOf(context, { state: where.statePath });
  if (where.bucket === undefined) return writableStateOf(context, {});
  const { environmentStateKey, openState } = await import('@tablewright/stack');
  const s3 = { bucket: where.bucket, key: environmentStateKey(environment) };
  return openState({ cwd: context.cwd, aws: awsConnectionOf(context, target), s3 });
}
