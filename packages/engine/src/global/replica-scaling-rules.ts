import { DynamoError, validationError } from '../errors.js';
import type { ScalingUpdate } from './replica-scaling.js';

// What UpdateTableReplicaAutoScaling refuses, in the words that AWS was recorded with. The names of parameters are those
// of an older operation of global tables; of what a request sets of indexes they are not recorded, but its names.

export interface IndexUpdate {
  readonly IndexName?: string;
  readonly ProvisionedWriteCapacityAutoScalingUpdate?: ScalingUpdate;
  readonly ProvisionedReadCapacityAutoScalingUpdate?: ScalingUpdate;
}

export interface ReplicaUpdate {
  readonly RegionName: string;
  readonly ReplicaProvisionedReadCapacityAutoScalingUpdate?: ScalingUpdate;
  readonly ReplicaGlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
}

export interface ReplicaScalingInput {
  readonly TableName: string;
  readonly ProvisionedWriteCapacityAutoScalingUpdate?: ScalingUpdate;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
  readonly ReplicaUpdates?: readonly ReplicaUpdate[];
}

/** In the order in which AWS lists them. */
const SETTINGS = ['MaximumUnits', 'ScalingPolicyUpdate', 'MinimumUnits'] as const;

/** What can be told from the request alone, which comes before whether there is such a table. */
export function checkScalingInput(input: ReplicaScalingInput, table: string): void {
  const failed = `Failed to update settings for global table with name: ‘${table}’`;
  const replicas = input.ReplicaUpdates ?? [];
  const regions = replicas.map(({ RegionName }) => RegionName);
  const repeated = [...new Set(regions.filter((region, at) => regions.indexOf(region) < at))];
  if (repeated.length > 0) {
    throw validationError(`${failed} because the regions: ‘[${repeated.join(', ')}]’ were specified more than once.`);
  }
  const updates = updatesOf(input);
  if (updates.length === 0 && replicas.length === 0) {
    throw validationError(`${failed} because at least one update parameter must be specified.`);
  }
  const idle = replicas.find((replica) => updatesOf({ ReplicaUpdates: [replica] }).length === 0);
  if (idle !== undefined) {
    throw validationError(
      `${failed} because at least one update parameter must be specified for region: ‘${idle.RegionName}’.`,
    );
  }
  for (const update of updates) checkUpdate(update, table);
}

/** Capacities are set as a whole or not scaled at all. */
function checkUpdate(update: ScalingUpdate, table: string): void {
  const disabled = update.AutoScalingDisabled === true;
  const wrong = SETTINGS.filter((name) => (update[name] !== undefined) === disabled);
  if (wrong.length === 0) return;
  const names = wrong.map((name) => `'${name}'`).join(', ');
  throw validationError(
    disabled
      ? `Failed to update settings for global table with name ‘${table}’: Parameters ${names} must be left blank when disabling auto scaling.`
      : `Failed to update settings for global table with name: ‘${table}’: Parameters ${names} are required unless auto scaling is being disabled.`,
  );
}

/** Tables on demand can only be told to end their scaling. */
export function checkScalable(input: ReplicaScalingInput, table: string, onDemand: readonly string[]): void {
  const replicas = input.ReplicaUpdates ?? [];
  const indexes = input.GlobalSecondaryIndexUpdates ?? [];
  const parts: readonly (readonly [string, Omit<ReplicaScalingInput, 'TableName'>])[] = [
    [
      'GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate',
      { ProvisionedWriteCapacityAutoScalingUpdate: input.ProvisionedWriteCapacityAutoScalingUpdate },
    ],
    ['GlobalTableGlobalSecondaryIndexSettingsUpdate', { GlobalSecondaryIndexUpdates: indexes }],
    [
      'ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate',
      { ReplicaUpdates: replicas.map(({ ReplicaGlobalSecondaryIndexUpdates: _, ...replica }) => replica) },
    ],
    [
      'ReplicaGlobalSecondaryIndexSettingsUpdate',
      { GlobalSecondaryIndexUpdates: replicas.flatMap((replica) => replica.ReplicaGlobalSecondaryIndexUpdates ?? []) },
    ],
  ];
  const set = parts.filter(([, part]) => updatesOf(part).some((update) => update.AutoScalingDisabled !== true));
  if (onDemand.length === 0 || set.length === 0) return;
  const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
  throw validationError(
    `Failed to update global table with name ‘${table}‘. Replicas ${quoted(onDemand.map((region) => region.toUpperCase()))} ` +
      "BillingMode is PayPerRequest. You must convert table's BillingMode to PROVISIONED to set parameters: " +
      `${quoted(set.map(([name]) => name))}.`,
  );
}

function updatesOf(input: Omit<ReplicaScalingInput, 'TableName'>): ScalingUpdate[] {
  const ofIndexes = (updates: readonly IndexUpdate[] = []): (ScalingUpdate | undefined)[] =>
    updates.flatMap((update) => [
      update.ProvisionedWriteCapacityAutoScalingUpdate,
      update.ProvisionedReadCapacityAutoScalingUpdate,
    ]);
  return [
    input.ProvisionedWriteCapacityAutoScalingUpdate,
    ...ofIndexes(input.GlobalSecondaryIndexUpdates),
    ...(input.ReplicaUpdates ?? []).flatMap((replica) => [
      replica.ReplicaProvisionedReadCapacityAutoScalingUpdate,
      ...ofIndexes(replica.ReplicaGlobalSecondaryIndexUpdates),
    ]),
  ].filter((update) => update !== undefined);
}

export function noGlobalTable(table: string): DynamoError {
  return notFound(`Global table with name: '${table}' does not exist.`);
}

export function noReplica(table: string, region: string): DynamoError {
  return missing(table, `a replica does not exist in regions: ‘[${region}]’.`);
}

/** `region` is that of the replica whose reads are set; writes are set of all replicas at once. */
export function noIndex(table: string, index: string | undefined, region?: string): DynamoError {
  return missing(
    table,
    region === undefined
      ? `the global secondary indexes with names: ‘[${index}]’ do not exist.`
      : `a global secondary index with name: ‘${index}’ does not exist in region: ‘${region}’.`,
  );
}

function missing(table: string, reason: string): DynamoError {
  return notFound(`Failed to update settings for global table with name: ‘${table}’ because ${reason}`);
}

function notFound(message: string): DynamoError {
  return new DynamoError('ResourceNotFoundException', message);
}
