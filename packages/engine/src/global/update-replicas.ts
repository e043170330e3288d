import type { CatalogWriter } from '../catalog/catalog.js';
import type { StrongRecord, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { describeTable } from '../control/describe-table.js';
import { validationError } from '../errors.js';
import { createReplicas } from './create-replica.js';
import { assertGroupIdle, assertNotProtected, assertNotSource, peersOf, removeReplica } from './group.js';
import { checkReplicaRegion } from './regions.js';
import type { ReplicaUpdate, ReplicaUpdatesInput } from './replica-rules.js';
import { updateReplicaSettings } from './replica-settings.js';
import { checkDeletions, checkNewGroup } from './strong-rules.js';

/**
 * UpdateTable with ReplicaUpdates, at the endpoint of any replica. The answer shows the table under way, and the
 * replicas as they were.
 */
export function updateReplicas(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  input: ReplicaUpdatesInput,
): Record<string, unknown> {
  const before = peersOf(changes.read, record);
  const updates = input.ReplicaUpdates ?? [];
  for (const update of updates) checkRegion(record, update);
  const after = run(context, changes, record, input, updates);
  const countsOf = (number: number) => context.statistics.of(number);
  return { TableDescription: describeTable(after, countsOf, context.clock.nowMs(), before) };
}

function run(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  input: ReplicaUpdatesInput,
  updates: readonly ReplicaUpdate[],
): TableRecord {
  const created = updates.flatMap(({ Create }) => (Create === undefined ? [] : [Create]));
  if (created.length > 0) {
    checkNewGroup(context, record, input);
    return createReplicas(context, changes, record, byRegion(created), strongOf(context, input));
  }
  checkMembers(changes, record, updates);
  assertGroupIdle(changes, record);
  const deleted = updates.flatMap(({ Delete }) => (Delete === undefined ? [] : [Delete]));
  if (deleted.length > 0) {
    checkDeletions(changes, record, input);
    return deleteReplicas(context, changes, record, byRegion(deleted));
  }
  const settings = updates.map(({ Update }) => Update).filter((one) => one !== undefined);
  return updateReplicaSettings(context, changes, record, settings, input.SSESpecification);
}

/** Two actions of one kind for one region are one. */
function byRegion<T extends { readonly RegionName: string }>(actions: readonly T[]): T[] {
  return actions.filter((one, at) => actions.findIndex(({ RegionName }) => RegionName === one.RegionName) === at);
}

function strongOf(context: ControlContext, input: ReplicaUpdatesInput): StrongRecord | undefined {
  if (input.MultiRegionConsistency !== 'STRONG') return undefined;
  const region = input.GlobalTableWitnessUpdates?.[0]?.Create?.RegionName;
  if (region === undefined) return {};
  return { witness: { region, activeMs: context.clock.nowMs() + context.transitionDelayMs } };
}

function checkRegion(record: TableRecord, { Create, Update, Delete }: ReplicaUpdate): void {
  const region = (Create ?? Update ?? Delete)?.RegionName ?? '';
  if (region === record.region) {
    throw validationError(
      'Cannot add or delete the local region through ReplicaUpdates. ' +
        'Use CreateTable, DeleteTable, or UpdateTable as required.',
    );
  }
  checkReplicaRegion(region, record.region);
}

function checkMembers(changes: CatalogWriter, record: TableRecord, updates: readonly ReplicaUpdate[]): void {
  const members = new Set(peersOf(changes.read, record).map(({ region }) => region));
  const regions = updates.map(({ Update, Delete }) => (Update ?? Delete)?.RegionName ?? '');
  const strangers = regions.filter((region) => !members.has(region));
  if (strangers.length === 0) return;
  throw validationError(
    'Update global table operation failed because one or more replicas were not part of the global table. ' +
      `Please retry the request without these replicas: [${strangers.join(', ')}].`,
  );
}

function deleteReplicas(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  deleted: readonly { readonly RegionName: string }[],
): TableRecord {
  const { accountId, name } = record;
  const replicas = deleted
    .map(({ RegionName: region }) => changes.read({ accountId, region }, name))
    .filter((replica) => replica !== undefined);
  for (const replica of replicas) {
    assertNotProtected(replica);
    assertNotSource(context, changes, replica);
  }
  const after: TableRecord = { ...withoutWitness(record), status: 'UPDATING' };
  context.lifecycle.begin(changes, after);
  // One that goes changes the others.
  for (const { region } of replicas) removeReplica(context, changes, changes.read({ accountId, region }, name));
  return after;
}

function withoutWitness(record: TableRecord): TableRecord {
  const { replication } = record;
  if (replication?.strong?.witness === undefined) return record;
  const witness = { ...replication.strong.witness, isLeaving: true as const };
  return { ...record, replication: { ...replication, strong: { witness } } };
}
