import type { Clock, Timer } from '@tablewright/base';
import type { Entry, Store, Writer } from '@tablewright/store';
import type { History } from '../backup/history.js';
import { suffixOf } from '../backup/history-keys.js';
import { type Stamp, stampMs } from '../backup/stamp.js';
import type { Catalog, CatalogWriter, TableObserver } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import type { Table } from '../catalog/table.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ItemChange } from '../data/replace-item.js';
import { sameItem } from '../data/same-item.js';
import { tableLayout } from '../data/table-layout.js';
import type { ReplicationSink } from '../engine-context.js';
import { CutRegions } from './cut-regions.js';
import { leaveGroup } from './leave-group.js';
import { mergeItem, putVersion } from './merge-item.js';
import { pruneDeletions } from './prune-deletions.js';
import { ReplicaCopy } from './replica-copy.js';
import type { PendingChanges, ReplicatedChange, ReplicationControl, ReplicationListener } from './replication-feed.js';
import { queueEntry, queueKey } from './replication-keys.js';

export interface ReplicationOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly history: History;
  /** How long a change takes to another region, at least. */
  readonly delayMs: number;
  /** Makes an item change with all that follows from it, and charges for it. */
  readonly change: (writer: Writer, change: ItemChange) => void;
  /** The same for an item that a new replica is filled with, which consumes nothing. */
  readonly fill: (writer: Writer, change: ItemChange) => void;
  /** Calls for `step` until it finds nothing to do. */
  readonly wake: () => void;
}

/** What the control plane does when a replica has its items, or has sent off its last changes. */
export interface ReplicaTransitions {
  filled(changes: CatalogWriter, record: TableRecord): void;
  left(changes: CatalogWriter, record: TableRecord): void;
}

/** Changes applied in one store change. */
const CHUNK = 200;
const EMPTY = Buffer.alloc(0);

/**
 * Asynchronous replication of global tables, version 2019.11.21
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html). Every write to a
 * replica puts a word of it into a queue for each other one, in its own store change; the background takes the words in
 * order and brings the item there up to date. What is sent is the item as it is by then, so that several changes may
 * arrive as one, as on AWS.
 *
 * With strong consistency (MRSC) a change is made in every region in one store change, and never conflicts: what AWS
 * refuses with ReplicatedWriteConflictException comes after the other write. A region that is cut off reads and writes
 * on, as with eventual consistency, where AWS fails; eventually consistent reads are never behind.
 *
 * Differs: regions share one clock and one source of stamps, so that "last" is the true order of the writes; settings
 * and the making of replicas do not wait for a region that is cut off.
 */
export class Replication implements ReplicationSink, ReplicationControl, TableObserver {
  readonly cut: CutRegions;
  readonly #copy: ReplicaCopy;
  readonly #listeners = new Set<ReplicationListener>();
  #transitions: ReplicaTransitions | undefined;
  #timer: Timer | undefined;
  #turn = 0;
  #isClosed = false;

  constructor(private readonly options: ReplicationOptions) {
    this.cut = new CutRegions(options.store);
    this.#copy = new ReplicaCopy({ cut: this.cut, fill: options.fill });
  }

  start(transitions: ReplicaTransitions): void {
    this.#transitions = transitions;
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  append(writer: Writer, { layout, key, before, after, cause }: ItemChange): void {
    const { replication } = layout.table;
    if (replication === undefined || cause === 'replication' || (before === undefined && after === undefined)) return;
    if (before !== undefined && after !== undefined && sameItem(before, after)) return;
    const stamp = this.options.history.nextStamp(writer);
    const suffix = suffixOf(key);
    putVersion(writer, replication, suffix, stamp, after === undefined);
    if (replication.isStrong) {
      this.#applyAtOnce(writer, layout.table, stamp, suffix);
      return;
    }
    for (const queue of replication.queues) writer.put(queueKey(queue, stamp, suffix), EMPTY);
    this.options.wake();
  }

  /** With strong consistency a change is in all regions that can be reached when the write is answered. */
  #applyAtOnce(writer: Writer, table: Table, stamp: Stamp, suffix: string): void {
    const { catalog } = this.options;
    const record = catalog.find(table, table.name);
    for (const { region, queue } of record?.replication?.peers ?? []) {
      const receiver = catalog.find({ accountId: table.accountId, region }, table.name);
      const to = receiver && catalog.view(receiver);
      if (record !== undefined && to !== undefined && this.#isOpen(record, region)) {
        this.#merge(writer, table, to, suffix);
      } else {
        writer.put(queueKey(queue, stamp, suffix), EMPTY);
        this.options.wake();
      }
    }
  }

  tableChanged(changes: CatalogWriter, before: TableRecord | undefined, after: TableRecord | undefined): void {
    if (before?.replication !== undefined && after === undefined) leaveGroup(changes, before);
    if (after?.replication !== undefined) changes.afterwards(this.options.wake);
  }

  /** Fills a new replica as far as one bounded change goes: a small one is whole with it. */
  fillAtOnce(changes: CatalogWriter, record: TableRecord): void {
    if (this.#copy.fillAtOnce(changes, record)) this.#transitions?.filled(changes, changedRecord(changes, record));
  }

  /** Whether changes of this replica are still to arrive somewhere. */
  hasUnsent(record: TableRecord): boolean {
    if (this.cut.has(record.region)) return false;
    return (record.replication?.peers ?? []).some(
      ({ region, queue }) => !this.cut.has(region) && first(this.options.store.range(contentRange('Da', queue))),
    );
  }

  observe(listener: ReplicationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  pending(): PendingChanges[] {
    return this.#links().map(({ record: { accountId, name, region }, receivingRegion, queue }) => {
      let count = 0;
      let oldestMs = this.options.clock.nowMs();
      for (const { key } of this.options.store.range(contentRange('Da', queue))) {
        if (count === 0) oldestMs = stampMs(queueEntry(key).stamp);
        count += 1;
      }
      const oldestAgeMs = Math.max(0, this.options.clock.nowMs() - oldestMs);
      return { accountId, tableName: name, region, receivingRegion, count, oldestAgeMs };
    });
  }

  cutOff(region: string): Promise<void> {
    return this.cut.add(region);
  }

  async rejoin(region: string): Promise<void> {
    const done = this.cut.remove(region);
    this.options.wake();
    await done;
  }

  cutRegions(): string[] {
    return this.cut.all();
  }

  /** One bounded change; false when nothing is due. A timer waits for what will be. */
  async step(): Promise<boolean> {
    if (this.#isClosed) return false;
    const records = this.#records();
    if (records.length === 0) return false;
    return (
      (await this.#send()) ||
      (await this.#fill(records)) ||
      (await this.#letGo(records)) ||
      pruneDeletions(this.options.store, this.options.catalog, records)
    );
  }

  /** Takes turns between the links, so that a busy one holds up no other. */
  async #send(): Promise<boolean> {
    const links = this.#links();
    let nextMs = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < links.length; turn++) {
      const link = links[(this.#turn + turn) % links.length];
      if (link === undefined) continue;
      const { due, waitsMs } = this.#due(link);
      nextMs = Math.min(nextMs, waitsMs);
      if (due.length === 0) continue;
      this.#turn = (this.#turn + turn + 1) % links.length;
      await this.#apply(link, due);
      return true;
    }
    this.#expect(nextMs);
    return false;
  }

  #due({ record, receivingRegion, queue }: Link): { due: Entry[]; waitsMs: number } {
    const due: Entry[] = [];
    if (!this.#isOpen(record, receivingRegion)) return { due, waitsMs: Number.POSITIVE_INFINITY };
    const { store, clock, delayMs } = this.options;
    const nowMs = clock.nowMs();
    for (const entry of store.range(contentRange('Da', queue))) {
      const atMs = stampMs(queueEntry(entry.key).stamp) + delayMs;
      if (delayMs > 0 && atMs > nowMs) return { due, waitsMs: atMs };
      due.push(entry);
      if (due.length === CHUNK) break;
    }
    return { due, waitsMs: Number.POSITIVE_INFINITY };
  }

  /** Neither end is cut off, or without its key. */
  #isOpen(record: TableRecord, receivingRegion: string): boolean {
    const receiver = this.options.catalog.find({ ...record, region: receivingRegion }, record.name);
    if (record.inaccessible !== undefined || receiver?.inaccessible !== undefined) return false;
    return !this.cut.has(record.region) && !this.cut.has(receivingRegion);
  }

  async #apply({ record, receivingRegion }: Link, due: readonly Entry[]): Promise<void> {
    const { catalog, store, clock } = this.options;
    const from = catalog.view(record);
    const receiver = catalog.find({ ...record, region: receivingRegion }, record.name);
    const to = receiver && catalog.view(receiver);
    const done = store.change((writer) => {
      for (const { key } of due) {
        writer.delete(key);
        if (from === undefined || to === undefined) continue;
        this.#merge(writer, from, to, queueEntry(key).suffix);
      }
    });
    await done;
    if (from === undefined) return;
    const atMs = clock.nowMs();
    for (const { key } of due) {
      const latencyMs = Math.max(0, atMs - stampMs(queueEntry(key).stamp));
      this.#tell({ table: from, receivingRegion, latencyMs, atMs });
    }
  }

  #merge(writer: Writer, from: Table, to: Table, suffix: string): void {
    if (from.replication === undefined || to.replication === undefined) return;
    const source = { table: from, replication: from.replication };
    const target = { layout: tableLayout(to), replication: to.replication };
    mergeItem(writer, source, target, suffix, this.options.change);
  }

  #tell(change: ReplicatedChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  async #fill(records: readonly TableRecord[]): Promise<boolean> {
    const record = records.find((one) => this.#copy.canFill(one));
    if (record === undefined) return false;
    await this.options.catalog.change((changes) => {
      if (this.#copy.fillChunk(changes, record)) this.#transitions?.filled(changes, changedRecord(changes, record));
    });
    return true;
  }

  /** A replica that is being deleted goes when its last changes have been sent. */
  async #letGo(records: readonly TableRecord[]): Promise<boolean> {
    const record = records.find((one) => one.replication?.isLeaving === true && !this.hasUnsent(one));
    if (record === undefined) return false;
    await this.options.catalog.change((changes) => this.#transitions?.left(changes, record));
    return true;
  }

  #records(): TableRecord[] {
    return this.options.catalog.all().filter((record) => record.replication !== undefined);
  }

  /** From every replica to every other one that takes changes. */
  #links(): Link[] {
    const records = this.#records();
    const isGoing = (one: TableRecord, region: string): boolean =>
      this.options.catalog.find({ ...one, region }, one.name)?.status === 'DELETING';
    return records.flatMap((record) =>
      (record.replication?.peers ?? [])
        .filter(({ region }) => !isGoing(record, region))
        .map(({ region, queue }) => ({ record, receivingRegion: region, queue })),
    );
  }

  #expect(atMs: number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const { clock, wake } = this.options;
    this.#timer = clock.after(atMs - clock.nowMs(), wake);
  }
}

/** The changes of one replica that are to go to another. */
interface Link {
  readonly record: TableRecord;
  readonly receivingRegion: string;
  readonly queue: number;
}

function changedRecord(changes: CatalogWriter, record: TableRecord): TableRecord {
  return changes.read(record, record.name) ?? record;
}

function first(entries: Iterable<Entry>): boolean {
  for (const _ of entries) return true;
  return false;
}
