import type { Clock, Timer } from '@tablewright/base';
import type { Store, Writer } from '@tablewright/store';
import type { CatalogWriter, TableObserver } from '../catalog/catalog.js';
import { putGarbage } from '../catalog/keys.js';
import type { KeyInsights, KeySchema, Table, TableIndex } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import { StoredItem } from '../data/stored-item.js';
import { digestIn, hashLabelIn, type KeyLabels, labelsOfItem, labelsOfItemKey } from './key-labels.js';
import { MINUTE_MS, minuteAndKind, type TallyKind, tallyKey, tallyRange } from './stored-tally.js';
import { Tally, type TallyRecord } from './tally.js';

export interface ContributorsOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Calls for the work in the background. */
  readonly wake: () => void;
}

/** How much of a source a read goes through: one item, what has one hash key, or more. */
export type ReadScope = 'item' | 'collection' | 'range';

/** ConsumedThroughputUnits: a written unit counts as three (docs: contributorinsights_HowItWorks). */
const WRITE_FACTOR = 3;
/** As long as CloudWatch keeps data points of a minute. */
const KEPT_MINUTES = 15 * 24 * 60;
const PRUNED_TALLIES = 200;

interface Minute {
  readonly storageNumber: number;
  readonly minute: number;
  readonly tallies: Map<TallyKind, Tally>;
}

/**
 * Counts which keys of a table or global index are accessed and throttled, where contributor insights are on. The
 * minute under way is tallied in memory and stored when it is over, and when the engine closes: a killed process
 * loses the counts of that minute.
 *
 * As on AWS, a Query counts once, for its hash key, and throttles of writes for want of an index's capacity are not
 * counted; a Scan is shared among the items that it read, by their sizes. Differs: PartiQL's statements count like the
 * requests that they stand for, except for those that scan; a key longer than 64 bytes shows as its SHA-256 where
 * there is no item to read it from.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/contributorinsights_HowItWorks.html
 */
export class Contributors implements TableObserver {
  /** The minute under way, by storage number of the counts. */
  readonly #minutes = new Map<number, Minute>();
  /** Those that are over, and not stored yet. */
  #over: readonly Minute[] = [];
  #timer: Timer | undefined;

  constructor(private readonly options: ContributorsOptions) {}

  /** Reads of one item, by its store key. */
  itemRead(table: Table, key: string, units: number): void {
    this.#consumed(table.insights, () => this.#itemLabels(table, key), units);
  }

  /** @param entries read, as far as they were collected; empty when there were none */
  rangeRead(
    table: Table,
    index: TableIndex | undefined,
    read: { readonly start: string; readonly scope: ReadScope; readonly entries: readonly StoredItem[] },
    units: number,
  ): void {
    const { counted, keys } = countedOf(table, index);
    const [first] = read.entries;
    if (read.scope === 'collection') {
      this.#consumed(counted, () => ({ hash: hashLabel(keys, read.start, first) }), units);
      return;
    }
    const bytes = read.entries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
    for (const entry of read.entries) {
      this.#consumed(counted, () => labelsOfItem(keys, entry.item), (units * entry.sizeBytes) / bytes);
    }
  }

  itemWritten(table: Table, key: string, units: number): void {
    this.#consumed(table.insights, () => this.#itemLabels(table, key), units * WRITE_FACTOR);
  }

  /** @param entry of the index, as stored */
  entryWritten(index: TableIndex, entry: Buffer, units: number): void {
    const labels = (): KeyLabels => labelsOfItem(index.keys, new StoredItem(entry).item);
    this.#consumed(index.insights, labels, units * WRITE_FACTOR);
  }

  throttled(table: Table, index: TableIndex | undefined, key: string, scope: ReadScope): void {
    const { counted, keys } = countedOf(table, index);
    if (counted === undefined || scope === 'range') return;
    const labels = scope === 'item' ? this.#itemLabels(table, key) : { hash: hashLabel(keys, key, undefined) };
    this.#add(counted, 'T', labels, 1);
  }

  /** The tallies of one kind from one minute to another, by minute, with what is under way. */
  tallies(storageNumber: number, kind: TallyKind, fromMs: number, toMs: number): Map<number, Tally> {
    const found = new Map<number, Tally>();
    const range = tallyRange(storageNumber, Math.floor(fromMs / MINUTE_MS), Math.ceil(toMs / MINUTE_MS));
    for (const { key, value } of this.options.store.range(range)) {
      const at = minuteAndKind(key);
      if (at.kind === kind) found.set(at.minute, tallyOf(value));
    }
    for (const { minute, tallies, ...of } of [...this.#over, ...this.#minutes.values()]) {
      const tally = of.storageNumber === storageNumber ? tallies.get(kind) : undefined;
      const atMs = minute * MINUTE_MS;
      if (tally === undefined || atMs <= fromMs - MINUTE_MS || atMs >= toMs) continue;
      const merged = found.get(minute) ?? new Tally();
      merged.merge(tally.record());
      found.set(minute, merged);
    }
    return found;
  }

  /** Stores what is over; false when there is nothing. */
  async step(): Promise<boolean> {
    if (this.#over.length === 0) return false;
    await this.options.store.change((writer) => {
      const over = this.#over;
      this.#over = [];
      for (const minute of over) storeMinute(writer, minute);
    });
    return true;
  }

  /** The counts go with the rules. */
  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    if (before === undefined) return;
    const kept = new Set(after === undefined ? [] : countNumbers(after));
    for (const number of countNumbers(before)) {
      if (kept.has(number)) continue;
      putGarbage(changes.writer, number, 'Dh');
      changes.afterwards(() => {
        this.#minutes.delete(number);
        this.#over = this.#over.filter(({ storageNumber }) => storageNumber !== number);
        this.options.wake();
      });
    }
  }

  /** Stores what is under way. */
  async close(): Promise<void> {
    this.#end();
    await this.step();
  }

  #consumed(counted: KeyInsights | undefined, labels: () => KeyLabels, units: number): void {
    if (counted?.isAccessCounted === true && units > 0) this.#add(counted, 'C', labels(), units);
  }

  #add({ storageNumber }: KeyInsights, what: 'C' | 'T', { hash, range }: KeyLabels, value: number): void {
    const { tallies } = this.#minuteOf(storageNumber);
    tallyIn(tallies, `P${what}`).add(JSON.stringify([hash]), value);
    if (range !== undefined) tallyIn(tallies, `S${what}`).add(JSON.stringify([hash, range]), value);
  }

  #minuteOf(storageNumber: number): Minute {
    const nowMs = this.options.clock.nowMs();
    const minute = Math.floor(nowMs / MINUTE_MS);
    const known = this.#minutes.get(storageNumber);
    if (known?.minute === minute) return known;
    if (known !== undefined) this.#end();
    const begun = { storageNumber, minute, tallies: new Map() };
    this.#minutes.set(storageNumber, begun);
    this.#timer ??= this.options.clock.after((minute + 1) * MINUTE_MS - nowMs, () => this.#end());
    return begun;
  }

  /** Hands over what is under way to the work in the background: within a change, none other can begin. */
  #end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#over = [...this.#over, ...this.#minutes.values()];
    this.#minutes.clear();
    this.options.wake();
  }

  /** A value that is too long for the store key is read from the item. */
  #itemLabels({ keys }: Table, key: string): KeyLabels {
    const inKey = labelsOfItemKey(key, keys);
    if (inKey !== undefined) return inKey;
    const stored = this.options.store.get(key);
    return stored === undefined ? { hash: digestIn(key) } : labelsOfItem(keys, new StoredItem(stored).item);
  }
}

function storeMinute(writer: Writer, { storageNumber, minute, tallies }: Minute): void {
  for (const [kind, tally] of tallies) {
    const key = tallyKey(storageNumber, minute, kind);
    // A part of the minute may have been stored before.
    const stored = writer.get(key);
    if (stored !== undefined) tally.merge(JSON.parse(stored.toString('utf8')) as TallyRecord);
    writer.put(key, Buffer.from(JSON.stringify(tally.record())));
  }
  const expired: string[] = [];
  for (const { key } of writer.range(tallyRange(storageNumber, 0, Math.max(0, minute - KEPT_MINUTES)))) {
    expired.push(key);
    if (expired.length === PRUNED_TALLIES) break;
  }
  for (const key of expired) writer.delete(key);
}

/** A local index counts as its table. */
function countedOf(
  table: Table,
  index: TableIndex | undefined,
): { readonly counted: KeyInsights | undefined; readonly keys: KeySchema } {
  return index === undefined || index.kind === 'LSI'
    ? { counted: table.insights, keys: table.keys }
    : { counted: index.insights, keys: index.keys };
}

function hashLabel(keys: KeySchema, start: string, entry: StoredItem | undefined): string {
  const inKey = hashLabelIn(start, keys.hash);
  if (inKey !== undefined) return inKey.label;
  return entry === undefined ? digestIn(start) : labelsOfItem(keys, entry.item).hash;
}

function tallyIn(tallies: Map<TallyKind, Tally>, kind: TallyKind): Tally {
  const known = tallies.get(kind);
  if (known !== undefined) return known;
  const begun = new Tally();
  tallies.set(kind, begun);
  return begun;
}

function tallyOf(value: Buffer): Tally {
  const tally = new Tally();
  tally.merge(JSON.parse(value.toString('utf8')) as TallyRecord);
  return tally;
}

function countNumbers(record: TableRecord): number[] {
  return [record, ...record.globalIndexes].flatMap(({ insights }) =>
    insights?.rules === undefined ? [] : [insights.rules.storageNumber],
  );
}
