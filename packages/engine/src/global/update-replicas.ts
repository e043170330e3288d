import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { describeTable } from '../control/describe-table.js';
import { validationError } from '../errors.js';
import { createReplica } from './create-replica.js';
import { assertGroupIdle, assertNotProtected, assertNotSource, peersOf, removeReplica } from './group.js';
import { checkReplicaRegion } from './regions.js';
import type { ReplicaUpdate, ReplicaUpdatesInput } from './replica-rules.js';
import { updateReplicaSettings } from './replica-settings.js';

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
  // Two actions of one kind for one region are one.
  const [first] = updates;
  if (first?.Create !== undefined) return createReplica(context, changes, record, first.Create);
  checkMembers(changes, record, updates);
  assertGroupIdle(changes, record);
  if (first?.Delete !== undefined) return deleteReplica(context, changes, record, first.Delete.RegionName);
  const settings = updates.map(({ Update }) => Update).filter((one) => one !== undefined);
  return updateReplicaSettings(context, changes, record, settings, input.SSESpecification);
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

function deleteReplica(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  region: string,
): TableRecord {
  const replica = changes.read({ accountId: record.accountId, region }, record.name);
  if (replica === undefined) return record;
  assertNotProtected(replica);
  assertNotSource(context, changes, replica);
  const after: TableRecord = { ...record, status: 'UPDATING' };
  context.lifecycle.begin(changes, after);
  removeReplica(context, changes, replica);
  return after;
}
