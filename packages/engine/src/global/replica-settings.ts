import type { CatalogWriter } from '../catalog/catalog.js';
import type { GlobalIndexRecord, ReplicaOverrides, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import type { SseSpecification } from '../control/encryption.js';
import { checkOnDemandThroughput, effectiveOnDemand, raisedWarm } from '../control/throughput-rules.js';
import { withEncryption, withTableClass } from '../control/updated-table.js';
import { validationError } from '../errors.js';
import { keyForEachReplica, replicaEncryption } from './create-replica.js';
import { peersOf } from './group.js';
import type { ReadOverride, ReplicaSettings } from './replica-rules.js';

/** Update actions: settings in which replicas differ from the table; with a change of the table's key, also theirs. */
export function updateReplicaSettings(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  settings: readonly ReplicaSettings[],
  encryption: SseSpecification | undefined,
): TableRecord {
  if (encryption === undefined && settings.some(({ KMSMasterKeyId }) => KMSMasterKeyId !== undefined)) {
    throw keyForEachReplica();
  }
  const table = encryption === undefined ? record : withEncryption(context, record, encryption);
  for (const peer of peersOf(changes.read, record)) {
    const asked = settings.find(({ RegionName }) => RegionName === peer.region);
    if (asked === undefined && encryption === undefined) continue;
    const { encryption: current, ...rest } = peer;
    const keyed =
      encryption === undefined ? peer : { ...rest, ...replicaEncryption(context, table, peer, asked?.KMSMasterKeyId) };
    const next = asked === undefined ? keyed : withSettings(context, table, keyed, asked);
    context.lifecycle.begin(changes, { ...next, status: 'UPDATING' });
  }
  const after: TableRecord = { ...table, status: 'UPDATING' };
  context.lifecycle.begin(changes, after);
  return after;
}

function withSettings(
  context: ControlContext,
  table: TableRecord,
  peer: TableRecord,
  asked: ReplicaSettings,
): TableRecord {
  const { TableClassOverride: tableClass, GlobalSecondaryIndexes: indexes = [] } = asked;
  let next: TableRecord = withRead(table, table, peer, asked);
  for (const override of indexes) {
    const globalIndexes = next.globalIndexes.map((index) =>
      index.name === override.IndexName ? withRead(table, sameIndex(table, index), index, override) : index,
    );
    next = { ...next, globalIndexes };
  }
  if (tableClass !== undefined) next = withTableClass(next, tableClass, context.clock.nowMs());
  if (peer.replication === undefined) return next;
  return { ...next, replication: { ...peer.replication, overrides: overrides(table, next) } };
}

type Holder = Pick<GlobalIndexRecord, 'throughput' | 'onDemand' | 'warm'>;

/** Sending what the table has takes an override away. */
function withRead<T extends Holder>(table: TableRecord, ours: Holder | undefined, holder: T, asked: ReadOverride): T {
  const { billingMode } = table;
  const units = asked.ProvisionedThroughputOverride?.ReadCapacityUnits;
  const maximum = asked.OnDemandThroughputOverride;
  if (units !== undefined && billingMode === 'PAY_PER_REQUEST') {
    throw validationError(
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    );
  }
  checkOnDemandThroughput(maximum, { billingMode, allowRemoval: true });
  let next = holder;
  if (units !== undefined) {
    const least = { readUnitsPerSecond: units, writeUnitsPerSecond: 0 };
    next = { ...next, throughput: { ...next.throughput, readUnits: units }, warm: raisedWarm(next.warm, least) };
  }
  if (maximum !== undefined) {
    const { onDemand, ...rest } = next;
    const limits = effectiveOnDemand(onDemand, { ...ours?.onDemand, ...maximum });
    next = { ...rest, ...(limits !== undefined && { onDemand: limits }) } as T;
  }
  return next;
}

function overrides(table: TableRecord, replica: TableRecord): ReplicaOverrides {
  const differs = (ours: Holder | undefined, theirs: Holder): boolean =>
    ours?.throughput.readUnits !== theirs.throughput.readUnits ||
    ours.onDemand?.MaxReadRequestUnits !== theirs.onDemand?.MaxReadRequestUnits;
  const indexes = replica.globalIndexes.filter((index) => differs(sameIndex(table, index), index));
  return { ...(differs(table, replica) && { table: true as const }), indexes: indexes.map(({ name }) => name) };
}

function sameIndex(record: TableRecord, { name }: GlobalIndexRecord): GlobalIndexRecord | undefined {
  return record.globalIndexes.find((index) => index.name === name);
}
