import type { GlobalIndexRecord, OnDemandRecord, TableRecord, WarmThroughputRecord } from '../catalog/table-record.js';
import { DynamoError, validationError } from '../errors.js';
import { invalidParameter } from './invalid-parameter.js';

export interface ProvisionedThroughput {
  readonly ReadCapacityUnits: number;
  readonly WriteCapacityUnits: number;
}

export interface WarmThroughput {
  readonly ReadUnitsPerSecond?: number;
  readonly WriteUnitsPerSecond?: number;
}

export type BillingMode = TableRecord['billingMode'];

/** What an on-demand table, or index, can take at once from the start. */
export const ON_DEMAND_WARM: WarmThroughputRecord = { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4000 };

/** Default quotas of an account and region (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
export const MAX_TABLE_UNITS = 40_000;
export const MAX_ACCOUNT_UNITS = 80_000;

const MAX_REPRESENTABLE_UNITS = 1_000_000_000_000;

/** `indexName` is undefined for the table. */
export function checkBounds(given: ProvisionedThroughput | undefined, indexName?: string): void {
  const subject = indexName === undefined ? '' : ` for index ${indexName}`;
  for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    const units = given?.[member] ?? 0;
    if (units > MAX_REPRESENTABLE_UNITS) {
      throw validationError(`Given value ${units} for ${member} is out of bounds${subject}`);
    }
  }
}

/** The per-table and per-index quota. `indexName` is undefined for the table. */
export function checkUnitsQuota(given: ProvisionedThroughput | undefined, region: string, indexName?: string): void {
  const subject = indexName === undefined ? '' : ` for index ${indexName}`;
  const per = indexName === undefined ? 'table' : 'index';
  for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    const units = given?.[member] ?? 0;
    if (units <= MAX_TABLE_UNITS) continue;
    throw new DynamoError(
      'LimitExceededException',
      `The requested ${member}${subject}, ${units}, is above the per ${per} maximum for the account in ${region}. ` +
        `Per ${per} maximum: ${MAX_TABLE_UNITS}. Refer to the Amazon DynamoDB Developer Guide for current limits ` +
        'and how to request higher limits.',
    );
  }
}

/** The same quota, for maximums on demand and warm throughput. `indexName` is undefined for the table. */
export function checkRequestedQuota(
  given: { readonly OnDemandThroughput?: OnDemandRecord; readonly WarmThroughput?: WarmThroughput },
  region: string,
  indexName?: string,
): void {
  const { OnDemandThroughput: maximums, WarmThroughput: warm } = given;
  const onDemandSubject = indexName === undefined ? 'table' : `index : ${indexName}`;
  const warmSubject = indexName === undefined ? 'table' : `index ${indexName}`;
  const requested = [
    ['Read', maximums?.MaxReadRequestUnits, `MaxReadRequestUnits for OnDemandThroughput for ${onDemandSubject}`],
    ['Write', maximums?.MaxWriteRequestUnits, `MaxWriteRequestUnits for OnDemandThroughput for ${onDemandSubject}`],
    ['Read', warm?.ReadUnitsPerSecond, `ReadUnitsPerSecond for WarmThroughput for ${warmSubject}`],
    ['Write', warm?.WriteUnitsPerSecond, `WriteUnitsPerSecond for WarmThroughput for ${warmSubject}`],
  ] as const;
  for (const [direction, units = 0, what] of requested) {
    if (units <= MAX_TABLE_UNITS) continue;
    throw new DynamoError(
      'LimitExceededException',
      `Subscriber limit exceeded: Requested ${what} exceeds TableMax${direction}CapacityUnits of the account ` +
        `in region ${region}`,
    );
  }
}

/** What is provisioned in an account and region, of all tables and their global indexes; `without` is left out. */
export function provisionedUnits(
  records: readonly TableRecord[],
  without?: TableRecord,
): { read: number; write: number } {
  let read = 0;
  let write = 0;
  for (const record of records) {
    if (record.name === without?.name) continue;
    for (const { throughput } of [record, ...record.globalIndexes]) {
      read += throughput.readUnits;
      write += throughput.writeUnits;
    }
  }
  return { read, write };
}

/** The rules for OnDemandThroughput. -1 takes a maximum away, which only an update can. */
export function checkOnDemandThroughput(
  given: OnDemandRecord | undefined,
  options: { readonly billingMode: BillingMode; readonly indexName?: string; readonly allowRemoval: boolean },
): void {
  const subject = options.indexName === undefined ? 'table' : `index : ${options.indexName}`;
  for (const member of ['MaxReadRequestUnits', 'MaxWriteRequestUnits'] as const) {
    const units = given?.[member];
    if (units === undefined) continue;
    if (options.billingMode === 'PROVISIONED') {
      throw invalidParameter(
        options.allowRemoval
          ? `${member} for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`
          : `${member} for OnDemandThroughput cannot be specified when table BillingMode is PROVISIONED.`,
      );
    }
    if (units >= 1 || (units === -1 && options.allowRemoval)) continue;
    throw invalidParameter(`Requested ${member} for OnDemandThroughput for ${subject} is outside of valid range`);
  }
}

/** A maximum with -1 is none; undefined when none is left. */
export function effectiveOnDemand(
  current: OnDemandRecord | undefined,
  given: OnDemandRecord | undefined,
): OnDemandRecord | undefined {
  const merged = { ...current, ...given };
  const kept = Object.entries(merged).filter(([, units]) => units !== undefined && units !== -1);
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as OnDemandRecord);
}

/** The least warm throughput: what on-demand mode starts with, else what is provisioned. */
export function baseWarm(billingMode: BillingMode, given: ProvisionedThroughput | undefined): WarmThroughputRecord {
  if (billingMode === 'PAY_PER_REQUEST') return ON_DEMAND_WARM;
  return { readUnitsPerSecond: given?.ReadCapacityUnits ?? 0, writeUnitsPerSecond: given?.WriteCapacityUnits ?? 0 };
}

/** Warm throughput at creation: at least the base. */
export function initialWarm(
  billingMode: BillingMode,
  provisioned: ProvisionedThroughput | undefined,
  given: WarmThroughput | undefined,
  indexName?: string,
): WarmThroughputRecord {
  const base = baseWarm(billingMode, provisioned);
  const subject = indexName === undefined ? 'table' : `index ${indexName}`;
  const readUnitsPerSecond = given?.ReadUnitsPerSecond ?? base.readUnitsPerSecond;
  const writeUnitsPerSecond = given?.WriteUnitsPerSecond ?? base.writeUnitsPerSecond;
  const tooLow = (member: string, capacity: string): DynamoError =>
    invalidParameter(
      billingMode === 'PAY_PER_REQUEST'
        ? `Requested ${member} for WarmThroughput for ${subject} is lower than initial throughput for OnDemand. See: ` +
            'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html' +
            '#on-demand-capacity-mode-initial'
        : `Requested ${member} for WarmThroughput for ${subject} is lower than ${capacity} of ProvisionedThroughput`,
    );
  if (readUnitsPerSecond < base.readUnitsPerSecond) throw tooLow('ReadUnitsPerSecond', 'ReadCapacityUnits');
  if (writeUnitsPerSecond < base.writeUnitsPerSecond) throw tooLow('WriteUnitsPerSecond', 'WriteCapacityUnits');
  return { readUnitsPerSecond, writeUnitsPerSecond };
}

/** Warm throughput never falls. */
export function raisedWarm(
  current: WarmThroughputRecord | undefined,
  least: WarmThroughputRecord,
): WarmThroughputRecord {
  return {
    readUnitsPerSecond: Math.max(current?.readUnitsPerSecond ?? 0, least.readUnitsPerSecond),
    writeUnitsPerSecond: Math.max(current?.writeUnitsPerSecond ?? 0, least.writeUnitsPerSecond),
  };
}

/** The warm throughput asked for by an update. */
export function updatedWarm(
  current: WarmThroughputRecord | undefined,
  given: WarmThroughput,
  indexName?: string,
): WarmThroughputRecord {
  const from = current ?? { readUnitsPerSecond: 0, writeUnitsPerSecond: 0 };
  const subject = indexName === undefined ? 'table' : `index ${indexName}`;
  const readUnitsPerSecond = given.ReadUnitsPerSecond ?? from.readUnitsPerSecond;
  const writeUnitsPerSecond = given.WriteUnitsPerSecond ?? from.writeUnitsPerSecond;
  const lower =
    readUnitsPerSecond < from.readUnitsPerSecond
      ? 'ReadUnitsPerSecond'
      : writeUnitsPerSecond < from.writeUnitsPerSecond
        ? 'WriteUnitsPerSecond'
        : undefined;
  if (lower !== undefined) {
    throw invalidParameter(
      `Requested ${lower} for WarmThroughput for ${subject} is lower than current WarmThroughput, ` +
        'decreasing WarmThroughput is not supported',
    );
  }
  return { readUnitsPerSecond, writeUnitsPerSecond };
}

/** What throughput means for a table and for an index alike. */
export type ThroughputHolder = Pick<GlobalIndexRecord, 'throughput' | 'onDemand' | 'warm'>;
