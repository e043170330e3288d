import type { TableRecord } from '../catalog/table-record.js';
import { DynamoError } from '../errors.js';

// How often tables may change, and how many of them, by default.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;
const ON_DEMAND_SWITCHES = 4;
const ENCRYPTION_CHANGES = { free: 4, pauseMs: 6 * HOUR_MS };
const MAX_TABLES = 2500;
const MAX_TABLES_CHANGING = 500;

/** The times with a switch to on demand now; the fifth in a day is refused. */
export function onDemandSwitches(record: TableRecord, nowMs: number): number[] {
  const recent = recentTimes(record.onDemandSwitchesMs, nowMs);
  const [first] = recent;
  if (first !== undefined && recent.length >= ON_DEMAND_SWITCHES) {
    throw limitExceeded(
      `Update to PayPerRequest mode are limited to ${ON_DEMAND_SWITCHES} times in 1 day(s). ` +
        `Last update at ${javaTime(recent.at(-1) ?? first)}. Next update can be made at ${javaTime(first + DAY_MS)}`,
    );
  }
  return [...recent, nowMs];
}

/** The times with a change of the encryption now: after four in a day, one in six hours. */
export function encryptionChanges(record: TableRecord, nowMs: number): number[] {
  const recent = recentTimes(record.encryptionChangesMs, nowMs);
  const [first] = recent;
  const last = recent.at(-1) ?? 0;
  const { free, pauseMs } = ENCRYPTION_CHANGES;
  if (first !== undefined && recent.length >= free && nowMs - last < pauseMs) {
    const next = Math.min(last + pauseMs, first + DAY_MS);
    throw limitExceeded(
      `Encryption mode changes are limited in the 24h window ending at ${isoTime(first + DAY_MS)}. ` +
        `After the first ${free} change, each subsequent change in the same window can be performed at most once every ` +
        `${pauseMs / 1000} seconds. Number of updates today: ${recent.length}. Last change at ${isoTime(last)}. ` +
        `Next changes can be made at ${isoTime(next)}.`,
    );
  }
  return [...recent, nowMs];
}

/** @param tables of the account and region */
export function checkTableQuotas(tables: readonly TableRecord[]): void {
  if (tables.length >= MAX_TABLES) throw limitExceeded(`There is a limit of ${MAX_TABLES} tables per subscriber`);
  const changing = tables.filter(
    ({ status }) => status === 'CREATING' || status === 'UPDATING' || status === 'DELETING',
  );
  if (changing.length < MAX_TABLES_CHANGING) return;
  throw limitExceeded(`Only ${MAX_TABLES_CHANGING} tables can be created, updated, or deleted simultaneously`);
}

function recentTimes(times: readonly number[] | undefined, nowMs: number): number[] {
  return (times ?? []).filter((atMs) => atMs > nowMs - DAY_MS);
}

function limitExceeded(what: string): DynamoError {
  return new DynamoError('LimitExceededException', `Subscriber limit exceeded: ${what}`);
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** `Sat Feb 23 03:07:45 UTC 2019` */
function javaTime(atMs: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(atMs)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
