import { tableReference } from '../catalog/arn.js';
import type { Caller } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { assertAccessible, assertChangeable } from '../control/table-errors.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { peersOf } from './group.js';
import type { ReplicaCapacity, ReplicaScaling, ScalingUpdate } from './replica-scaling.js';
import {
  checkScalable,
  checkScalingInput,
  noGlobalTable,
  noIndex,
  noReplica,
  type ReplicaScalingInput,
} from './replica-scaling-rules.js';

type Step = readonly [ReplicaCapacity, ScalingUpdate];

/**
 * The scaling of all replicas at once: that of writes is the same in every region, that of reads is each region's own.
 * Tables without replicas have none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
 * Differs: changes are made one after the other, so that those before one that is refused stay.
 */
export function replicaScalingOperations(context: ControlContext) {
  const peers = (record: TableRecord): TableRecord[] =>
    peersOf((place, name) => context.tables.find(place, name), record);
  const replicasOf = (record: TableRecord): TableRecord[] =>
    [record, ...peers(record)].sort((a, b) => (a.region < b.region ? -1 : 1));
  const globalTable = (caller: Caller, nameOrArn: string): TableRecord => {
    const { name } = tableReference(caller, nameOrArn);
    const record = context.tables.find(caller, nameOrArn);
    if (record === undefined || peers(record).length === 0) throw noGlobalTable(name);
    return record;
  };
  const described = async (scaling: ReplicaScaling, record: TableRecord): Promise<object> => ({
    TableAutoScalingDescription: {
      TableName: record.name,
      TableStatus: record.status,
      Replicas: await Promise.all(replicasOf(record).map((replica) => describeReplica(scaling, replica))),
    },
  });

  return {
    DescribeTableReplicaAutoScaling: (caller, input) => {
      const scaling = emulated(context.replicaScaling, 'DescribeTableReplicaAutoScaling');
      return described(scaling, globalTable(caller, input.TableName as string));
    },
    UpdateTableReplicaAutoScaling: async (caller, given) => {
      const scaling = emulated(context.replicaScaling, 'UpdateTableReplicaAutoScaling');
      // Checked against the API's model before.
      const input = given as ReplicaScalingInput & typeof given;
      checkScalingInput(input, tableReference(caller, input.TableName).name);
      const record = globalTable(caller, input.TableName);
      const replicas = replicasOf(record);
      const steps = stepsOf(input, record.name, replicas);
      for (const replica of replicas) assertChangeable(replica);
      assertAccessible(record);
      const onDemand = replicas.filter(({ billingMode }) => billingMode === 'PAY_PER_REQUEST');
      checkScalable(
        input,
        record.name,
        onDemand.map(({ region }) => region),
      );
      for (const [capacity, update] of steps) await scaling.update(capacity, update);
      return described(scaling, globalTable(caller, input.TableName));
    },
  } satisfies Readonly<Record<string, Handler>>;
}

function emulated(scaling: ReplicaScaling | undefined, operation: string): ReplicaScaling {
  if (scaling !== undefined) return scaling;
  throw new DynamoError('UnknownOperationException', `The operation ${operation} is not emulated.`);
}

/** What is to be set, in the order of the replicas; throws for a replica or an index that is not there. */
function stepsOf(input: ReplicaScalingInput, table: string, replicas: readonly TableRecord[]): Step[] {
  const steps: Step[] = [];
  const add = (capacity: ReplicaCapacity, update: ScalingUpdate | undefined): void => {
    if (update !== undefined) steps.push([capacity, update]);
  };
  for (const replica of replicas) {
    add(capacityOf(replica, 'Write'), input.ProvisionedWriteCapacityAutoScalingUpdate);
    for (const { IndexName, ProvisionedWriteCapacityAutoScalingUpdate } of input.GlobalSecondaryIndexUpdates ?? []) {
      add(capacityOf(replica, 'Write', existingIndex(replica, IndexName)), ProvisionedWriteCapacityAutoScalingUpdate);
    }
  }
  for (const update of input.ReplicaUpdates ?? []) {
    const replica = replicas.find(({ region }) => region === update.RegionName);
    if (replica === undefined) throw noReplica(table, update.RegionName);
    add(capacityOf(replica, 'Read'), update.ReplicaProvisionedReadCapacityAutoScalingUpdate);
    for (const { IndexName, ProvisionedReadCapacityAutoScalingUpdate } of update.ReplicaGlobalSecondaryIndexUpdates ??
      []) {
      const index = existingIndex(replica, IndexName, replica.region);
      add(capacityOf(replica, 'Read', index), ProvisionedReadCapacityAutoScalingUpdate);
    }
  }
  return steps;
}

/** An index that is being created is not there yet. */
function existingIndex(replica: TableRecord, name: string | undefined, region?: string): string {
  if (name !== undefined && readyIndexes(replica).some((index) => index.name === name)) return name;
  throw noIndex(replica.name, name, region);
}

function readyIndexes({ globalIndexes }: TableRecord): TableRecord['globalIndexes'] {
  return globalIndexes.filter(({ status }) => status !== 'CREATING');
}

function capacityOf(
  { accountId, region, name }: TableRecord,
  direction: ReplicaCapacity['direction'],
  indexName?: string,
): ReplicaCapacity {
  return { accountId, region, tableName: name, direction, ...(indexName !== undefined && { indexName }) };
}

async function describeReplica(scaling: ReplicaScaling, replica: TableRecord): Promise<object> {
  // What has a range, but no policy, is not scaled.
  const settings = async (direction: ReplicaCapacity['direction'], indexName?: string): Promise<object> => {
    const found = await scaling.describe(capacityOf(replica, direction, indexName));
    return found === undefined || found.ScalingPolicies.length === 0
      ? { AutoScalingDisabled: true, ScalingPolicies: [] }
      : found;
  };
  return {
    RegionName: replica.region,
    GlobalSecondaryIndexes: await Promise.all(
      readyIndexes(replica).map(async ({ name, status }) => ({
        IndexName: name,
        IndexStatus: status,
        ProvisionedReadCapacityAutoScalingSettings: await settings('Read', name),
        ProvisionedWriteCapacityAutoScalingSettings: await settings('Write', name),
      })),
    ),
    ReplicaProvisionedReadCapacityAutoScalingSettings: await settings('Read'),
    ReplicaProvisionedWriteCapacityAutoScalingSettings: await settings('Write'),
    ReplicaStatus: replica.status,
  };
}
