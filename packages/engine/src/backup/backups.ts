import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { tableArn } from '../catalog/arn.js';
import type { Catalog, CatalogWriter, TableObserver } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import { isBeingRestored, type TableRecord } from '../catalog/table-record.js';
import type { TableStatistics } from '../catalog/table-statistics.js';
import type { BackupRecord } from './backup-record.js';
import { type History, hex } from './history.js';
import { BACKUPS, backupKey, pinKey } from './history-keys.js';

export interface BackupsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly catalog: Catalog;
  readonly statistics: TableStatistics;
  readonly history: History;
  readonly transitionDelayMs: number;
  readonly wake: () => void;
}

const DAY_MS = 24 * 3600 * 1000;

/**
 * Every backup of every account and region, held in memory and written through to the store. A backup is a record and
 * a pin in its table's history: making one reads and copies no item, whatever the table's size.
 */
export class Backups implements TableObserver {
  readonly #byArn = new Map<string, BackupRecord>();

  constructor(private readonly options: BackupsOptions) {
    for (const { value } of options.store.range(BACKUPS)) {
      this.#add(JSON.parse(value.toString('utf8')) as BackupRecord);
    }
  }

  all(): BackupRecord[] {
    return [...this.#byArn.values()];
  }

  find(arn: string): BackupRecord | undefined {
    return this.#byArn.get(arn);
  }

  /** The backups of one account and region, from the oldest; AWS Backup's own are not among them. */
  list({ accountId, region }: Caller): BackupRecord[] {
    return this.all()
      .filter(({ table, type }) => table.accountId === accountId && table.region === region && type !== 'AWS_BACKUP')
      .sort((one, other) => compare(order(one), order(other)));
  }

  /** Whether a table is being restored from the backup, until that table can be used. */
  isRestoring(arn: string): boolean {
    return this.options.catalog.all().some((table) => isBeingRestored(table) && table.restore?.backupArn === arn);
  }

  create(changes: CatalogWriter, table: TableRecord, name: string, type: 'USER' | 'AWS_BACKUP' = 'USER'): BackupRecord {
    const backup = this.#put(changes, table, { name, type });
    this.options.history.pin(
      changes,
      table.storageNumber,
      backup.arn,
      Buffer.from(backup.stamp, 'hex').toString('latin1'),
    );
    return backup;
  }

  remove(changes: CatalogWriter, backup: BackupRecord): void {
    changes.writer.delete(backupKey(backup.arn));
    this.options.history.unpin(changes, backup.table.storageNumber, backup.arn);
    changes.afterwards(() => this.#byArn.delete(backup.arn));
  }

  /** Deletes a system backup whose time is over. False when there is none. */
  async expire(nowMs: number): Promise<boolean> {
    const expired = this.all().find(
      ({ arn, expiresMs }) => expiresMs !== undefined && expiresMs <= nowMs && !this.isRestoring(arn),
    );
    if (expired === undefined) return false;
    await this.options.catalog.change((changes) => this.remove(changes, expired));
    return true;
  }

  /**
   * A table that goes with point-in-time recovery leaves a system backup of its last state, kept for as many days as
   * the recovery reached back.
   */
  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    const recovery = before?.pointInTimeRecovery;
    if (before === undefined || recovery === undefined || before.status === 'DELETING') return;
    if (after !== undefined && after.status !== 'DELETING') return;
    const kind = { name: `${before.name}$DeletedTableBackup`, type: 'SYSTEM' } as const;
    const backup = this.#put(changes, before, kind, recovery.periodDays);
    // The table's record is on its way out, and needs no word of the pin: no write follows.
    const stamp = Buffer.from(backup.stamp, 'hex');
    changes.writer.put(pinKey(before.storageNumber, backup.arn), stamp);
    changes.afterwards(this.options.wake);
  }

  #put(
    changes: CatalogWriter,
    table: TableRecord,
    kind: Pick<BackupRecord, 'name' | 'type'>,
    days?: number,
  ): BackupRecord {
    const { clock, statistics, history, transitionDelayMs } = this.options;
    const createdMs = clock.nowMs();
    const backup: BackupRecord = {
      ...kind,
      arn: this.#newArn(table, createdMs, kind.type),
      createdMs,
      availableMs: createdMs + transitionDelayMs,
      ...(days !== undefined && { expiresMs: createdMs + days * DAY_MS }),
      stamp: hex(history.nextStamp(changes.writer)),
      table,
      counts: { ...statistics.of(table.storageNumber) },
    };
    changes.writer.put(backupKey(backup.arn), Buffer.from(JSON.stringify(backup)));
    changes.afterwards(() => this.#add(backup));
    return backup;
  }

  /** `<table's ARN>/backup/01489602797149-73d8d5bc`: fourteen digits of epoch milliseconds, eight random hex digits. */
  #newArn(table: TableRecord, createdMs: number, type: BackupRecord['type']): string {
    const head = `${tableArn(table, table.name)}/backup/${String(Math.floor(createdMs)).padStart(14, '0')}-`;
    // System backups have zeros; a table of the same name that went in the same millisecond takes other digits.
    if (type === 'SYSTEM' && !this.#byArn.has(`${head}00000000`)) return `${head}00000000`;
    for (;;) {
      const arn = head + Buffer.from(this.options.random.bytes(4)).toString('hex');
      if (!this.#byArn.has(arn)) return arn;
    }
  }

  #add(backup: BackupRecord): void {
    this.#byArn.set(backup.arn, backup);
  }
}

function order({ createdMs, arn }: BackupRecord): string {
  return `${String(createdMs).padStart(20, '0')} ${arn}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
