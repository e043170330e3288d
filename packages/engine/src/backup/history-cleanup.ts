import type { Clock, Timer } from '@tablewright/base';
import type { Entry, Key, Reader, Store, Writer } from '@tablewright/store';
import type { Catalog } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { Backups } from './backups.js';
import { pins } from './history.js';
import { entriesBefore, journalEntry, journalPrefix, SWEEPS, sweptNumber, timeIndexEntry } from './history-keys.js';
import { firstOf } from './past-items.js';
import { recoveryWindow } from './recovery-window.js';
import { FIRST_STAMP, type Stamp, stampAfter, stampMs } from './stamp.js';

export interface CleanupOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly backups: Backups;
  readonly wake: () => void;
}

/** Journal entries looked at in one change. */
const CHUNK = 1000;
const DAY_MS = 24 * 3600 * 1000;
/** What is out of the window is out of reach at once; it is removed some time later, and much of it together. */
const PRUNE_DELAY_MS = 3600 * 1000;

/** Removes what nothing restores from any more: old history, and system backups past their time. */
export class HistoryCleanup {
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(private readonly options: CleanupOptions) {}

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  /** One bounded change; false when nothing is due. A timer waits for what will be. */
  async step(): Promise<boolean> {
    if (this.#isClosed) return false;
    const { clock, backups } = this.options;
    const nowMs = clock.nowMs();
    if (await backups.expire(nowMs)) return true;
    if (await this.#sweep(nowMs)) return true;
    for (const record of this.#recoverable()) if (await this.#prune(record, nowMs)) return true;
    this.#wait(nowMs);
    return false;
  }

  #recoverable(): TableRecord[] {
    return this.options.catalog.all().filter((record) => record.pointInTimeRecovery !== undefined);
  }

  /** Looks through a chunk of the journal of a table that something ceased to need. */
  async #sweep(nowMs: number): Promise<boolean> {
    const { store, catalog } = this.options;
    const marker = firstOf(store.range(SWEEPS));
    if (marker === undefined) return false;
    const storageNumber = sweptNumber(marker.key);
    const record = catalog.all().find((one) => one.storageNumber === storageNumber);
    const window = record && recoveryWindow(record, nowMs);
    const horizon = window && stampAfter(window.earliestMs);
    await store.change((writer) => {
      const after = writer.get(marker.key)?.toString('latin1') ?? '';
      const last = sweepChunk(writer, storageNumber, after, horizon);
      if (last === undefined) writer.delete(marker.key);
      else writer.put(marker.key, Buffer.from(last, 'latin1'));
    });
    return true;
  }

  /** Removes a chunk of what has left the table's window. */
  async #prune(record: TableRecord, nowMs: number): Promise<boolean> {
    const number = record.pointInTimeRecovery?.storageNumber;
    const window = recoveryWindow(record, nowMs);
    if (number === undefined || window === undefined) return false;
    const { start, end } = contentRange('Dt', number);
    const first = firstOf(this.options.store.range({ start, end }));
    if (first === undefined || stampMs(timeIndexEntry(first.key).stamp) > window.earliestMs) return false;
    await this.options.store.change((writer) => {
      const pinned = pins(writer, record.storageNumber);
      for (const { key } of take(writer.range({ start, end: start + stampAfter(window.earliestMs) }), CHUNK)) {
        const { stamp, suffix } = timeIndexEntry(key);
        const prefix = journalPrefix(record.storageNumber, suffix);
        writer.delete(key);
        if (!isPinned(writer, prefix, stamp, pinned)) writer.delete(prefix + stamp);
      }
    });
    return true;
  }

  #wait(nowMs: number): void {
    const { store, clock, backups, wake } = this.options;
    this.#timer?.cancel();
    this.#timer = undefined;
    const due = backups.all().flatMap(({ expiresMs }) => (expiresMs === undefined ? [] : [expiresMs]));
    for (const { pointInTimeRecovery: recovery } of this.#recoverable()) {
      if (recovery === undefined) continue;
      const first = firstOf(store.range(contentRange('Dt', recovery.storageNumber)));
      const firstMs = first === undefined ? nowMs : stampMs(timeIndexEntry(first.key).stamp);
      due.push(firstMs + recovery.periodDays * DAY_MS + PRUNE_DELAY_MS);
    }
    if (due.length === 0) return;
    // A day at most: the machine's timers know no more than some weeks.
    const delayMs = Math.min(Math.max(Math.min(...due) - nowMs, 1), DAY_MS);
    this.#timer = clock.after(delayMs, wake);
  }
}

/** Returns the last key looked at; undefined when the journal was read to its end. */
function sweepChunk(writer: Writer, storageNumber: number, after: Key, horizon: Stamp | undefined): Key | undefined {
  const pinned = pins(writer, storageNumber);
  const { start, end } = contentRange('Dj', storageNumber);
  let previous = after === '' ? undefined : journalEntry(after);
  let last: Key | undefined;
  const chunk = take(writer.range({ start: after === '' ? start : `${after}\0`, end }), CHUNK);
  for (const { key } of chunk) {
    const entry = journalEntry(key);
    const previousStamp = previous?.prefix === entry.prefix ? previous.stamp : FIRST_STAMP;
    const isInWindow = horizon !== undefined && entry.stamp > horizon;
    if (!isInWindow && !isBetween(pinned, previousStamp, entry.stamp)) writer.delete(key);
    previous = entry;
    last = key;
  }
  return chunk.length < CHUNK ? undefined : last;
}

/** Whether the entry tells the state at a pin: a pin lies between it and the item's entry before it. */
function isPinned(reader: Reader, prefix: string, stamp: Stamp, pinned: readonly Stamp[]): boolean {
  if (pinned.length === 0) return false;
  const previous = firstOf(reader.range({ ...entriesBefore(prefix, stamp), reverse: true }));
  return isBetween(pinned, previous === undefined ? FIRST_STAMP : journalEntry(previous.key).stamp, stamp);
}

function isBetween(pinned: readonly Stamp[], from: Stamp, to: Stamp): boolean {
  return pinned.some((pin) => from <= pin && pin < to);
}

function take(entries: Iterable<Entry>, count: number): Entry[] {
  const taken: Entry[] = [];
  for (const entry of entries) {
    taken.push(entry);
    if (taken.length === count) break;
  }
  return taken;
}
