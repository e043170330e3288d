import type { Clock } from '@tablewright/base';
import type { Key, Reader, Store, Writer } from '@tablewright/store';
import type { Catalog, CatalogWriter, TableObserver } from '../catalog/catalog.js';
import { contentRange, garbageKey } from '../catalog/keys.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ItemChange } from '../data/replace-item.js';
import { sameItem } from '../data/same-item.js';
import type { HistorySink } from '../engine-context.js';
import {
  entriesBefore,
  journalEntry,
  journalPrefix,
  LAST_STAMP,
  pinKey,
  suffixOf,
  sweepKey,
  timeIndexKey,
} from './history-keys.js';
import { firstOf } from './past-items.js';
import { FIRST_STAMP, STAMP_LENGTH, type Stamp, StampSource } from './stamp.js';

export interface HistoryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  /** Calls for the clean-up's steps. */
  readonly wake: () => void;
}

const EMPTY = Buffer.alloc(0);

/**
 * The past of items: a journal that holds, per item, what each change found. Written in the same store change as the
 * item. A table with point-in-time recovery has every change in it, and an index of them by time to prune it by; a
 * table that has backups only the first change of an item after the latest backup ("pin"); any other table none.
 */
export class History implements HistorySink, TableObserver {
  readonly #stamps: StampSource;

  constructor(private readonly options: HistoryOptions) {
    const last = options.store.get(LAST_STAMP)?.toString('latin1') ?? FIRST_STAMP;
    this.#stamps = new StampSource(options.clock, last);
  }

  append(writer: Writer, change: ItemChange): void {
    const { layout, key, before, after } = change;
    const { journal, storageNumber } = layout.table;
    if (journal === undefined || (before === undefined && after === undefined)) return;
    if (before !== undefined && after !== undefined && sameItem(before, after)) return;
    const suffix = suffixOf(key);
    const prefix = journalPrefix(storageNumber, suffix);
    if (journal.timeIndex === undefined && isKeptSince(writer, prefix, journal.latestPin ?? FIRST_STAMP)) return;
    const stamp = this.nextStamp(writer);
    writer.put(prefix + stamp, before?.bytesToKeep() ?? EMPTY);
    if (journal.timeIndex !== undefined) writer.put(timeIndexKey(journal.timeIndex, stamp, suffix), EMPTY);
  }

  /** After all that was written so far, also in this change. */
  nextStamp(writer: Writer): Stamp {
    const stamp = this.#stamps.next(writer);
    writer.put(LAST_STAMP, Buffer.from(stamp, 'latin1'));
    return stamp;
  }

  /** Keeps the state of the items at a stamp, from now on, also when the table goes. */
  pin(changes: CatalogWriter, storageNumber: number, name: string, stamp: Stamp): void {
    changes.writer.put(pinKey(storageNumber, name), Buffer.from(stamp, 'latin1'));
    this.#followPins(changes, storageNumber);
  }

  /** Gives up what only this pin kept; it is removed in the background. */
  unpin(changes: CatalogWriter, storageNumber: number, name: string): void {
    changes.writer.delete(pinKey(storageNumber, name));
    const isAlive = this.#followPins(changes, storageNumber);
    if (!isAlive && pins(changes.writer, storageNumber).length === 0) {
      putGarbage(changes.writer, storageNumber, 'Dd');
    }
    this.sweep(changes, storageNumber);
  }

  /** Has the journal looked through for entries that nothing needs any more. */
  sweep(changes: CatalogWriter, storageNumber: number): void {
    changes.writer.put(sweepKey(storageNumber), EMPTY);
    changes.afterwards(this.options.wake);
  }

  /** Whether the items must stay when their table goes. */
  isPinned(reader: Reader, storageNumber: number): boolean {
    return firstOf(reader.range(contentRange('Dp', storageNumber))) !== undefined;
  }

  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    const was = before?.pointInTimeRecovery;
    const is = after?.pointInTimeRecovery;
    if (was?.storageNumber === is?.storageNumber) {
      if (was?.periodDays !== is?.periodDays) changes.afterwards(this.options.wake);
      return;
    }
    if (before !== undefined && was !== undefined) {
      putGarbage(changes.writer, was.storageNumber, 'Dt');
      this.sweep(changes, before.storageNumber);
    }
    if (is !== undefined) changes.afterwards(this.options.wake);
  }

  /** The table's record holds its latest pin, so that writes see it. False when the table is gone. */
  #followPins(changes: CatalogWriter, storageNumber: number): boolean {
    const record = this.options.catalog.all().find((one) => one.storageNumber === storageNumber);
    if (record === undefined) return false;
    const latest = pins(changes.writer, storageNumber).sort().at(-1);
    const { latestPin: _, ...rest } = record;
    changes.put(latest === undefined ? rest : { ...rest, latestPin: hex(latest) });
    return true;
  }
}

/** The stamps that something restores from. */
export function pins(reader: Reader, storageNumber: number): Stamp[] {
  return [...reader.range(contentRange('Dp', storageNumber))].map(({ value }) => value.toString('latin1'));
}

export function hex(key: Key): string {
  return Buffer.from(key, 'latin1').toString('hex');
}

export function unhex(text: string): Key {
  return Buffer.from(text, 'hex').toString('latin1');
}

/** Whether the item's state at the pin is in the journal already. */
function isKeptSince(reader: Reader, prefix: string, pin: Stamp): boolean {
  const all = entriesBefore(prefix, '\xff'.repeat(STAMP_LENGTH));
  const last = firstOf(reader.range({ ...all, reverse: true }));
  return last !== undefined && journalEntry(last.key).stamp > pin;
}

function putGarbage(writer: Writer, number: number, prefix: 'Dd' | 'Dt'): void {
  writer.put(garbageKey(number), Buffer.from(JSON.stringify({ number, prefix })));
}
