import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import type { OnStackEvent } from '../apply/stack-event.js';
import { type AwsConnection, clientConfig } from '../aws/aws-connection.js';
import type { Configuration } from '../config/configuration.js';
import type { DesiredResource } from '../desired/desired-resource.js';
import { desiredResources, TABLE_ADDRESS } from '../desired/desired-resources.js';
import { refuseUnsupported } from '../desired/refuse-unsupported.js';
import { equalJson, type JsonObject, type JsonValue } from '../json-value.js';
import { computeOutputs } from '../outputs/outputs.js';
import type { ResourceContext } from '../resources/resource-handler.js';
import { emptyState, type LocatedInstance, locatedInstances, matchesAddress } from '../state/edit-state.js';
import type { StateFile } from '../state/state-file.js';
import type { OutputChange, Plan, ResourceChange } from './plan.js';
import { type RefreshedState, refreshState } from './refresh-state.js';
import { changeFor, deletion } from './resource-change.js';

export interface PlanOptions {
  readonly aws: AwsConnection;
  readonly configuration: Configuration;
  /** null where there is none yet. */
  readonly state: StateFile | null;
  /** Limits the plan to these addresses and what they depend on. */
  readonly targets?: readonly string[];
  /** false takes the state as it is, without asking AWS. */
  readonly refresh?: boolean;
  readonly onEvent?: OnStackEvent;
  readonly signal?: AbortSignal;
}

/** What has to be done so that AWS has what the configuration asks for. Changes nothing. */
export async function createPlan(options: PlanOptions): Promise<Plan> {
  const { values } = options.configuration;
  const targets = options.targets ?? [];
  refuseUnsupported(values, targets);
  const desired = desiredResources(values);
  const { state, drift } = await priorState(options);
  const located = locatedInstances(state);
  checkTargets(targets, [...desired, ...located]);
  const chosen = withDependencies(targets, desired);
  const changes = orderChanges(resourceChanges(desired, located, chosen));
  const outputs = outputChanges(state, changes, (table) => computeOutputs(table, values));
  const variables = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  return {
    format_version: '1.2',
    mode: 'apply',
    variables,
    resource_drift: drift,
    resource_changes: changes,
    output_changes: outputs,
    applyable: changes.some(isChange) || Object.values(outputs).some((it) => it.actions[0] !== 'no-op'),
    prior_state: state,
    targets,
  };
}

/** The plan that takes down what the state has. It needs no configuration. */
export async function createDestroyPlan(options: Omit<PlanOptions, 'configuration'>): Promise<Plan> {
  const targets = options.targets ?? [];
  const { state, drift } = await priorState(options);
  const located = locatedInstances(state);
  checkTargets(targets, located);
  const chosen = (it: LocatedInstance): boolean =>
    isTargeted(it.address, targets) || (it.instance.dependencies ?? []).some((base) => isTargeted(base, targets));
  const changes = orderChanges(located.filter(chosen).map((it) => deletion(it)));
  const isAll = changes.length === located.length;
  const outputs = Object.entries(isAll ? state.outputs : {}).map(([name, output]): [string, OutputChange] => [
    name,
    { actions: ['delete'], before: output.value, after: null, after_unknown: false },
  ]);
  return {
    format_version: '1.2',
    mode: 'destroy',
    variables: {},
    resource_drift: drift,
    resource_changes: changes,
    output_changes: Object.fromEntries(outputs),
    applyable: changes.length > 0 || outputs.length > 0,
    prior_state: state,
    targets,
  };
}

export function resourceContext(aws: AwsConnection, signal: AbortSignal | undefined): ResourceContext {
  return { aws, dynamodb: new DynamoDBClient(clientConfig(aws)), ...(signal === undefined ? {} : { signal }) };
}

export function isChange(change: ResourceChange): boolean {
  return change.change.actions[0] !== 'no-op';
}

type StateOptions = Pick<PlanOptions, 'aws' | 'state' | 'refresh' | 'onEvent' | 'signal'>;

async function priorState(options: StateOptions): Promise<RefreshedState> {
  const state = options.state ?? emptyState(options.aws.random);
  if (options.refresh === false) return { state, drift: [] };
  const context = resourceContext(options.aws, options.signal);
  try {
    return await refreshState(context, state, options.onEvent);
  } finally {
    context.dynamodb.destroy();
  }
}

function resourceChanges(
  desired: readonly DesiredResource[],
  located: readonly LocatedInstance[],
  isChosen: (address: string) => boolean,
): readonly ResourceChange[] {
  const changes: ResourceChange[] = [];
  const replaced = new Set<string>();
  for (const resource of desired.filter((it) => isChosen(it.address))) {
    const current = located.find((it) => it.address === resource.address);
    // What lies in a table goes with it: its items are made again in the new one.
    const isBaseReplaced = resource.dependsOn.some((base) => replaced.has(base));
    const change = changeFor(resource, current, isBaseReplaced);
    if (change.change.actions[0] === 'delete') replaced.add(change.address);
    changes.push(change);
  }
  const wanted = new Set(desired.map((it) => it.address));
  const orphans = located.filter((it) => !wanted.has(it.address) && isChosen(it.address));
  return [...changes, ...orphans.map((it) => deletion(it, orphanReason(it)))];
}

function orphanReason(located: LocatedInstance): string {
  return typeof located.instance.index_key === 'string'
    ? 'delete_because_each_key'
    : 'delete_because_no_resource_config';
}

/** Tables before what depends on them; an apply deletes in the opposite order. */
function orderChanges(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const depth = (change: ResourceChange): number => (change.depends_on.length === 0 ? 0 : 1);
  return [...changes].sort((a, b) => depth(a) - depth(b) || (a.address < b.address ? -1 : 1));
}

function isTargeted(address: string, targets: readonly string[]): boolean {
  return targets.length === 0 || targets.some((target) => matchesAddress(address, target));
}

/** The targets and what they depend on. */
function withDependencies(
  targets: readonly string[],
  desired: readonly DesiredResource[],
): (address: string) => boolean {
  const bases = desired.filter((it) => isTargeted(it.address, targets)).flatMap((it) => it.dependsOn);
  return (address) => isTargeted(address, targets) || bases.includes(address);
}

/** A target that nothing answers to is a mistake; taken silently, it would report success for nothing done. */
function checkTargets(targets: readonly string[], known: readonly { readonly address: string }[]): void {
  const unknown = targets.find((target) => !known.some((it) => matchesAddress(it.address, target)));
  if (unknown === undefined) return;
  const addresses = known.map((it) => it.address);
  const remedy =
    addresses.length === 0 ? 'There are no resources.' : `There are: ${[...new Set(addresses)].join(', ')}.`;
  throw new UserError(`-target=${unknown} is neither in the configuration nor in the state`, remedy);
}

function outputChanges(
  state: StateFile,
  changes: readonly ResourceChange[],
  compute: (table: JsonObject) => ReturnType<typeof computeOutputs>,
): { readonly [name: string]: OutputChange } {
  const table = changes.find((it) => it.address === TABLE_ADDRESS);
  if (table?.change.after === undefined || table.change.after === null) return {};
  const computed = compute(table.change.after);
  const names = [...new Set([...Object.keys(state.outputs), ...Object.keys(computed)])].sort();
  return Object.fromEntries(
    names.flatMap((name) => {
      const before = state.outputs[name]?.value ?? null;
      const after = computed[name]?.value ?? null;
      const isUnknown = computed[name]?.isUnknown ?? false;
      if (before === null && after === null && !isUnknown) return [];
      return [[name, { actions: [outputAction(before, after, isUnknown)], before, after, after_unknown: isUnknown }]];
    }),
  );
}

function outputAction(before: JsonValue, after: JsonValue, isUnknown: boolean): OutputChange['actions'][number] {
  if (!isUnknown && equalJson(before, after)) return 'no-op';
  if (before === null) return 'create';
  return after === null && !isUnknown ? 'delete' : 'update';
}
