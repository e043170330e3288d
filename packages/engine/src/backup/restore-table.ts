import { parseTableArn, type TableReference, tableArn } from '../catalog/arn.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import { isBeingRestored, type RestoreRecord, type TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { checkAccountQuota, checkCreateTable, newTable } from '../control/create-table.js';
import { describeTable } from '../control/describe-table.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { storageNumbers } from '../control/lifecycle.js';
import type { Handler } from '../engine-context.js';
import { DynamoError, validationError } from '../errors.js';
import { isDynamoRegion } from '../global/regions.js';
import { assertAvailable, backupInUse, backupReference, usersBackup } from './backup-errors.js';
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
    const arn = input.BackupArn;
    assertEncryption(caller, backupReference(caller, arn).region, input);
    return restore(context, caller, input, () => {
      const backup = usersBackup(context.backups, arn, arn);
      assertAvailable(backup, context.clock.nowMs());
      // A target in the making is told of before its backup.
      assertFree(context, caller, input.TargetTableName);
      if (context.backups.isRestoring(arn)) {
        throw backupInUse(`Backup is being used to restore another table: ${arn}`);
      }
      return { table: backup.table, stamp: backup.stamp, atMs: backup.createdMs, backupArn: backup.arn };
    });
  };
}

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
    checkTime(input);
    const { place, name } = sourceOf(caller, input);
    assertEncryption(caller, place.region, input);
    return restore(context, caller, input, ({ writer }) => {
      const table = context.tables.find(place, name);
      if (table === undefined || table.status === 'DELETING' || isBeingRestored(table)) {
        throw new DynamoError('TableNotFoundException', `Table not found: ${name}`);
      }
      const atMs = restoreMs(context, table, input);
      // A restore to this very millisecond must not see what follows within it.
      const [stamp = ''] = [stampAfter(atMs), context.history.nextStamp(writer)].sort();
      return { table, stamp: hex(stamp), atMs };
    });
  };
}

// The words of these errors, and their order, were recorded on AWS by a public project.

function sourceOf(caller: Caller, { SourceTableArn: arn, SourceTableName: name }: PointInTimeInput): TableReference {
  if (arn === undefined) {
    if (name !== undefined) return { place: caller, name, rest: '' };
    throw validationError("The parameter 'TableName' is required but was not present in the request");
  }
  if (name !== undefined) {
    throw validationError('Invalid Request: Must provide exactly one of: sourceTableArn, sourceTableName');
  }
  const source = parseTableArn(arn);
  const partition = arn.split(':')[1] ?? '';
  if (source?.rest !== '' || !isDynamoRegion(source.place.region, partition)) {
    throw invalidParameter('sourceTableArn is not a valid ARN');
  }
  if (source.place.accountId === caller.accountId) return source;
  throw validationError('This action is only supported by accounts that match the resource owner’s account.');
}

function checkTime({ UseLatestRestorableTime: useLatest, RestoreDateTime: at }: PointInTimeInput): void {
  if (useLatest === true && at !== undefined) {
    throw validationError(
      'Invalid Request: Both RestoreDateTime and UseLatestRestorableTime cannot be set for point-in-time restore ' +
        'request. Please specify either RestoreDateTime time or UseLatestRestorableTime',
    );
  }
  if (useLatest !== true && at === undefined) {
    throw validationError(
      'Invalid Request: Either one of RestoreDateTime or UseLatestRestorableTime must be specified, but not both',
    );
  }
}

/** Keys are of one region: what comes from elsewhere has to be told how it is encrypted here. */
function assertEncryption(caller: Caller, sourceRegion: string, given: RestoreOverrides): void {
  if (sourceRegion === caller.region || given.SSESpecificationOverride !== undefined) return;
  throw validationError('Invalid Request: sseSpecificationOverride must be provided for cross-region restores');
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
  const isInWindow = atMs >= window.toldEarliestMs && atMs <= window.latestMs;
  if (isInWindow) return Math.max(atMs, window.earliestMs);
  throw new DynamoError(
    'InvalidRestoreTimeException',
    `RestoreDateTime '${isoSecond(atMs)}' must be within EarliestRestorableDateTime '${isoSecond(window.earliestMs)}' ` +
      `and LatestRestorableDateTime '${isoSecond(window.latestMs)}'`,
  );
}

function isoSecond(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** How many restores an account can have under way (ServiceQuotas.html). */
const MAX_RESTORES = 50;

function assertQuota(context: ControlContext, { accountId }: Caller): void {
  const underWay = context.tables.all().filter((table) => table.accountId === accountId && isBeingRestored(table));
  if (underWay.length < MAX_RESTORES) return;
  throw new DynamoError(
    'LimitExceededException',
    `Subscriber limit exceeded: Only ${MAX_RESTORES} restore operations can be done simultaneously`,
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
    assertQuota(context, caller);
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
  if (isBeingRestored(existing)) {
    const from = existing.restore?.backupArn;
    const origin = from === undefined ? '' : ` from backup: ${from}`;
    throw new DynamoError('TableInUseException', `Table: ${name} is already being restored${origin}`);
  }
  if (existing.status === 'CREATING') {
    throw new DynamoError('TableInUseException', `Table is being created: ${name}`);
  }
  throw new DynamoError('TableAlreadyExistsException', `Table already exists: ${name}`);
}
