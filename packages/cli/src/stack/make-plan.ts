import { type AwsConnection, createDestroyPlan, createPlan, type Plan, type StateBackend } from '@tablewright/stack';
import type { CliContext } from '../cli-context.js';
import type { Target } from '../target/target.js';
import { eventPrinter } from './run-apply.js';
import { awsConnectionOf, readConfiguration, type StackFlags, withLock, writableStateOf } from './stack-flags.js';

export interface PlanRun {
  readonly target: Target;
  readonly flags: StackFlags;
  readonly mode: 'apply' | 'destroy';
  /** Progress goes beside the result. */
  readonly quiet: boolean;
  /** Lock the state for the plan alone; false when the caller holds the lock for longer. */
  readonly lock: boolean;
  /** Default: the one that the flags name. */
  readonly backend?: StateBackend;
}

export interface PlannedRun {
  readonly aws: AwsConnection;
  readonly backend: StateBackend;
  readonly plan: Plan;
}

/** Reads the configuration and the state, asks the target, and says what there is to do. */
export async function makePlan(context: CliContext, run: PlanRun): Promise<PlannedRun> {
  const aws = awsConnectionOf(context, run.target);
  const configuration = await readConfiguration(context, run.target.region, run.flags.varFile);
  const backend = run.backend ?? (await writableStateOf(context, run.flags));
  const create = run.mode === 'destroy' ? createDestroyPlan : createPlan;
  const planNow = async (): Promise<Plan> =>
    create({
      aws,
      configuration,
      state: await backend.read(),
      signal: context.signal,
      onEvent: eventPrinter(context, run.quiet),
      ...(run.flags.only === undefined ? {} : { targets: run.flags.only }),
      ...(run.flags.refresh === undefined ? {} : { refresh: run.flags.refresh }),
    });
  const plan = run.lock ? await withLock(backend, 'plan', planNow) : await planNow();
  return { aws, backend, plan };
}
