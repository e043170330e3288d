import { isJoining, type TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { assertGroupIdle, assertNoneJoining, peersOf } from '../global/group.js';
import { updatePeers, updateReplicas } from '../global/index.js';
import { describeBillingMode, withBillingMode } from './billing-mode.js';
import { checkBusy } from './busy-table.js';
import type { ControlContext } from './control-context.js';
import { describeChangingEncryption, describeTable, describeWarm } from './describe-table.js';
import type { SseSpecification } from './encryption.js';
import { assertStreamStays } from './stream.js';
import { assertAccessible, assertChangeable, existingTable, knownTable } from './table-errors.js';
import type { ThroughputHolder } from './throughput-rules.js';
import { checkUnitsGiven, checkUpdateTable, type UpdateTableInput } from './update-table-rules.js';
import { storeUpdated, underWay, updated } from './updated-table.js';

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html. What a table with replicas is set
 * to, its replicas are, too.
 */
export function updateTable(context: ControlContext): Handler {
  return async (caller, given) => {
    const named = withBillingMode(given);
    checkUpdateTable(named);
    const input = named as UpdateTableInput & Record<string, unknown>;
    return context.tables.change((changes) => {
      const found = existingTable(context.tables, caller, input.TableName);
      if (input.ReplicaUpdates !== undefined && isJoining(found)) assertNoneJoining(changes, found);
      const before = knownTable(context.tables, caller, input.TableName);
      assertChangeable(before);
      checkUnitsGiven(input);
      if (needsKey(before, input)) assertAccessible(before);
      if (input.ReplicaUpdates !== undefined) return updateReplicas(context, changes, before, input);
      assertStreamStays(before, input.StreamSpecification);
      assertGroupIdle(changes, before);
      checkBusy(before, input);
      const peers = peersOf(changes.read, before);
      const record = underWay(context, before, updated(context, before, input, changes), input);
      const answer = { TableDescription: describeUpdate(context, before, record, peers, input) };
      storeUpdated(context, changes, record, input);
      updatePeers(context, changes, before, input);
      return answer;
    });
  };
}

/**
 * Settings of a table without its key can be changed, but not what is encrypted with it, or how (recorded on AWS by a
 * public project). An archived table takes no change.
 */
function needsKey(before: TableRecord, input: UpdateTableInput & Record<string, unknown>): boolean {
  const encryption = input.SSESpecification as SseSpecification | undefined;
  return (
    before.status === 'ARCHIVED' ||
    input.ReplicaUpdates !== undefined ||
    [...(input.GlobalSecondaryIndexUpdates ?? []), ...(input.VectorIndexUpdates ?? [])].some(
      ({ Create }) => Create !== undefined,
    ) ||
    (encryption !== undefined && encryption.KMSMasterKeyId !== before.encryption?.keyArn)
  );
}

/** The answer shows what is under way: new settings, but throughput, warm throughput and class as they were. */
function describeUpdate(
  context: ControlContext,
  before: TableRecord,
  record: TableRecord,
  peers: readonly TableRecord[],
  input: UpdateTableInput,
): Record<string, unknown> {
  const nowMs = context.clock.nowMs();
  const shown = before.billingMode === record.billingMode ? withFormerUnits(record, before) : record;
  const description = describeTable(shown, (number) => context.statistics.of(number), nowMs, peers);
  // Since when it is on demand is told once it is.
  Object.assign(description, describeBillingMode({ ...record, lastOnDemandMs: before.lastOnDemandMs }));
  if (input.WarmThroughput !== undefined) description.WarmThroughput = describeWarm(before, nowMs, 'UPDATING');
  // A maximum taken away is told as it was given, once (observed on AWS).
  const away = Object.entries(input.OnDemandThroughput ?? {}).filter(([, units]) => units === -1);
  if (away.length > 0) {
    description.OnDemandThroughput = { ...(description.OnDemandThroughput ?? {}), ...Object.fromEntries(away) };
  }
  if (input.SSESpecification !== undefined) {
    description.SSEDescription = describeChangingEncryption(before.encryption);
  }
  for (const { Update: update } of input.GlobalSecondaryIndexUpdates ?? []) {
    const former = before.globalIndexes.find(({ name }) => name === update?.IndexName);
    if (update?.WarmThroughput === undefined || former === undefined) continue;
    const indexes = description.GlobalSecondaryIndexes as Record<string, unknown>[] | undefined;
    const index = indexes?.find(({ IndexName }) => IndexName === former.name);
    if (index !== undefined) index.WarmThroughput = describeWarm(former, nowMs, 'UPDATING');
  }
  return description;
}

/** The table and its indexes with the units that they had; an index that is new shows its own. */
function withFormerUnits(record: TableRecord, before: TableRecord): TableRecord {
  const globalIndexes = record.globalIndexes.map((index) => {
    const former = before.globalIndexes.find(({ storageNumber }) => storageNumber === index.storageNumber);
    return former === undefined ? index : { ...index, ...unitsOf(former) };
  });
  return { ...record, ...unitsOf(before), globalIndexes };
}

function unitsOf({ throughput, warm }: ThroughputHolder): Pick<ThroughputHolder, 'throughput' | 'warm'> {
  return { throughput, ...(warm !== undefined && { warm }) };
}
