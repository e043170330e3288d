import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableRecord } from '../catalog/table-record.js';
import { DynamoError } from '../errors.js';
import { withVectorIndexUpdates } from '../vectors/vector-index-updates.js';
import { checkProtectionPause } from './change-pauses.js';
import { encryptionChanges } from './change-quotas.js';
import type { ControlContext } from './control-context.js';
import { assertEncryptionChanges, requestedKeyArn, type SseSpecification } from './encryption.js';
import { storageNumbers } from './lifecycle.js';
import { newStreamIdentity, updatedStream } from './stream.js';
import { checkTableClass } from './table-errors.js';
import { checkOnDemandThroughput, checkRequestedQuota, effectiveOnDemand, updatedWarm } from './throughput-rules.js';
import { assertEncryptionSettled, before, warmBefore } from './under-way.js';
import { withIndexUpdates } from './update-indexes.js';
import type { UpdateTableInput } from './update-table-rules.js';
import { withBilling } from './update-throughput.js';

const DAY_MS = 24 * 3600 * 1000;
const CLASS_CHANGES = { count: 2, periodMs: 30 * DAY_MS };

/** The table as it is while its update is under way. */
export function underWay(
  context: ControlContext,
  before: TableRecord,
  after: TableRecord,
  input: UpdateTableInput,
): TableRecord {
  const known = new Set(storageNumbers(before).map(([number]) => number));
  for (const [number, prefix] of storageNumbers(after)) {
    if (!known.has(number)) context.statistics.create(number, prefix);
  }
  if (!changesStatus(input)) return after;
  const { updating: _, ...rest } = after;
  const updating = updatingOf(input);
  return { ...rest, status: 'UPDATING', ...(updating !== undefined && { updating }) };
}

function updatingOf(input: UpdateTableInput): TableRecord['updating'] {
  if (input.ProvisionedThroughput !== undefined || input.BillingMode !== undefined) return 'units';
  if (input.StreamSpecification !== undefined) return 'stream';
  return input.TableClass === undefined ? undefined : 'class';
}

/** Stores the table under way, and begins what takes time. */
export function storeUpdated(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  input: UpdateTableInput,
): void {
  if (changesStatus(input) || input.GlobalSecondaryIndexUpdates !== undefined) context.lifecycle.begin(changes, record);
  else changes.put(record);
}

/** These show in the table's status; the others in a status of their own, or not at all. */
function changesStatus(input: UpdateTableInput): boolean {
  return (
    input.ProvisionedThroughput !== undefined ||
    input.BillingMode !== undefined ||
    input.StreamSpecification !== undefined ||
    input.TableClass !== undefined ||
    input.VectorIndexUpdates !== undefined ||
    (input.GlobalSecondaryIndexUpdates ?? []).some((update) => update.Update === undefined)
  );
}

export function updated(
  context: ControlContext,
  former: TableRecord,
  input: UpdateTableInput,
  changes: CatalogWriter,
): TableRecord {
  const nowMs = context.clock.nowMs();
  let record = withBilling(former, input, nowMs);
  if (input.OnDemandThroughput !== undefined) record = withOnDemand(record, input);
  if (input.WarmThroughput !== undefined) {
    const warm = updatedWarm(record.warm, input.WarmThroughput);
    record = { ...record, warm, ...warmBefore(context, record) };
  }
  checkRequestedQuota(input, record.region);
  if (input.StreamSpecification !== undefined) {
    const identity = () => newStreamIdentity(context, former, former.name, changes);
    record = { ...record, stream: updatedStream(record, input.StreamSpecification, identity) };
  }
  if (input.SSESpecification !== undefined) {
    assertEncryptionSettled(record, nowMs);
    // What changes nothing is told before that there were too many changes; a key that cannot be used, after.
    assertEncryptionChanges(input.SSESpecification, record.encryption?.keyArn);
    const encryptionChangesMs = encryptionChanges(record, nowMs);
    record = {
      ...withEncryption(context, record, input.SSESpecification),
      encryptionChangesMs,
      ...before(context, 'encryptionBefore', record.encryption),
    };
  }
  checkTableClass(input.TableClass);
  if (input.TableClass !== undefined) {
    const changed = withTableClass(record, input.TableClass, nowMs);
    record = { ...changed, ...before(context, 'classBefore', record.tableClass) };
  }
  if (input.DeletionProtectionEnabled !== undefined) {
    checkProtectionPause(context, record.name, record.protectionSetMs);
    record = { ...record, deletionProtection: input.DeletionProtectionEnabled, protectionSetMs: nowMs };
  }
  const { GlobalTableSettingsReplicationMode: mode } = input;
  if (mode !== undefined && mode !== 'ENABLED_WITH_OVERRIDES') record = withSettingsReplication(record, mode);
  if (input.GlobalSecondaryIndexUpdates !== undefined) {
    record = withIndexUpdates(record, former, input, changes, context);
  }
  const { VectorIndexUpdates: vectors, AttributeDefinitions: definitions } = input;
  return vectors === undefined ? record : withVectorIndexUpdates(record, vectors, definitions, changes);
}

/** Whether replicas in other accounts follow the table's settings: kept and shown, as there are none here. */
function withSettingsReplication(record: TableRecord, settingsReplication: 'ENABLED' | 'DISABLED'): TableRecord {
  if (record.replication === undefined) return { ...record, settingsReplication };
  throw new DynamoError(
    'UnknownOperationException',
    'UpdateTable with GlobalTableSettingsReplicationMode is not emulated for a table with replicas.',
  );
}

function withOnDemand(record: TableRecord, input: UpdateTableInput): TableRecord {
  checkOnDemandThroughput(input.OnDemandThroughput, { billingMode: record.billingMode, allowRemoval: true });
  const { onDemand, ...rest } = record;
  const next = effectiveOnDemand(onDemand, input.OnDemandThroughput);
  return next === undefined ? rest : { ...rest, onDemand: next };
}

export function withEncryption(context: ControlContext, record: TableRecord, given: SseSpecification): TableRecord {
  const { encryption, ...rest } = record;
  assertEncryptionChanges(given, encryption?.keyArn);
  const keyArn = requestedKeyArn(record, given, context.resolveKmsKey);
  if (keyArn === undefined) return rest;
  return { ...rest, encryption: { keyArn } };
}

/** Two changes in thirty days. STANDARD, which a table has without saying so, changes nothing on such a table. */
export function withTableClass(
  record: TableRecord,
  name: NonNullable<UpdateTableInput['TableClass']>,
  nowMs: number,
): TableRecord {
  if (name === 'STANDARD' && record.tableClass === undefined) return record;
  const recent = (record.tableClass?.changesMs ?? []).filter((atMs) => atMs > nowMs - CLASS_CHANGES.periodMs);
  if (recent.length >= CLASS_CHANGES.count) {
    throw new DynamoError(
      'LimitExceededException',
      'Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).',
    );
  }
  if (record.tableClass?.name === name) return record;
  return { ...record, tableClass: { name, updatedMs: nowMs, changesMs: [...recent, nowMs] } };
}
