import { UserError } from '@tablewright/base';
import type { AwsConnection } from '../aws/aws-connection.js';
import { TABLE_ADDRESS } from '../desired/desired-resources.js';
import type { JsonObject } from '../json-value.js';
import { computeOutputs, stateOutputs } from '../outputs/outputs.js';
import { isChange, resourceContext } from '../plan/create-plan.js';
import { inParallel } from '../plan/in-parallel.js';
import type { Plan, ResourceChange } from '../plan/plan.js';
import { PARALLELISM } from '../plan/refresh-state.js';
import { handlerFor } from '../resources/handlers.js';
import type { ResourceContext } from '../resources/resource-handler.js';
import { InterruptedError } from '../resources/wait-until.js';
import type { Variables } from '../schema/variables.js';
import { locatedInstances } from '../state/edit-state.js';
import type { StateBackend } from '../state/state-backend.js';
import type { StateFile } from '../state/state-file.js';
import { Progress } from './progress.js';
import type { OnStackEvent } from './stack-event.js';
import { StateKeeper } from './state-keeper.js';

export interface ApplyOptions {
  readonly aws: AwsConnection;
  readonly plan: Plan;
  /** Locked by the caller; the state is saved there after every resource. */
  readonly backend: StateBackend;
  readonly onEvent?: OnStackEvent;
  /** Aborting finishes the requests in flight, saves the state and fails with a UserError. */
  readonly signal?: AbortSignal;
}

export interface ApplyResult {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly state: StateFile;
}

/**
 * Carries a plan out: deletions first, dependents before what they depend on, then creations and changes the other
 * way round. The state is saved after every resource, so that after any failure the next plan goes on from there.
 */
export async function applyPlan(options: ApplyOptions): Promise<ApplyResult> {
  const { plan, backend, aws } = options;
  const keeper = await StateKeeper.open(backend, plan.prior_state);
  const context = resourceContext(aws, options.signal);
  const run = new Run(context, keeper, new Progress(aws.clock, options.onEvent), options.signal);
  try {
    for (const phase of phases(plan)) await run.phase(phase);
  } finally {
    context.dynamodb.destroy();
  }
  const state = await keeper.finish((current) => withOutputs(current, plan));
  return { ...counts(plan), state };
}

interface Step {
  readonly change: ResourceChange;
  readonly action: 'create' | 'update' | 'delete';
}

/** Steps that may run side by side, phase after phase. */
function phases(plan: Plan): readonly (readonly Step[])[] {
  const changes = plan.resource_changes.filter(isChange);
  const isBase = (change: ResourceChange): boolean => change.depends_on.length === 0;
  const pick = (which: (change: ResourceChange) => boolean, ...actions: Step['action'][]): readonly Step[] =>
    actions.flatMap((action) =>
      changes.filter((it) => which(it) && it.change.actions.includes(action)).map((change) => ({ change, action })),
    );
  const isDependent = (change: ResourceChange): boolean => !isBase(change);
  return [
    pick(isDependent, 'delete'),
    pick(isBase, 'delete'),
    pick(isBase, 'create', 'update'),
    pick(isDependent, 'create', 'update'),
  ];
}

class Run {
  #done = 0;

  constructor(
    private readonly context: ResourceContext,
    private readonly keeper: StateKeeper,
    private readonly progress: Progress,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async phase(steps: readonly Step[]): Promise<void> {
    await inParallel(steps, PARALLELISM, async (step) => {
      if (this.signal?.aborted === true) throw this.interrupted();
      try {
        await this.progress.track(step, this.idBefore(step), () => this.step(step));
      } catch (error) {
        throw error instanceof InterruptedError ? this.interrupted() : error;
      }
      this.#done += 1;
    });
  }

  /** Does one step and gives the resource's id afterwards. */
  private async step({ change, action }: Step): Promise<string> {
    const handler = handlerFor(change.type, change.address);
    const before = change.change.before ?? {};
    const after = change.change.after ?? {};
    if (action === 'delete') {
      await handler.delete(this.context, before);
      await this.keeper.put(change, null);
      return '';
    }
    const save = (attributes: JsonObject): Promise<void> => this.keeper.put(change, attributes);
    const attributes =
      action === 'create'
        ? await handler.create(this.context, after, save)
        : await handler.update(this.context, before, after);
    await save(attributes);
    return handler.idOf(attributes);
  }

  private idBefore({ change, action }: Step): string {
    return action === 'create' ? '' : handlerFor(change.type, change.address).idOf(change.change.before ?? {});
  }

  private interrupted(): UserError {
    const message = `interrupted after ${this.#done} changes; the state has everything that was done`;
    return new UserError(message, 'Run the command again: it goes on from here.', { exitCode: 130 });
  }
}

/** The final outputs: those of the table as it now is; of a table that is gone, none. */
function withOutputs(state: StateFile, plan: Plan): StateFile {
  const table = locatedInstances(state).find((it) => it.address === TABLE_ADDRESS);
  // What Terraform noted of its data sources goes with the last resource.
  const isEmpty = state.resources.every(({ mode }) => mode === 'data');
  if (table === undefined) return { ...state, outputs: {}, resources: isEmpty ? [] : state.resources };
  if (plan.mode === 'destroy') return state;
  const values = Object.fromEntries(Object.entries(plan.variables).map(([name, { value }]) => [name, value]));
  return { ...state, outputs: stateOutputs(computeOutputs(table.instance.attributes, values as Variables)) };
}

/** How many resources a plan adds, changes and destroys; a replacement adds one and destroys one. */
export function counts(plan: Plan): { added: number; changed: number; destroyed: number } {
  const having = (action: Step['action']): number =>
    plan.resource_changes.filter((it) => it.change.actions.includes(action)).length;
  return { added: having('create'), changed: having('update'), destroyed: having('delete') };
}
