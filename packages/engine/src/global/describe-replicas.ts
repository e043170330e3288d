import type { GlobalIndexRecord, StrongRecord, TableRecord } from '../catalog/table-record.js';

const MODE = { GlobalTableSettingsReplicationMode: 'ENABLED_WITH_OVERRIDES' };

/**
 * What TableDescription says of a global table: the other replicas, never the one itself, and of their settings those
 * that differ. A table of one region has none of these members, but for a mode that was set.
 */
export function describeReplicas(
  record: TableRecord,
  peers: readonly TableRecord[],
  nowMs: number,
): Record<string, unknown> {
  if (record.replication === undefined) {
    const { settingsReplication: mode } = record;
    return mode === undefined ? {} : { GlobalTableSettingsReplicationMode: mode };
  }
  return {
    ...describeStrength(record.replication.strong, nowMs),
    GlobalTableVersion: '2019.11.21',
    Replicas: peers.map((peer) => describeReplica(record, peer)),
    ...MODE,
  };
}

/** Eventual consistency is not mentioned. */
function describeStrength(strong: StrongRecord | undefined, nowMs: number): Record<string, unknown> {
  if (strong === undefined) return {};
  const { witness } = strong;
  if (witness === undefined) return { MultiRegionConsistency: 'STRONG' };
  const WitnessStatus = witness.isLeaving === true ? 'DELETING' : nowMs < witness.activeMs ? 'CREATING' : 'ACTIVE';
  return {
    MultiRegionConsistency: 'STRONG',
    GlobalTableWitnesses: [{ RegionName: witness.region, WitnessStatus }],
  };
}

function describeReplica(record: TableRecord, peer: TableRecord): Record<string, unknown> {
  const { tableClass } = peer;
  return {
    RegionName: peer.region,
    ReplicaStatus: peer.status,
    ...(peer.inaccessible !== undefined && { ReplicaInaccessibleDateTime: peer.inaccessible.sinceMs / 1000 }),
    ...(peer.encryption !== undefined && { KMSMasterKeyId: peer.encryption.keyArn }),
    ...describeOverrides(record, record, peer),
    ...describeWarm(peer),
    ...(peer.globalIndexes.length > 0 && {
      GlobalSecondaryIndexes: peer.globalIndexes.map((index) => ({
        IndexName: index.name,
        ...describeOverrides(record, sameIndex(record, index), index),
        ...describeWarm(index),
      })),
    }),
    ...(tableClass !== undefined && {
      ReplicaTableClassSummary: {
        TableClass: tableClass.name,
        ...(tableClass.updatedMs !== undefined && { LastUpdateDateTime: tableClass.updatedMs / 1000 }),
      },
    }),
    ...MODE,
  };
}

type Holder = Pick<GlobalIndexRecord, 'throughput' | 'onDemand' | 'warm'>;

function sameIndex(record: TableRecord, { name }: GlobalIndexRecord): Holder | undefined {
  return record.globalIndexes.find((index) => index.name === name);
}

function describeOverrides({ billingMode }: TableRecord, ours: Holder | undefined, theirs: Holder): object {
  if (billingMode === 'PROVISIONED') {
    const { readUnits } = theirs.throughput;
    const isSame = ours === undefined || ours.throughput.readUnits === readUnits;
    return isSame ? {} : { ProvisionedThroughputOverride: { ReadCapacityUnits: readUnits } };
  }
  const maximum = theirs.onDemand?.MaxReadRequestUnits;
  if (maximum === undefined || maximum === ours?.onDemand?.MaxReadRequestUnits) return {};
  return { OnDemandThroughputOverride: { MaxReadRequestUnits: maximum } };
}

function describeWarm({ warm }: Holder): object {
  if (warm === undefined) return {};
  const { readUnitsPerSecond: ReadUnitsPerSecond, writeUnitsPerSecond: WriteUnitsPerSecond } = warm;
  return { WarmThroughput: { ReadUnitsPerSecond, WriteUnitsPerSecond, Status: 'ACTIVE' } };
}
