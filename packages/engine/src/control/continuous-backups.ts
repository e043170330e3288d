import { recoveryWindow } from '../backup/recovery-window.js';
import { tableReference } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import { isUnknownYet, type TableRecord } from '../catalog/table-record.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { epochSeconds } from './describe-table.js';

// The settings of point-in-time recovery, and the window that they span; the history itself is in `backup/`.

const DEFAULT_PERIOD_DAYS = 35;

interface Specification {
  readonly PointInTimeRecoveryEnabled: boolean;
  readonly RecoveryPeriodInDays?: number;
}

export function describeContinuousBackups(context: ControlContext): Handler {
  return (caller, input) => describe(tableWithBackups(context, caller, input.TableName as string), context);
}

export function updateContinuousBackups(context: ControlContext): Handler {
  return async (caller, input) => {
    const given = input.PointInTimeRecoverySpecification as Specification;
    if (!given.PointInTimeRecoveryEnabled && given.RecoveryPeriodInDays !== undefined) {
      throw validationError(
        'Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.',
      );
    }
    const changed = await context.tables.change((changes) => {
      const record = tableWithBackups(context, caller, input.TableName as string);
      if (record.status === 'CREATING') {
        throw new DynamoError(
          'ContinuousBackupsUnavailableException',
          `Backups are being enabled for the table: ${record.name}. Please retry later`,
        );
      }
      const next = withRecovery(record, given, context.clock.nowMs(), changes);
      changes.put(next);
      return next;
    });
    return describe(changed, context);
  };
}

function withRecovery(record: TableRecord, given: Specification, nowMs: number, changes: CatalogWriter): TableRecord {
  const { pointInTimeRecovery: current, ...rest } = record;
  if (!given.PointInTimeRecoveryEnabled) return rest;
  // A longer period does not bring back what has left the shorter one.
  const enabledMs = recoveryWindow(record, nowMs)?.earliestMs ?? nowMs;
  const periodDays = given.RecoveryPeriodInDays ?? current?.periodDays ?? DEFAULT_PERIOD_DAYS;
  const storageNumber = current?.storageNumber ?? changes.nextStorageNumber();
  return { ...rest, pointInTimeRecovery: { enabledMs, periodDays, storageNumber } };
}

function describe(record: TableRecord, context: ControlContext): Record<string, unknown> {
  return {
    ContinuousBackupsDescription: {
      // Backups of a table come with the table.
      ContinuousBackupsStatus: record.status === 'CREATING' ? 'DISABLED' : 'ENABLED',
      PointInTimeRecoveryDescription: describeRecovery(record, context.clock.nowMs()),
    },
  };
}

function describeRecovery(record: TableRecord, nowMs: number): Record<string, unknown> {
  const recovery = record.pointInTimeRecovery;
  const window = recoveryWindow(record, nowMs);
  if (recovery === undefined || window === undefined) return { PointInTimeRecoveryStatus: 'DISABLED' };
  // The earliest is told in whole seconds; the latest is that one at first, and to the millisecond later.
  const earliest = epochSeconds(window.toldEarliestMs);
  return {
    PointInTimeRecoveryStatus: 'ENABLED',
    RecoveryPeriodInDays: recovery.periodDays,
    EarliestRestorableDateTime: earliest,
    LatestRestorableDateTime: window.latestMs === window.earliestMs ? earliest : epochSeconds(window.latestMs),
  };
}

function tableWithBackups(context: ControlContext, caller: Caller, nameOrArn: string): TableRecord {
  const record = context.tables.find(caller, nameOrArn);
  if (record !== undefined && !isUnknownYet(record)) return record;
  const { name } = tableReference(caller, nameOrArn);
  throw new DynamoError('TableNotFoundException', `Table not found: ${name}`);
}
