import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { describeTable, describeThroughput, describeWarm } from './describe-table.js';
import { requestedKeyArn } from './encryption.js';
import { invalidParameter } from './invalid-parameter.js';
import { newStreamIdentity, updatedStream } from './stream.js';
import { assertAccessible, assertChangeable, existingTable } from './table-errors.js';
import { checkOnDemandThroughput, effectiveOnDemand, updatedWarm } from './throughput-rules.js';
import { withIndexUpdates } from './update-indexes.js';
import { checkBusy, checkUpdateTable, type UpdateTableInput } from './update-table-rules.js';
import { withBilling } from './update-throughput.js';

const DAY_MS = 24 * 3600 * 1000;
const CLASS_CHANGES = { count: 2, periodMs: 30 * DAY_MS };

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html. Replicas and witnesses are not
 * emulated. The pause of 15 seconds between two changes of deletion protection, and the quota of four changes of the
 * encryption key in a day, are not asked for.
 */
export function updateTable(context: ControlContext): Handler {
  return async (caller, given) => {
    checkUpdateTable(given);
    const input = given as UpdateTableInput & Record<string, unknown>;
    return context.tables.change((changes) => {
      const before = existingTable(context.tables, caller, input.TableName);
      assertChangeable(before);
      assertAccessible(before);
      checkBusy(before, input);
      const after = updated(context, before, input, changes);
      for (const index of after.globalIndexes) {
        if (!before.globalIndexes.some((one) => one.storageNumber === index.storageNumber)) {
          context.statistics.create(index.storageNumber, 'Dx');
        }
      }
      const isTransition = changesStatus(input);
      const record: TableRecord = isTransition ? { ...after, status: 'UPDATING' } : after;
      const answer = { TableDescription: describeUpdate(context, before, record, input) };
      if (isTransition || input.GlobalSecondaryIndexUpdates !== undefined) context.lifecycle.begin(changes, record);
      else changes.put(record);
      return answer;
    });
  };
}

/** These show in the table's status; the others in a status of their own, or not at all. */
function changesStatus(input: UpdateTableInput): boolean {
  return (
    input.ProvisionedThroughput !== undefined ||
    input.BillingMode !== undefined ||
    input.StreamSpecification !== undefined ||
    input.TableClass !== undefined ||
    (input.GlobalSecondaryIndexUpdates ?? []).some((update) => update.Update === undefined)
  );
}

function updated(
  context: ControlContext,
  before: TableRecord,
  input: UpdateTableInput,
  changes: CatalogWriter,
): TableRecord {
  const nowMs = context.clock.nowMs();
  let record = withBilling(before, input, nowMs);
  if (input.OnDemandThroughput !== undefined) record = withOnDemand(record, input);
  if (input.WarmThroughput !== undefined) {
    record = { ...record, warm: updatedWarm(record.warm, input.WarmThroughput) };
  }
  if (input.StreamSpecification !== undefined) {
    const identity = () => newStreamIdentity(context, before, before.name, changes);
    record = { ...record, stream: updatedStream(record, input.StreamSpecification, identity) };
  }
  if (input.SSESpecification !== undefined) record = withEncryption(context, record, input);
  if (input.TableClass !== undefined) record = withTableClass(record, input.TableClass, nowMs);
  if (input.DeletionProtectionEnabled !== undefined) {
    record = { ...record, deletionProtection: input.DeletionProtectionEnabled };
  }
  if (input.GlobalSecondaryIndexUpdates === undefined) return record;
  return withIndexUpdates(record, before, input, changes, nowMs);
}

function withOnDemand(record: TableRecord, input: UpdateTableInput): TableRecord {
  checkOnDemandThroughput(input.OnDemandThroughput, { billingMode: record.billingMode, allowRemoval: true });
  const { onDemand, ...rest } = record;
  const next = effectiveOnDemand(onDemand, input.OnDemandThroughput);
  return next === undefined ? rest : { ...rest, onDemand: next };
}

function withEncryption(context: ControlContext, record: TableRecord, input: UpdateTableInput): TableRecord {
  const { encryption, ...rest } = record;
  const given = input.SSESpecification;
  const keyArn = requestedKeyArn(record, given, context.resolveKmsKey);
  if (keyArn === undefined) {
    if (encryption === undefined) throw invalidParameter('Table is already encrypted by default');
    return rest;
  }
  if (given?.KMSMasterKeyId !== undefined && given.KMSMasterKeyId === encryption?.keyArn) {
    throw invalidParameter(
      'Table is already encrypted with given KMSMasterKeyId. ' +
        'Use KMSMasterKeyId parameter if you want to change Master Key',
    );
  }
  return { ...rest, encryption: { keyArn } };
}

/** Two changes in thirty days. STANDARD, which a table has without saying so, changes nothing on such a table. */
function withTableClass(
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

/** The answer shows what is under way: new settings, but throughput, warm throughput and class as they were. */
function describeUpdate(
  context: ControlContext,
  before: TableRecord,
  record: TableRecord,
  input: UpdateTableInput,
): Record<string, unknown> {
  const nowMs = context.clock.nowMs();
  const description = describeTable(record, (number) => context.statistics.of(number), nowMs);
  if (before.billingMode === record.billingMode) {
    description.ProvisionedThroughput = describeThroughput(before.throughput, nowMs);
  }
  if (input.WarmThroughput !== undefined) description.WarmThroughput = describeWarm(before, 'UPDATING');
  if (input.SSESpecification !== undefined) {
    const keyArn = (before.encryption ?? record.encryption)?.keyArn;
    description.SSEDescription = { Status: 'UPDATING', SSEType: 'KMS', KMSMasterKeyArn: keyArn };
  }
  return description;
}
