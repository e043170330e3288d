import type { GlobalIndexRecord, TableRecord, ThroughputRecord } from '../catalog/table-record.js';
import { DynamoError, validationError } from '../errors.js';
import { assertOnDemand } from '../vectors/vector-index-rules.js';
import { onDemandSwitches } from './change-quotas.js';
import { throughputRecord } from './create-table.js';
import { decreasesToday } from './describe-table.js';
import { invalidParameter } from './invalid-parameter.js';
import {
  checkUnitsQuota,
  ON_DEMAND_WARM,
  type ProvisionedThroughput,
  raisedWarm,
  type ThroughputHolder,
} from './throughput-rules.js';
import { type UpdateTableInput, unitsOnDemand } from './update-table-rules.js';

const FREE_DECREASES_PER_DAY = 4;
const HOUR_MS = 3600 * 1000;

/** The table in its new billing mode, or with its new provisioned throughput. */
export function withBilling(record: TableRecord, input: UpdateTableInput, nowMs: number): TableRecord {
  const { BillingMode: billingMode = record.billingMode, ProvisionedThroughput: provisioned } = input;
  if (billingMode === 'PAY_PER_REQUEST') {
    if (provisioned !== undefined) throw unitsOnDemand();
    return record.billingMode === billingMode ? record : onDemandTable(record, nowMs);
  }
  if (provisioned === undefined) return record;
  checkUnitsQuota(provisioned, record.region);
  if (record.vectorIndexes !== undefined) assertOnDemand(billingMode);
  if (record.billingMode === 'PAY_PER_REQUEST') return provisionedTable(record, input, provisioned);
  return { ...record, ...changedUnits(record, provisioned, nowMs) };
}

function onDemandTable(record: TableRecord, nowMs: number): TableRecord {
  const onDemand = <T extends ThroughputHolder>(holder: T): T => ({
    ...holder,
    throughput: { ...withoutDecrease(holder.throughput), readUnits: 0, writeUnits: 0 },
    warm: raisedWarm(holder.warm, ON_DEMAND_WARM),
  });
  return {
    ...onDemand(record),
    billingMode: 'PAY_PER_REQUEST',
    lastOnDemandMs: nowMs,
    onDemandSwitchesMs: onDemandSwitches(record, nowMs),
    globalIndexes: record.globalIndexes.map(onDemand),
  };
}

function withoutDecrease(throughput: ThroughputRecord): ThroughputRecord {
  const { lastDecreaseMs: _, ...rest } = throughput;
  return rest;
}

/** Every global index needs an update with its own throughput in the same request. */
function provisionedTable(
  record: TableRecord,
  input: UpdateTableInput,
  provisioned: ProvisionedThroughput,
): TableRecord {
  const { onDemand: _, ...rest } = record;
  const globalIndexes = record.globalIndexes.map((index): GlobalIndexRecord => {
    const update = input.GlobalSecondaryIndexUpdates?.find((one) => one.Update?.IndexName === index.name)?.Update;
    if (update?.ProvisionedThroughput === undefined) {
      throw invalidParameter(`ProvisionedThroughput must be specified for index: ${index.name}`);
    }
    checkUnitsQuota(update.ProvisionedThroughput, record.region, index.name);
    const { onDemand: __, ...provisionedIndex } = index;
    return {
      ...provisionedIndex,
      status: 'UPDATING',
      throughput: { ...index.throughput, ...throughputRecord(update.ProvisionedThroughput) },
    };
  });
  return {
    ...rest,
    billingMode: 'PROVISIONED',
    throughput: { ...record.throughput, ...throughputRecord(provisioned) },
    globalIndexes,
  };
}

/** New provisioned units of a table, or of one of its indexes; at most four decreases a day, then one an hour. */
export function changedUnits(
  holder: ThroughputHolder,
  asked: ProvisionedThroughput,
  nowMs: number,
  indexName?: string,
): Pick<ThroughputHolder, 'throughput' | 'warm'> {
  const current = holder.throughput;
  const next = throughputRecord(asked);
  const readChange = next.readUnits - current.readUnits;
  const writeChange = next.writeUnits - current.writeUnits;
  if (readChange === 0 && writeChange === 0) throw unitsUnchanged(current, asked, indexName);
  const isDecrease = readChange < 0 || writeChange < 0;
  const isIncrease = readChange > 0 || writeChange > 0;
  if (isDecrease) checkDecreases(current, nowMs);
  return {
    throughput: {
      ...current,
      ...next,
      ...(isIncrease ? { lastIncreaseMs: nowMs } : {}),
      ...(isDecrease ? { lastDecreaseMs: nowMs, decreasesMs: [...decreasesToday(current, nowMs), nowMs] } : {}),
    },
    warm: raisedWarm(holder.warm, { readUnitsPerSecond: next.readUnits, writeUnitsPerSecond: next.writeUnits }),
  };
}

function unitsUnchanged(current: ThroughputRecord, asked: ProvisionedThroughput, indexName?: string): DynamoError {
  const changing = indexName === undefined ? 'the table' : `the index ${indexName}`;
  const subject = indexName === undefined ? 'the table' : `index ${indexName}`;
  return validationError(
    `The provisioned throughput for ${changing} will not change. The requested value equals the current value. ` +
      `Current ReadCapacityUnits provisioned for ${subject}: ${current.readUnits}. ` +
      `Requested ReadCapacityUnits: ${asked.ReadCapacityUnits}. ` +
      `Current WriteCapacityUnits provisioned for ${subject}: ${current.writeUnits}. ` +
      `Requested WriteCapacityUnits: ${asked.WriteCapacityUnits}. ` +
      'Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.',
  );
}

function checkDecreases(current: ThroughputRecord, nowMs: number): void {
  const today = decreasesToday(current, nowMs);
  const last = today.at(-1);
  if (last === undefined || today.length < FREE_DECREASES_PER_DAY || nowMs - last >= HOUR_MS) return;
  throw new DynamoError(
    'LimitExceededException',
    'Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC day. ' +
      `After the first ${FREE_DECREASES_PER_DAY} decreases, each subsequent decrease in the same UTC day can be ` +
      `performed at most once every 3600 seconds. Number of decreases today: ${today.length}. ` +
      `Last decrease at ${longTime(last)}. Next decrease can be made at ${longTime(last + HOUR_MS)}`,
  );
}

/** `Monday, February 13, 2023 at 10:25:39 AM Coordinated Universal Time` */
function longTime(atMs: number): string {
  const text = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'medium', timeZone: 'UTC' });
  return `${text.format(atMs).replaceAll('\u202f', ' ')} Coordinated Universal Time`;
}
