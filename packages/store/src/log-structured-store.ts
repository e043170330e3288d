import { assert, UserError } from '@tablewright/base';
import { type Finished, runChange } from './change-writer.js';
import { type LayerCursor, type LayerValue, mergeLayers, visitLayers } from './layer.js';
import type { LogEnd, Replay } from './log-replay.js';
import type { SegmentChain } from './segment-chain.js';
import { SortedMap } from './sorted-map.js';
import type { Entry, Key, KeyRange, Store, ValueVisitor, Writer } from './store.js';
import type { TreeTable } from './tree/tree-table.js';
import { WriteAheadLog } from './write-ahead-log.js';
import type { WriteSet } from './write-set.js';

/** What a {@link LogStructuredStore} is made of. */
export interface StoreParts {
  readonly tree: TreeTable;
  readonly segments: SegmentChain;
  readonly salt: number;
  /** Reads the log beyond the tree's checkpoint, up to what is known to be on disk. */
  readonly replay: (until: LogEnd) => Replay;
  /** The writes that the log held when the store was opened. */
  readonly recovered: Replay;
  /** A table of recent changes is written into a tree of this size when its keys and values come to so much. */
  readonly tableBytes: (treeBytes: number) => number;
  /** … or when this much log has been written since, so that the next open after a crash is quick. */
  readonly logBytes: number;
  /** Gives up the directory. */
  readonly release: () => void;
}

/** Sizes for logs and benchmarks. */
export interface StoreStats {
  /** Log appended since the active table began. */
  readonly logBytes: number;
  /** Keys and values of the active table. */
  readonly activeBytes: number;
  readonly activeKeys: number;
  /** Keys that are being written into the tree. */
  readonly frozenKeys: number;
  readonly treeBytes: number;
}

/** A change that is on disk and waits to be acknowledged until the tree has caught up. */
type Held = () => void;

/**
 * The durable store: a log, a table of recent changes in memory, and a tree on disk.
 *
 * A change goes into the active table at once and is acknowledged when its log record is flushed. From time to time
 * the active table is frozen and written into the tree in the background, after which the log before it is no longer
 * needed. Reads look into the active table, the frozen one and the tree, in this order; they may therefore see
 * changes that are not flushed yet. A change that only read waits for nothing.
 *
 * When changes come faster than the tree takes them, acknowledgements wait: callers slow down, memory stays bounded.
 * When a log or tree write fails, the store goes on read-only with what was acknowledged.
 */
export class LogStructuredStore implements Store {
  readonly #log: WriteAheadLog;
  #active = new SortedMap<LayerValue>();
  #activeBytes = 0;
  #tableBytes: number;
  #frozen: SortedMap<LayerValue> | undefined;
  /** From freezing to the end of the frozen table's log segments. */
  #isWritingBack = false;
  #writeBack: Promise<void> = Promise.resolve();
  #held: Held[] = [];
  #failure: Error | undefined;
  #isChanging = false;
  #closing: Promise<void> | undefined;

  constructor(private readonly parts: StoreParts) {
    this.#log = new WriteAheadLog(parts.segments, parts.salt, (error) => this.#failLog(error));
    this.#tableBytes = parts.tableBytes(parts.tree.sizeBytes);
    const { table, lastSegment } = parts.recovered;
    if (lastSegment === undefined) return;
    this.#writeBack = this.#writeFrozen(table, Promise.resolve(lastSegment));
  }

  get(key: Key): Buffer | undefined {
    assert(this.#closing === undefined, 'the store is closed');
    let recent = this.#active.get(key);
    if (recent === undefined && this.#frozen !== undefined) recent = this.#frozen.get(key);
    return recent === undefined ? this.parts.tree.get(key) : (recent ?? undefined);
  }

  range(range: KeyRange): Iterable<Entry> {
    return mergeLayers((wanted) => this.cursors(wanted), range);
  }

  visit(range: KeyRange, visitor: ValueVisitor): void {
    visitLayers((wanted) => this.cursors(wanted), range, visitor);
  }

  cursors(range: KeyRange): LayerCursor[] {
    assert(this.#closing === undefined, 'the store is closed');
    const cursors = [this.#active.cursor(range)];
    if (this.#frozen !== undefined) cursors.push(this.#frozen.cursor(range));
    cursors.push(this.parts.tree.cursor(range));
    return cursors;
  }

  change<T>(action: (writer: Writer) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const { result, writes } = this.#run(action);
      if (writes.size === 0) {
        resolve(result);
        return;
      }
      this.#apply(writes);
      this.#log.append(writes, (error) => {
        if (error !== undefined) reject(error);
        else if (this.#isOverfull()) this.#held.push(() => resolve(result));
        else resolve(result);
      });
      this.#freezeWhenFull();
    });
  }

  flush(): Promise<void> {
    return this.#log.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  stats(): StoreStats {
    return {
      logBytes: this.#log.unsealedBytes,
      activeBytes: this.#activeBytes,
      activeKeys: this.#active.size,
      frozenKeys: this.#frozen?.size ?? 0,
      treeBytes: this.parts.tree.sizeBytes,
    };
  }

  #run<T>(action: (writer: Writer) => T): Finished<T> {
    assert(this.#closing === undefined, 'the store is closed');
    assert(!this.#isChanging, 'a change must not start another one');
    if (this.#failure !== undefined) throw this.#failure;
    this.#isChanging = true;
    try {
      return runChange(this, action);
    } finally {
      this.#isChanging = false;
    }
  }

  #apply(writes: WriteSet): void {
    writes.visit((key, value) => {
      const before = this.#active.get(key);
      this.#active.set(key, value);
      this.#activeBytes += (value?.length ?? 0) - (before?.length ?? 0) + (before === undefined ? key.length : 0);
    });
  }

  #isFull(): boolean {
    return this.#activeBytes >= this.#tableBytes || this.#log.unsealedBytes >= this.parts.logBytes;
  }

  #isOverfull(): boolean {
    return this.#isWritingBack && this.#failure === undefined && this.#isFull();
  }

  #freezeWhenFull(): void {
    if (!this.#isWritingBack && this.#failure === undefined && this.#isFull()) this.#freeze();
  }

  #freeze(): void {
    const frozen = this.#active;
    this.#active = new SortedMap();
    this.#activeBytes = 0;
    this.#writeBack = this.#writeFrozen(frozen, this.#log.seal());
  }

  /** Only what the log holds on disk may go into the tree: else a crash could leave half of a change there. */
  async #writeFrozen(table: SortedMap<LayerValue>, sealed: Promise<number>): Promise<void> {
    this.#frozen = table;
    this.#isWritingBack = true;
    try {
      const lastSegment = await sealed;
      await this.parts.tree.write(table, lastSegment);
      this.#frozen = undefined;
      this.#tableBytes = this.parts.tableBytes(this.parts.tree.sizeBytes);
      await this.parts.segments.retire(lastSegment);
    } catch (error) {
      this.#failure ??= readOnly(error);
    }
    this.#isWritingBack = false;
    for (const acknowledge of this.#held.splice(0)) acknowledge();
    this.#freezeWhenFull();
  }

  /** The log could not be written: goes back to what is surely on disk, and stays there. */
  #failLog(cause: Error): Error {
    const error = readOnly(cause);
    this.#failure = error;
    const { number, frames } = this.parts.segments.current;
    try {
      this.#active = this.parts.replay({ segment: number, frames }).table;
      this.#frozen = undefined;
    } catch {
      // The log cannot even be read: the tables in memory hold all of it, and the rejected changes beside.
    }
    return error;
  }

  async #close(): Promise<void> {
    try {
      await this.#log.flush().catch(() => undefined);
      await this.#writeBack;
      if (this.#failure === undefined && this.#active.size > 0) {
        this.#freeze();
        await this.#writeBack;
      }
      await this.parts.segments.close();
      await this.parts.tree.close();
    } finally {
      this.parts.release();
    }
  }
}

function readOnly(cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UserError(
    `the store has become read-only, because a write to its data directory failed: ${reason}`,
    'Make room on the disk or repair it, then restart.',
    { cause },
  );
}
