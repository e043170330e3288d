import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { assertAccessible, assertChangeable, existingTable } from '../control/table-errors.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { peersOf } from './group.js';
import type { ReplicaCapacity, ReplicaScaling, ScalingUpdate } from './replica-scaling.js';

interface IndexUpdate {
  readonly IndexName?: string;
  readonly ProvisionedWriteCapacityAutoScalingUpdate?: ScalingUpdate;
  readonly ProvisionedReadCapacityAutoScalingUpdate?: ScalingUpdate;
}

interface UpdateInput {
  readonly TableName: string;
  readonly ProvisionedWriteCapacityAutoScalingUpdate?: ScalingUpdate;
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
  readonly ReplicaUpdates?: readonly {
    readonly RegionName: string;
    readonly ReplicaProvisionedReadCapacityAutoScalingUpdate?: ScalingUpdate;
    readonly ReplicaGlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
  }[];
}

type Step = readonly [ReplicaCapacity, ScalingUpdate];

/**
 * The scaling of all replicas at once: that of writes is the same in every region, that of reads is each region's own.
 * A table of one region is its only replica.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTableReplicaAutoScaling.html
 * Differs: which tables AWS refuses, and in which words, is not documented; changes are made one after the other, so
 * that those before one that is refused stay.
 */
export function replicaScalingOperations(context: ControlContext) {
  const replicasOf = (record: TableRecord): TableRecord[] => [
    record,
    ...peersOf((place, name) => context.tables.find(place, name), record),
  ];
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
      return described(scaling, existingTable(context.tables, caller, input.TableName as string));
    },
    UpdateTableReplicaAutoScaling: async (caller, given) => {
      const scaling = emulated(context.replicaScaling, 'UpdateTableReplicaAutoScaling');
      // Checked against the API's model before.
      const input = given as UpdateInput & typeof given;
      const record = existingTable(context.tables, caller, input.TableName);
      for (const replica of replicasOf(record)) assertChangeable(replica);
      assertAccessible(record);
      if (record.billingMode === 'PAY_PER_REQUEST') {
        throw invalidParameter('Auto scaling is not available for tables with BillingMode PAY_PER_REQUEST');
      }
      for (const [capacity, update] of stepsOf(input, replicasOf(record))) await scaling.update(capacity, update);
      return described(scaling, existingTable(context.tables, caller, record.name));
    },
  } satisfies Readonly<Record<string, Handler>>;
}

function emulated(scaling: ReplicaScaling | undefined, operation: string): ReplicaScaling {
  if (scaling !== undefined) return scaling;
  throw new DynamoError('UnknownOperationException', `The operation ${operation} is not emulated.`);
}

/** What is to be set, in the order of the replicas; throws for a replica or an index that is not there. */
function stepsOf(input: UpdateInput, replicas: readonly TableRecord[]): Step[] {
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
    if (replica === undefined) {
      throw validationError(
        `Failed to update the replica in region ${update.RegionName}: the table has no replica there`,
      );
    }
    add(capacityOf(replica, 'Read'), update.ReplicaProvisionedReadCapacityAutoScalingUpdate);
    for (const { IndexName, ProvisionedReadCapacityAutoScalingUpdate } of update.ReplicaGlobalSecondaryIndexUpdates ??
      []) {
      add(capacityOf(replica, 'Read', existingIndex(replica, IndexName)), ProvisionedReadCapacityAutoScalingUpdate);
    }
  }
  if (steps.length === 0) throw invalidParameter('The request names no auto scaling settings to update');
  return steps;
}

function existingIndex({ globalIndexes }: TableRecord, name: string | undefined): string {
  if (name !== undefined && globalIndexes.some((index) => index.name === name)) return name;
  throw validationError(`The table does not have the specified index: ${name}`);
}

function capacityOf(
  { accountId, region, name }: TableRecord,
  direction: ReplicaCapacity['direction'],
  indexName?: string,
): ReplicaCapacity {
  return { accountId, region, tableName: name, direction, ...(indexName !== undefined && { indexName }) };
}

async function describeReplica(scaling: ReplicaScaling, replica: TableRecord): Promise<object> {
  const settings = async (direction: ReplicaCapacity['direction'], indexName?: string): Promise<object> =>
    (await scaling.describe(capacityOf(replica, direction, indexName))) ?? { AutoScalingDisabled: true };
  return {
    RegionName: replica.region,
    GlobalSecondaryIndexes: await Promise.all(
      replica.globalIndexes.map(async ({ name, status }) => ({
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
