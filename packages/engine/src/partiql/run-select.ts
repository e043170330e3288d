import {
  AttributeNames,
  endHash,
  itemKey,
  keyHash,
  MAX_PAGE_BYTES,
  pickAttributes,
  type ReadSource,
  readPage,
  readUnits,
  StoredItem,
  type Units,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { projectPaths, topLevelAttribute, valueAt } from '../expression/index.js';
import type { AttributeMap, AttributeValue } from '../value/index.js';
import type { ReadPosition } from './next-token.js';
import type { PlannedRead } from './select-plan.js';
import type { Column } from './translate-select.js';

/** A SELECT ready to be run. */
export interface SelectRun {
  readonly source: ReadSource;
  readonly reads: readonly PlannedRead[];
  readonly columns: readonly Column[] | undefined;
  /** Whether columns must be fetched from the table, as a local index does not project them. */
  readonly isFetching: boolean;
  readonly isConsistent: boolean;
  readonly limit: number | undefined;
}

export interface SelectPage {
  readonly items: readonly (StoredItem | AttributeMap)[];
  readonly units: Units;
  /** Where the next page begins; undefined when there is none. */
  readonly next: ReadPosition | undefined;
  readonly lastKey: AttributeMap | undefined;
}

/** Reads one page: as many of the reads as the limit and the size of a page allow. */
export function runSelect(context: EngineContext, run: SelectRun, from: ReadPosition): SelectPage {
  const first = run.reads[from.read];
  const { source } = run;
  if (first !== undefined) {
    context.throughput.admitRead(source.layout, source.index, first.stretch.start, scopeOf(source, first));
  }
  return new PageReader(context, run).page(from);
}

/**
 * What the answer to a SELECT in a batch or a transaction has of its item: there, each is a read of one item, and nested
 * columns come within the maps and lists that hold them (observed with DynamoDB Local; AWS does not say).
 */
export function projectedItem(item: StoredItem, columns: readonly Column[] | undefined): StoredItem | AttributeMap {
  if (columns === undefined) return item;
  return projectPaths(
    item.item,
    columns.map(({ path }) => path),
  );
}

class PageReader {
  /** What the columns are taken from. */
  readonly #names: AttributeNames | undefined;
  readonly #items: (StoredItem | AttributeMap)[] = [];
  #units = 0;
  #fetchedUnits = 0;
  #evaluated = 0;
  #sizeBytes = 0;

  constructor(
    private readonly context: EngineContext,
    private readonly run: SelectRun,
  ) {
    const paths = run.columns?.map(({ path }) => path);
    this.#names = paths && new AttributeNames([...new Set(paths.map(topLevelAttribute))]);
  }

  page(from: ReadPosition): SelectPage {
    const { reads } = this.run;
    for (let at = from.read; at < reads.length; at++) {
      const read = reads[at];
      if (read === undefined) break;
      if (this.#sizeBytes >= MAX_PAGE_BYTES) return this.#result({ read: at, key: undefined }, undefined);
      const last = this.#read(read, at === from.read ? from.key : undefined);
      if (last !== undefined) return this.#stop(at, read, last);
    }
    return this.#result(undefined, undefined);
  }

  /** One read, as far as there is room. Returns the last entry read when the page ends with it. */
  #read(read: PlannedRead, startKey: AttributeMap | undefined): StoredItem | undefined {
    const { source, isFetching, limit } = this.run;
    const before = this.#sizeBytes;
    const fetchedBefore = this.#fetchedUnits;
    const { filter } = read;
    const full = new Map<StoredItem, StoredItem>();
    const range = { ...remaining(read, source, startKey), reverse: read.reverse };
    const page = readPage(this.context.store, range, {
      limit: limit === undefined ? undefined : limit - this.#evaluated,
      filter,
      accepts: read.stretch.accepts,
      fetch: isFetching ? (entry) => this.#fetch(entry, full) : undefined,
      isOneItem: false,
      collects: true,
      startBytes: before,
    });
    this.#evaluated += page.scannedCount;
    this.#sizeBytes = page.sizeBytes;
    const unitsRead = readUnits(page.sizeBytes - before, this.run.isConsistent);
    this.#units += unitsRead;
    const charged = unitsRead + this.#fetchedUnits - fetchedBefore;
    const { start, end } = read.stretch;
    this.context.throughput.chargeRead(source.layout, source.index, start, charged, {
      scope: scopeOf(source, read),
      lastHash: endHash(source.prefix, end),
    });
    for (const item of page.items) this.#items.push(this.#columnsOf(full.get(item) ?? item));
    return page.last;
  }

  /** What the answer has of an item; all of it when no columns are named. Nested columns are attributes of their own. */
  #columnsOf(item: StoredItem): StoredItem | AttributeMap {
    const { columns } = this.run;
    if (columns === undefined || this.#names === undefined) return item;
    const attributes = item.attributes(this.#names);
    const entries: [string, AttributeValue][] = [];
    for (const { label, path } of columns) {
      const value = valueAt(attributes, path);
      if (value !== undefined) entries.push([label, value]);
    }
    return Object.fromEntries(entries);
  }

  /** The filter sees the entry alone, while the columns are those of the item; every entry read is charged for. */
  #fetch(entry: StoredItem, full: Map<StoredItem, StoredItem>): StoredItem {
    const value = this.context.store.get(itemKey(this.run.source.layout.table, entry.item));
    if (value === undefined) return entry;
    this.#fetchedUnits += readUnits(StoredItem.sizeOf(value), this.run.isConsistent);
    full.set(entry, new StoredItem(value));
    return entry;
  }

  /**
   * At the limit there is a next page even if nothing follows, except where a read of one item cannot have one. At the
   * end of a read, the next page begins with the next read.
   */
  #stop(at: number, read: PlannedRead, last: StoredItem): SelectPage {
    const { source, reads } = this.run;
    const lastKey = pickAttributes(
      last.item,
      source.startKeyAttributes.map(({ name }) => name),
    );
    const isLastRead = at === reads.length - 1;
    if (isLastRead) return this.#result(read.isOneItem ? undefined : { read: at, key: lastKey }, lastKey);
    if (this.#isAtEnd(read, lastKey)) return this.#result({ read: at + 1, key: undefined }, undefined);
    return this.#result({ read: at, key: lastKey }, lastKey);
  }

  #isAtEnd(read: PlannedRead, lastKey: AttributeMap): boolean {
    const rest = { ...remaining(read, this.run.source, lastKey), reverse: read.reverse };
    for (const { value } of this.context.store.range(rest)) {
      if (read.stretch.accepts?.(new StoredItem(value)) ?? true) return false;
    }
    return true;
  }

  #result(next: ReadPosition | undefined, lastKey: AttributeMap | undefined): SelectPage {
    const { index } = this.run.source;
    const units: Units =
      index === undefined
        ? { table: this.#units }
        : { table: this.#fetchedUnits, indexes: new Map([[index.index.name, this.#units]]) };
    return { items: this.#items, units, next, lastKey };
  }
}

function scopeOf(source: ReadSource, { stretch }: PlannedRead): 'collection' | 'range' {
  return keyHash(stretch.start) === endHash(source.prefix, stretch.end) ? 'collection' : 'range';
}

/** What is left of a read behind an entry of it. */
function remaining(
  { stretch, reverse }: PlannedRead,
  source: ReadSource,
  startKey: AttributeMap | undefined,
): { readonly start: string; readonly end: string } {
  if (startKey === undefined) return { start: stretch.start, end: stretch.end };
  const key = source.storeKey(startKey);
  return reverse ? { start: stretch.start, end: key } : { start: `${key}\0`, end: stretch.end };
}
