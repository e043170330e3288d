import type { Clock } from '@tablewright/base';
import type { CatalogWriter, TableObserver } from '../catalog/catalog.js';
import type { Table, TableIndex } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import { keyHash } from '../data/key-codec.js';
import type { EntryChange } from '../data/replace-item.js';
import type { StoredItem } from '../data/stored-item.js';
import type { Contributors, ReadScope } from '../insights/index.js';
import type { CapacityGate } from './capacity-gate.js';
import { type GatePair, TableGates, type TableGatesOptions } from './table-gates.js';
import { type Direction, reasonName, type Throttle, type ThrottlingReasonName, throttleError } from './throttle.js';

/** What the tables' throughput does: act as on AWS, or only be counted. */
export type ThroughputMode = 'enforced' | 'free-running';

/** Capacity that a request consumed on a table (its local indexes included) or on a global index. */
export interface Consumption {
  readonly table: Table;
  /** Undefined for the table itself. */
  readonly indexName: string | undefined;
  readonly direction: Direction;
  readonly units: number;
  /** A write that came from another region; absent for those of requests. */
  readonly source?: 'GlobalTable';
}

/** A request, or an item of a batch or transaction, that was kept out. */
export interface ThrottleEvent {
  readonly table: Table;
  readonly indexName: string | undefined;
  readonly direction: Direction;
  readonly reason: ThrottlingReasonName;
}

/** Bytes that a request has written to a vector index, or that a search has gone through and returned. */
export interface VectorBytes {
  readonly table: Table;
  readonly indexName: string;
  readonly direction: 'Search' | 'Write';
  readonly bytes: number;
}

/** Called within the request: must be quick and not throw. */
export interface ThroughputListener {
  consumed(event: Consumption): void;
  vectorBytes?(event: VectorBytes): void;
  throttled(event: ThrottleEvent): void;
}

/** Where those who count consumption subscribe. */
export interface ThroughputFeed {
  /** Returns what ends it. */
  observe(listener: ThroughputListener): () => void;
}

export interface ThroughputOptions extends TableGatesOptions {
  readonly clock: Clock;
  readonly mode: ThroughputMode;
  /** The table as the data plane sees it. */
  readonly view: (record: TableRecord) => Table | undefined;
  /** Told of the keys of tables that have insights. */
  readonly contributors?: Contributors;
}

/** A read of more than one item. */
export interface RangeRead {
  readonly scope: ReadScope;
  /** Of the last hash key that was read. */
  readonly lastHash: number;
  /** Read from the source, where {@link Throughput.collectsEntries} asks for them. */
  readonly entries?: readonly StoredItem[] | undefined;
}

/** The data plane's way to a table: its layout, or what else knows the table. */
interface Holder {
  readonly table: Table;
}

/** The index that is read, or undefined for the table itself. */
type ReadIndex = { readonly index: TableIndex } | undefined;

/**
 * Throughput of every table and global index. A request is admitted before it runs, while anything is left of each
 * capacity that it needs, and charged when it is done: the last one may overdraw, by a whole page of a Query or Scan,
 * and those after it wait until the debt is paid. What is kept out leaves no trace.
 *
 * Everything is held in memory. A new table begins with full bursts, and so does every table when the engine starts:
 * AWS does not document it, and so no client is kept out that AWS would let in.
 */
export class Throughput implements TableObserver, ThroughputFeed {
  readonly #gates = new Map<number, TableGates>();
  readonly #isEnforced: boolean;
  #listeners: readonly ThroughputListener[] = [];

  constructor(private readonly options: ThroughputOptions) {
    this.#isEnforced = options.mode === 'enforced';
  }

  observe(listener: ThroughputListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  /** Throws when the source, read from this store key on, has no read capacity left. */
  admitRead(holder: Holder, index: ReadIndex, key: string, scope: ReadScope = 'item'): void {
    const throttle = this.readThrottle(holder, index, key, scope);
    if (throttle !== undefined) throw throttleError([throttle]);
  }

  readThrottle({ table }: Holder, index: ReadIndex, key: string, scope: ReadScope = 'item'): Throttle | undefined {
    if (!this.#isEnforced) return undefined;
    const gates = this.#gatesOf(table);
    const ofIndex = index === undefined ? undefined : gates.index(index.index.storageNumber);
    const nowMs = this.options.clock.nowMs();
    const throttle =
      ofIndex === undefined
        ? this.#throttle(table, undefined, gates, 'Read', key, nowMs)
        : this.#throttle(table, index?.index, ofIndex, 'Read', key, nowMs);
    if (throttle !== undefined && table.hasInsights) {
      this.options.contributors?.throttled(table, index?.index, key, scope);
    }
    return throttle;
  }

  /** Whether {@link chargeRead} is to be told of the entries that a read goes through. */
  collectsEntries({ table }: Holder, index: ReadIndex): boolean {
    if (!table.hasInsights) return false;
    const counted = index?.index.kind === 'GSI' ? index.index.insights : table.insights;
    return counted?.isAccessCounted === true;
  }

  /** @param read what was read, when it was not the one item with this key */
  chargeRead({ table }: Holder, index: ReadIndex, key: string, units: number, read?: RangeRead): void {
    const isGlobal = index !== undefined && index.index.kind === 'GSI';
    if (this.#isEnforced) {
      const gates = this.#gatesOf(table);
      const pair = (isGlobal ? gates.index(index.index.storageNumber) : undefined) ?? gates;
      pair.read.take(keyHash(key), read?.lastHash ?? keyHash(key), units);
    }
    if (table.hasInsights) this.#countRead(table, index, key, units, read);
    if (this.#listeners.length > 0) this.#tell(table, isGlobal ? index.index.name : undefined, 'Read', units);
  }

  /** Throws when the table has no write capacity left for the item with this store key. */
  admitWrite(holder: Holder, key: string): void {
    const throttle = this.writeThrottle(holder, key);
    if (throttle !== undefined) throw throttleError([throttle]);
  }

  writeThrottle({ table }: Holder, key: string): Throttle | undefined {
    if (!this.#isEnforced) return undefined;
    const nowMs = this.options.clock.nowMs();
    const throttle = this.#throttle(table, undefined, this.#gatesOf(table), 'Write', key, nowMs);
    if (throttle !== undefined && table.hasInsights) {
      this.options.contributors?.throttled(table, undefined, key, 'item');
    }
    return throttle;
  }

  /** Throws when a global index that the write changes has no write capacity left (docs: gsi-throttling). */
  admitEntries(holder: Holder, entries: readonly EntryChange[]): void {
    const [first, ...others] = this.entryThrottles(holder, entries);
    if (first !== undefined) throw throttleError([first, ...others]);
  }

  entryThrottles({ table }: Holder, entries: readonly EntryChange[]): readonly Throttle[] {
    if (!this.#isEnforced || entries.length === 0) return NONE;
    const gates = this.#gatesOf(table);
    const nowMs = this.options.clock.nowMs();
    let throttles: Throttle[] | undefined;
    for (const { index, before, after } of entries) {
      const pair = gates.index(index.index.storageNumber);
      if (pair === undefined) continue;
      const met =
        (before && this.#throttle(table, index.index, pair, 'Write', before.key, nowMs)) ??
        (after && this.#throttle(table, index.index, pair, 'Write', after.key, nowMs));
      if (met === undefined) continue;
      throttles ??= [];
      throttles.push(met);
    }
    return throttles ?? NONE;
  }

  /**
   * @param units of the table's item
   * @param entries what the write changed in indexes
   * @param factor 2 in a transaction
   */
  chargeWrite(
    { table }: Holder,
    key: string,
    units: number,
    entries: readonly EntryChange[],
    factor = 1,
    source?: Consumption['source'],
  ): void {
    const gates = this.#isEnforced ? this.#gatesOf(table) : undefined;
    const tells = this.#listeners.length > 0;
    let tableUnits = units * factor;
    for (const { index, before, after, oldUnits, newUnits } of entries) {
      if (index.index.kind === 'LSI') {
        tableUnits += (oldUnits + newUnits) * factor;
        continue;
      }
      const gate = gates?.index(index.index.storageNumber)?.write;
      if (gate !== undefined && before !== undefined) take(gate, before.key, oldUnits * factor);
      if (gate !== undefined && after !== undefined) take(gate, after.key, newUnits * factor);
      if (tells) this.#tell(table, index.index.name, 'Write', (oldUnits + newUnits) * factor, source);
      if (table.hasInsights) this.#countEntry({ index, before, after, oldUnits, newUnits }, factor);
    }
    if (gates !== undefined) take(gates.write, key, tableUnits);
    if (tells) this.#tell(table, undefined, 'Write', tableUnits, source);
    if (table.hasInsights) this.options.contributors?.itemWritten(table, key, tableUnits);
  }

  /** Vector indexes have no limits here; on AWS they are far above what is reached on one machine. */
  chargeVectors({ table }: Holder, direction: VectorBytes['direction'], bytes: ReadonlyMap<string, number>): void {
    for (const [indexName, amount] of bytes) {
      for (const listener of this.#listeners) listener.vectorBytes?.({ table, indexName, direction, bytes: amount });
    }
  }

  /** New limits act at once, and from the moment of the change on. */
  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    const number = (after ?? before)?.storageNumber;
    if (number === undefined || !this.#gates.has(number)) return;
    changes.afterwards(() => {
      const table = after && this.options.view(after);
      if (table === undefined) this.#gates.delete(number);
      else this.#gates.get(number)?.update(table, this.options.clock.nowMs());
    });
  }

  #gatesOf(table: Table): TableGates {
    const known = this.#gates.get(table.storageNumber);
    if (known !== undefined && known.table === table) return known;
    const nowMs = this.options.clock.nowMs();
    if (known !== undefined) {
      known.update(table, nowMs);
      return known;
    }
    const gates = new TableGates(table, this.options, nowMs);
    this.#gates.set(table.storageNumber, gates);
    return gates;
  }

  #throttle(
    table: Table,
    index: TableIndex | undefined,
    pair: GatePair,
    direction: Direction,
    key: string,
    nowMs: number,
  ): Throttle | undefined {
    const gate = direction === 'Read' ? pair.read : pair.write;
    const limit = gate.met(keyHash(key), nowMs);
    if (limit === undefined) return undefined;
    const { isOnDemand } = gate;
    const indexName = index?.name;
    const throttle = { direction, limit, isOnDemand, indexName, resource: index?.arn ?? table.arn };
    const event = { table, indexName, direction, reason: reasonName(throttle) };
    for (const listener of this.#listeners) listener.throttled(event);
    return throttle;
  }

  #countRead(table: Table, index: ReadIndex, key: string, units: number, read: RangeRead | undefined): void {
    if (read === undefined) {
      this.options.contributors?.itemRead(table, key, units);
      return;
    }
    const { scope, entries = [] } = read;
    this.options.contributors?.rangeRead(table, index?.index, { start: key, scope, entries }, units);
  }

  #countEntry({ index, before, after, oldUnits, newUnits }: EntryChange, factor: number): void {
    const { contributors } = this.options;
    if (before !== undefined) contributors?.entryWritten(index.index, before.value, oldUnits * factor);
    if (after !== undefined) contributors?.entryWritten(index.index, after.value, newUnits * factor);
  }

  #tell(
    table: Table,
    indexName: string | undefined,
    direction: Direction,
    units: number,
    source?: Consumption['source'],
  ): void {
    // Each request comes here: spreading an optional member into one literal costs more than all else.
    const event: Consumption =
      source === undefined ? { table, indexName, direction, units } : { table, indexName, direction, units, source };
    for (const listener of this.#listeners) listener.consumed(event);
  }
}

const NONE: readonly Throttle[] = [];

function take(gate: CapacityGate, key: string, units: number): void {
  const hash = keyHash(key);
  gate.take(hash, hash, units);
}
