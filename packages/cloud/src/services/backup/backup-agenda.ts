import type { Store, Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { Records } from '../../kernel/records.js';
import {
  type BackupJobRecord,
  type CopyJobRecord,
  calculatedLifecycle,
  DAY_MS,
  type RecoveryPointRecord,
  type RestoreJobRecord,
} from './backup-records.js';

/**
 * For how long a job that has ended is shown: AWS lists those "of the last 30 days".
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_ListBackupJobs.html
 */
const JOBS_KEPT_DAYS = 30;

/** What time does something to, and the records of each. */
export interface Scheduled {
  readonly job: BackupJobRecord;
  readonly copy: CopyJobRecord;
  readonly restore: RestoreJobRecord;
  readonly point: RecoveryPointRecord;
}

export type ScheduledKind = keyof Scheduled;
export type ScheduledRecords = { readonly [K in ScheduledKind]: Records<Scheduled[K]> };

/** Where a record that falls due lies. */
export interface AgendaEntry extends Caller {
  readonly kind: ScheduledKind;
  readonly id: string;
  readonly atMs: number;
}

/** The only partition: what falls due first comes first, whatever its account and region. */
const ALL = 'all';

/**
 * When each job and recovery point is to be looked at next, in that order, so that the schedule reads those that are due
 * and no other. Changed together with the record.
 */
export class BackupAgenda {
  readonly #entries: Records<AgendaEntry>;

  constructor(private readonly store: Store) {
    this.#entries = new Records(store, 'backup.agenda');
  }

  /** The earliest first. Read them in the same turn. */
  *entries(): Iterable<AgendaEntry> {
    for (const [, entry] of this.#entries.list(ALL)) yield entry;
  }

  /** Where it is empty, enters all records: those of a data folder from before there was an agenda. */
  async fill(records: ScheduledRecords): Promise<void> {
    if (!this.#entries.isEmpty(this.store, ALL)) return;
    await this.store.change((writer) => {
      for (const job of records.job.all()) this.move(writer, 'job', job.id, undefined, job);
      for (const job of records.copy.all()) this.move(writer, 'copy', job.id, undefined, job);
      for (const job of records.restore.all()) this.move(writer, 'restore', job.id, undefined, job);
      for (const point of records.point.all()) this.move(writer, 'point', point.arn, undefined, point);
    });
  }

  /** A record is written in place of another. undefined: there is none. */
  move<K extends ScheduledKind>(
    writer: Writer,
    kind: K,
    id: string,
    before: Scheduled[K] | undefined,
    after: Scheduled[K] | undefined,
  ): void {
    const old = before && entryOf(kind, id, before);
    const next = after && entryOf(kind, id, after);
    if (old !== undefined) this.#entries.deleteIn(writer, ALL, nameOf(old));
    if (next !== undefined) this.#entries.putIn(writer, ALL, nameOf(next), next);
  }
}

function entryOf<K extends ScheduledKind>(kind: K, id: string, record: Scheduled[K]): AgendaEntry | undefined {
  const atMs = DUE[kind](record);
  return atMs === undefined ? undefined : { accountId: record.accountId, region: record.region, kind, id, atMs };
}

function nameOf({ atMs, kind, id, ...caller }: AgendaEntry): string {
  return [String(atMs).padStart(16, '0'), kind, partitionOf(caller), id].join(' ');
}

/** When a record is to be looked at; undefined: never. Jobs that have not ended: at once, since they were created. */
const DUE: { readonly [K in ScheduledKind]: (record: Scheduled[K]) => number | undefined } = {
  job: ({ createdMs, completedMs }) => (completedMs === undefined ? createdMs : forgottenMs(completedMs)),
  restore: ({ createdMs, completedMs }) => (completedMs === undefined ? createdMs : forgottenMs(completedMs)),
  // They run to their end when they are started; there is nothing to look at before.
  copy: ({ createdMs, completedMs }) => forgottenMs(completedMs ?? createdMs),
  point: (point) => {
    if (point.status !== 'COMPLETED') return undefined;
    const { coldMs, deleteMs } = calculatedLifecycle(point);
    const nextMs = Math.min(
      deleteMs ?? Number.POSITIVE_INFINITY,
      (point.storage === 'WARM' ? coldMs : undefined) ?? Number.POSITIVE_INFINITY,
    );
    return Number.isFinite(nextMs) ? nextMs : undefined;
  },
};

/** When a job is removed that ended at an instant. */
export function forgottenMs(endedMs: number): number {
  return endedMs + JOBS_KEPT_DAYS * DAY_MS;
}
