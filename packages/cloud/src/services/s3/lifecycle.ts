import type { LifecycleRule } from '@aws-sdk/client-s3';
import type { Timer } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { deleteIn } from './delete-objects.js';
import { applies, dueMs, expiresMs, nextMidnightMs, reviveLifecycle } from './lifecycle-rules.js';
import { isDeleteMarker, type ObjectRecord, type StoredBytes } from './object-record.js';
import { idOf, type ListedVersion } from './object-versions.js';
import type { S3State } from './s3-state.js';

type Fate = 'keep' | 'expire' | 'remove';

/** Versions that are looked at in one turn of the event loop. */
const BATCH = 500;

/**
 * Lifecycle rules, carried out at each midnight UTC of the clock while a bucket has any: objects expire (behind a delete
 * marker where there are versions), former versions go, delete markers with nothing behind them go, uploads that were
 * never completed are aborted. Transitions are settings only: there is one kind of storage here.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
 */
export class Lifecycle {
  readonly #kernel: Kernel;
  #timer: Timer | undefined;
  #run: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(private readonly state: S3State) {
    this.#kernel = state.kernel;
  }

  /** Catches up with what fell due while nothing ran, and goes on from there. */
  start(): void {
    if (!this.state.settings.hasLifecycles()) return;
    this.#kernel.activity.track('S3 lifecycle', this.#runOnce());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#run;
  }

  /** A bucket's rules were set. */
  changed(): void {
    if (this.#timer === undefined) this.#arm();
  }

  #arm(): void {
    this.#timer = undefined;
    if (this.#isClosed || !this.state.settings.hasLifecycles()) return;
    const nowMs = this.#kernel.clock.nowMs();
    this.#timer = this.#kernel.clock.after(nextMidnightMs(nowMs) - nowMs, () => this.#runOnce());
  }

  async #runOnce(): Promise<void> {
    this.#run = this.#applyAll().catch((fault) => this.#kernel.reportFault('S3 lifecycle', fault));
    await this.#run;
    this.#arm();
  }

  async #applyAll(): Promise<void> {
    const nowMs = this.#kernel.clock.nowMs();
    for (const { bucket, rules: stored } of this.state.settings.lifecycles()) {
      const rules = reviveLifecycle(stored).filter(({ Status }) => Status === 'Enabled');
      await this.#applyToVersions(bucket, rules, nowMs);
      await this.#applyToUploads(bucket, rules, nowMs);
    }
  }

  async #applyToVersions(bucket: string, rules: readonly LifecycleRule[], nowMs: number): Promise<void> {
    let afterKey: string | undefined = '';
    while (afterKey !== undefined && !this.#isClosed) {
      const gone: ObjectRecord[] = await this.#kernel.store.change((writer) => {
        const batch = wholeKeys(this.state.versions.list(bucket, { reader: writer, afterKey }));
        afterKey = batch.length < BATCH ? undefined : batch.at(-1)?.key;
        return versionsDue(batch, rules, nowMs).flatMap(({ version, fate }) => {
          const versionId = fate === 'remove' ? idOf(version.record) : undefined;
          return deleteIn(this.state, writer, bucket, { key: version.key, versionId, conditions: {} }).gone;
        });
      });
      await this.state.removeBytes(gone);
    }
  }

  async #applyToUploads(bucket: string, rules: readonly LifecycleRule[], nowMs: number): Promise<void> {
    const due = [...this.state.uploads.list(bucket)].filter(({ key, upload }) =>
      rules.some((rule) => {
        const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
        return (
          days !== undefined &&
          applies(rule, { key, sizeBytes: 0, tags: {} }) &&
          dueMs(upload.initiatedMs, days) <= nowMs
        );
      }),
    );
    const gone: StoredBytes[] = [];
    await this.#kernel.store.change((writer) => {
      for (const { key, uploadId } of due) gone.push(...this.state.uploads.deleteIn(writer, bucket, key, uploadId));
    });
    await this.state.removeBytes(gone);
  }
}

/** At least {@link BATCH} versions, if there are so many, and all of each key. */
function wholeKeys(versions: Iterable<ListedVersion>): ListedVersion[] {
  const batch: ListedVersion[] = [];
  for (const version of versions) {
    if (batch.length >= BATCH && version.key !== batch.at(-1)?.key) break;
    batch.push(version);
  }
  return batch;
}

function versionsDue(batch: readonly ListedVersion[], rules: readonly LifecycleRule[], nowMs: number) {
  const newerBy = new Map<string, number>();
  return batch.flatMap((version, index) => {
    const newer = newerBy.get(version.key) ?? 0;
    if (!version.isLatest) newerBy.set(version.key, newer + 1);
    const isAlone = version.isLatest && batch[index + 1]?.key !== version.key;
    const fate = fateOf(version, newer, isAlone, rules, nowMs);
    return fate === 'keep' ? [] : [{ version, fate }];
  });
}

/** @param newer How many former versions of the key are newer than this one. */
function fateOf(
  version: ListedVersion,
  newer: number,
  isAlone: boolean,
  rules: readonly LifecycleRule[],
  nowMs: number,
): Fate {
  const { key, record, isLatest, replacedMs } = version;
  const marker = isDeleteMarker(record);
  const candidate = marker ? { key, sizeBytes: 0, tags: {} } : { key, sizeBytes: record.sizeBytes, tags: record.tags };
  const own = rules.filter((rule) => applies(rule, candidate));
  if (isLatest && marker)
    return isAlone && own.some((rule) => clearsMarker(rule, record.modifiedMs, nowMs)) ? 'remove' : 'keep';
  if (isLatest) return own.some((rule) => expires(rule, record as ObjectRecord, nowMs)) ? 'expire' : 'keep';
  const over = own.some(({ NoncurrentVersionExpiration: expiration }) => {
    if (expiration?.NoncurrentDays === undefined || replacedMs === undefined) return false;
    return newer >= (expiration.NewerNoncurrentVersions ?? 0) && dueMs(replacedMs, expiration.NoncurrentDays) <= nowMs;
  });
  return over ? 'remove' : 'keep';
}

function expires({ Expiration: expiration }: LifecycleRule, object: ObjectRecord, nowMs: number): boolean {
  const atMs = expiration === undefined ? undefined : expiresMs(expiration, object.modifiedMs);
  return atMs !== undefined && atMs <= nowMs;
}

/** A delete marker with nothing behind it goes with a rule that says so, and with one that expires objects by age. */
function clearsMarker({ Expiration: expiration }: LifecycleRule, modifiedMs: number, nowMs: number): boolean {
  if (expiration?.ExpiredObjectDeleteMarker === true) return true;
  return expiration?.Days !== undefined && dueMs(modifiedMs, expiration.Days) <= nowMs;
}
