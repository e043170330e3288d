import type { Clock, Timer } from '@tablewright/base';
import type { Backups } from '../backup/backups.js';
import type { Catalog, CatalogWriter, TableObserver } from '../catalog/catalog.js';
import type { TableRecord } from '../catalog/table-record.js';
import { type DynamoError, validationError } from '../errors.js';
import { leaveGroup } from '../global/leave-group.js';
import type { KmsKeyResolver } from './encryption.js';

/** What tables need of KMS. */
export interface TableKeys {
  readonly resolve: KmsKeyResolver;
  /** Why a table cannot use the key now, in DynamoDB's words; undefined when it can. */
  readonly fault?: (keyArn: string) => string | undefined;
  /** Calls `listener` with the ARN of a key whose state changed. Returns what ends it. */
  readonly subscribe?: (listener: (keyArn: string) => void) => () => void;
}

export interface KeyAccessOptions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly backups: Backups;
  readonly keys: TableKeys;
}

/** An inaccessible table is archived after seven days: a backup stays of it. */
const ARCHIVAL_MS = 7 * 24 * 3600 * 1000;
/** A replica without its key is no replica any more after this time (API_ReplicaDescription.html). */
const REMOVAL_MS = 20 * 3600 * 1000;
const MAX_DELAY_MS = 24 * 3600 * 1000;

/**
 * What becomes of tables whose key is disabled, waits for its deletion, or is gone: they are
 * INACCESSIBLE_ENCRYPTION_CREDENTIALS until the key can be used again, and archived after seven days; a replica leaves
 * its global table before. Differs: AWS notices minutes later, when it needs the key again; here it is at once.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.howitworks.html
 */
export class KeyAccess implements TableObserver {
  #timer: Timer | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(private readonly options: KeyAccessOptions) {}

  start(): void {
    this.#unsubscribe = this.options.keys.subscribe?.((keyArn) => this.#check((one) => one === keyArn));
    this.#check(() => true);
  }

  close(): void {
    this.#unsubscribe?.();
    this.#timer?.cancel();
  }

  /** A change of a table may end after its key has gone, or come back. */
  tableChanged(changes: CatalogWriter, _before: TableRecord | undefined, after: TableRecord | undefined): void {
    const keyArn = after?.encryption?.keyArn;
    if (keyArn === undefined) return;
    const isUsable = this.options.keys.fault?.(keyArn) === undefined;
    if (after?.status !== (isUsable ? 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' : 'ACTIVE')) return;
    changes.afterwards(() => this.#check((one) => one === keyArn));
  }

  #check(concerns: (keyArn: string) => boolean): void {
    const { catalog, clock } = this.options;
    const nowMs = clock.nowMs();
    const changed = catalog.all().flatMap((record) => {
      const { encryption } = record;
      if (encryption === undefined || !concerns(encryption.keyArn)) return [];
      const next = this.#next(record, encryption.keyArn, nowMs);
      return next === undefined ? [] : [next];
    });
    if (changed.length > 0) {
      const done = catalog.change((changes) => {
        for (const record of changed) this.#store(changes, record, nowMs);
      });
      // A store that cannot write fails every request that follows with the same error; the start checks again.
      done.catch(() => {});
    }
    this.#arm(nowMs);
  }

  /** The record as its key wants it; undefined when it is so already. */
  #next(record: TableRecord, keyArn: string, nowMs: number): TableRecord | undefined {
    const message = this.options.keys.fault?.(keyArn);
    if (record.status === 'ACTIVE' && message !== undefined) {
      return { ...record, status: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', inaccessible: { sinceMs: nowMs, message } };
    }
    const { inaccessible, ...rest } = record;
    if (record.status !== 'INACCESSIBLE_ENCRYPTION_CREDENTIALS' || inaccessible === undefined) return undefined;
    if (message === undefined) return { ...rest, status: 'ACTIVE' };
    if (inaccessible.sinceMs + ARCHIVAL_MS <= nowMs) return { ...record, status: 'ARCHIVED' };
    return canLeave(record) && inaccessible.sinceMs + REMOVAL_MS <= nowMs ? record : undefined;
  }

  #store(changes: CatalogWriter, record: TableRecord, nowMs: number): void {
    if (canLeave(record) && (record.inaccessible?.sinceMs ?? nowMs) + REMOVAL_MS <= nowMs) {
      const { replication: _, ...alone } = record;
      leaveGroup(changes, record);
      this.#store(changes, alone, nowMs);
      return;
    }
    if (record.status !== 'ARCHIVED') {
      changes.put(record);
      return;
    }
    // The backup is that of the table as it was, so that what is restored from it is not archived.
    const { inaccessible: _, ...rest } = record;
    const backup = this.options.backups.create(changes, { ...rest, status: 'ACTIVE' }, `${record.name}-archival`);
    const pinned = this.options.catalog.all().find((one) => one.storageNumber === record.storageNumber);
    changes.put({
      ...record,
      ...(pinned?.latestPin !== undefined && { latestPin: pinned.latestPin }),
      archival: { atMs: nowMs, reason: 'INACCESSIBLE_ENCRYPTION_CREDENTIALS', backupArn: backup.arn },
    });
  }

  #arm(nowMs: number): void {
    this.#timer?.cancel();
    const due = this.options.catalog
      .all()
      .filter(({ status }) => status === 'INACCESSIBLE_ENCRYPTION_CREDENTIALS')
      .map((record) => (record.inaccessible?.sinceMs ?? nowMs) + (canLeave(record) ? REMOVAL_MS : ARCHIVAL_MS));
    if (due.length === 0) return;
    const delayMs = Math.min(Math.max(Math.min(...due) - nowMs, 1), MAX_DELAY_MS);
    this.#timer = this.options.clock.after(delayMs, () => this.#check(() => true));
  }
}

/** How replicas of a strongly consistent table go when they lose their key is not documented. */
function canLeave({ replication }: TableRecord): boolean {
  return replication !== undefined && replication.strong === undefined;
}

/** KMS's error as DynamoDB hands it on. */
export function kmsError(code: string, message: string, requestId: string): DynamoError {
  const kind = code === 'DisabledException' ? 'KMS key disabled error' : 'KMS validation error';
  return validationError(
    `${kind}: com.amazonaws.services.kms.model.${code}: ${message} ` +
      `(Service: AWSKMS; Status Code: 400; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`,
  );
}
