import { parseTableArn, tableArn } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { RestoreRecord, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { checkAccountQuota, checkCreateTable, newTable } from '../control/create-table.js';
import { describeTable } from '../control/describe-table.js';
import { storageNumbers } from '../control/lifecycle.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, notAuthorized, validationError } from '../errors.js';
import { assertAvailable, existingBackup } from './backup-errors.js';
import { hex } from './history.js';
import { recoveryWindow } from './recovery-window.js';
import { type RestoreOverrides, restoreInput } from './restore-input.js';
import { stampAfter } from './stamp.js';

/** What a table is restored from. */
interface RestoreSource {
  readonly table: TableRecord;
  /** Hex. */
  readonly stamp: string;
  readonly atMs: number;
  readonly backupArn?: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html */
export function restoreTableFromBackup(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = given as RestoreOverrides & { readonly BackupArn: string } & Record<string, unknown>;
    assertHere(caller, input.BackupArn, FROM_BACKUP);
    return restore(context, caller, input, () => {
      const backup = existingBackup(context.backups, caller, FROM_BACKUP, input.BackupArn);
      assertAvailable(backup, context.clock.nowMs());
      return { table: backup.table, stamp: backup.stamp, atMs: backup.createdMs, backupArn: backup.arn };
    });
  };
}

const FROM_BACKUP = 'RestoreTableFromBackup';

interface PointInTimeInput extends RestoreOverrides {
  readonly SourceTableArn?: string;
  readonly SourceTableName?: string;
  readonly UseLatestRestorableTime?: boolean;
  readonly RestoreDateTime?: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html */
export function restoreTableToPointInTime(context: ControlContext): Handler {
  return async (caller, given) => {
    const input = given as PointInTimeInput & Record<string, unknown>;
    const sourceName = checkSource(caller, input);
    checkTime(input);
    return restore(context, caller, input, ({ writer }) => {
      const table = context.tables.find(caller, sourceName);
      if (table === undefined || table.status === 'DELETING') {
        throw new DynamoError('TableNotFoundException', `Table not found: ${sourceName}`);
      }
      const atMs = restoreMs(context, table, input);
      // A restore to this very millisecond must not see what follows within it.
      const [stamp = ''] = [stampAfter(atMs), context.history.nextStamp(writer)].sort();
      return { table, stamp: hex(stamp), atMs };
    });
  };
}

function checkSource(caller: Caller, { SourceTableArn: arn, SourceTableName: name }: PointInTimeInput): string {
  if (arn === undefined && name === undefined) {
    throw validationError('Invalid Request: Either SourceTableName or SourceTableArn must be specified.');
  }
  if (arn === undefined) return name ?? '';
  if (!arn.startsWith('arn:')) return arn;
  assertHere(caller, arn, 'RestoreTableToPointInTime');
  const arnName = parseTableArn(arn)?.name ?? '';
  if (name !== undefined && name !== arnName) {
    throw validationError('Invalid Request: SourceTableName and SourceTableArn must name the same table.');
  }
  return arnName;
}

function checkTime({ UseLatestRestorableTime: useLatest, RestoreDateTime: at }: PointInTimeInput): void {
  if (useLatest === true && at !== undefined) {
    throw validationError('Invalid Request: Cannot specify both UseLatestRestorableTime and RestoreDateTime.');
  }
  if (useLatest !== true && at === undefined) {
    throw validationError('Invalid Request: Either UseLatestRestorableTime or RestoreDateTime must be specified.');
  }
}

function assertHere(caller: Caller, arn: string, operation: string): void {
  const place = parseTableArn(arn)?.place;
  if (place === undefined)
    throw validationError(`Invalid Request: Provided Arn is not a DynamoDB resource arn: ${arn}`);
  if (place.accountId !== caller.accountId) throw notAuthorized(caller.accountId, operation, arn);
  if (place.region === caller.region) return;
  throw new DynamoError('UnknownOperationException', `${operation} from another region is not emulated: ${arn}.`);
}

function restoreMs(context: ControlContext, table: TableRecord, input: PointInTimeInput): number {
  const window = recoveryWindow(table, context.clock.nowMs());
  if (window === undefined) {
    throw new DynamoError(
      'PointInTimeRecoveryUnavailableException',
      `Point in time recovery is not enabled for table '${table.name}'`,
    );
  }
  if (input.RestoreDateTime === undefined) return window.latestMs;
  const atMs = Math.round(input.RestoreDateTime * 1000);
  // Times are compared to the second: clients cut off what lies behind the point.
  const isInWindow = atMs >= Math.floor(window.earliestMs / 1000) * 1000 && atMs <= window.latestMs;
  if (isInWindow) return Math.max(atMs, window.earliestMs);
  throw new DynamoError(
    'InvalidRestoreTimeException',
    'An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and ' +
      'LatestRestorableDateTime.',
  );
}

/** Makes the table, CREATING; its items follow in the background. */
export async function restore(
  context: ControlContext,
  caller: Caller,
  given: RestoreOverrides,
  findSource: (changes: CatalogWriter) => RestoreSource,
): Promise<Record<string, unknown>> {
  const record = await context.tables.change((changes) => {
    const source = findSource(changes);
    assertFree(context, caller, given.TargetTableName);
    const input = restoreInput(source.table, given);
    checkCreateTable(input, caller);
    checkAccountQuota(context, input, caller);
    const created = newTable(context, input, { place: caller, name: given.TargetTableName }, changes);
    const target = { ...created, restore: restoreRecord(source) };
    pinSource(context, changes, source, target);
    changes.put(target);
    for (const [number, prefix] of storageNumbers(target)) context.statistics.create(number, prefix);
    changes.afterwards(context.wake);
    return target;
  });
  const countsOf = (number: number) => context.statistics.of(number);
  return { TableDescription: describeTable(record, countsOf, context.clock.nowMs()) };
}

function restoreRecord({ table, stamp, atMs, backupArn }: RestoreSource): RestoreRecord {
  return {
    sourceTableArn: tableArn(table, table.name),
    ...(backupArn !== undefined && { backupArn }),
    atMs,
    copy: { storageNumber: table.storageNumber, stamp, phase: 'items', after: '' },
  };
}

/** A backup is a pin itself. */
function pinSource(context: ControlContext, changes: CatalogWriter, source: RestoreSource, target: TableRecord): void {
  if (source.backupArn !== undefined) return;
  const stamp = Buffer.from(source.stamp, 'hex').toString('latin1');
  context.history.pin(changes, source.table.storageNumber, restorePin(target), stamp);
}

/** The name of the pin that a restore to a point in time has in its source. */
export function restorePin(target: TableRecord): string {
  return `restore ${target.id}`;
}

function assertFree(context: ControlContext, caller: Caller, name: string): void {
  const existing = context.tables.find(caller, name);
  if (existing === undefined) return;
  if (existing.status === 'CREATING') {
    throw new DynamoError('TableInUseException', `Table is being created: ${name}`);
  }
  if (existing.status === 'DELETING') {
    throw new DynamoError('TableInUseException', `Table is being deleted: ${name}`);
  }
  throw new DynamoError('TableAlreadyExistsException', `Table already exists: ${name}`);
}
