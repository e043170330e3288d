import { Buffer } from 'node:buffer';
import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import type { LayerCursor, LayerValue } from '../layer.js';
import type { SortedMap } from '../sorted-map.js';
import type { Key, KeyRange } from '../store.js';
import { BatchBuilder, type TreeBatch } from './tree-batch.js';
import { TreeCursor } from './tree-cursor.js';
import { EMPTY_TREE, encodeMeta, META_PAGES, readMeta, type TreeMeta } from './tree-meta.js';
import { PAGE_BYTES } from './tree-page.js';
import { TreeReader } from './tree-reader.js';
import { TreeThread } from './tree-thread.js';
import { type Commit, TreeWriter } from './tree-writer.js';

/** The tree on disk, the oldest layer of the store. */
export interface TreeTable {
  get(key: Key): Buffer | undefined;
  cursor(range: KeyRange): LayerCursor;
  /** Everything in log segments up to this number is in the tree, flushed. */
  readonly checkpoint: number;
  /** Takes all of `table` and `checkpoint` in, wholly or not at all; resolves once it is on disk. */
  write(table: SortedMap<LayerValue>, checkpoint: number): Promise<void>;
  readonly sizeBytes: number;
  close(): Promise<void>;
}

/** Keys packed in one turn of the event loop; measured: 500 take 0.1 to 0.25 ms. */
const CHUNK_KEYS = 500;
/** A smaller batch costs less time here than a thread takes to start, which is 23 ms. */
const THREAD_BYTES = 256 << 10;
/** Pages kept in memory: 64 MiB. */
const CACHE_PAGES = 8192;

/** The tree in one file, see {@link TreeReader} and {@link TreeWriter}. Large batches are written by a thread of its own. */
export class PagedTree implements TreeTable {
  readonly #descriptor: number;
  readonly #reader: TreeReader;
  #meta: TreeMeta;
  #thread: TreeThread | undefined;

  /**
   * The caller holds the directory's lock.
   * @param threadBytes from what size on a batch is worth a thread
   * @throws Error that says what is wrong with the file
   */
  constructor(
    private readonly path: string,
    private readonly threadBytes = THREAD_BYTES,
  ) {
    this.#descriptor = openSync(path, 'r');
    const meta = readMeta(this.#descriptor);
    if (typeof meta === 'string') {
      closeSync(this.#descriptor);
      throw new Error(meta);
    }
    this.#meta = meta;
    this.#reader = new TreeReader(this.#descriptor, meta.root, CACHE_PAGES);
  }

  /** Makes the file of an empty tree, flushed; its directory entry is not. */
  static create(path: string): void {
    const bytes = Buffer.alloc(META_PAGES * PAGE_BYTES);
    bytes.set(encodeMeta(EMPTY_TREE));
    writeFileSync(path, bytes, { mode: 0o600, flush: true });
  }

  get checkpoint(): number {
    return this.#meta.checkpoint;
  }

  get sizeBytes(): number {
    return statSync(this.path).size;
  }

  get(key: Key): Buffer | undefined {
    return this.#reader.get(key);
  }

  cursor(range: KeyRange): LayerCursor {
    return new TreeCursor(this.#reader, range);
  }

  async write(table: SortedMap<LayerValue>, checkpoint: number): Promise<void> {
    const { meta, pages } = await this.#commit(await pack(table), checkpoint);
    this.#meta = meta;
    this.#reader.advance(meta.root, pages);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
    closeSync(this.#descriptor);
  }

  async #commit(batch: TreeBatch, checkpoint: number): Promise<Commit> {
    const { commit } = this.#meta;
    if (batch.bytes.length >= this.threadBytes) this.#thread ??= new TreeThread(this.path);
    if (this.#thread !== undefined) return await this.#thread.commit(batch, checkpoint, commit);
    const writer = new TreeWriter(this.path);
    try {
      return await writer.commit(batch, checkpoint, commit);
    } finally {
      writer.close();
    }
  }
}

/** Leaves the order to the writer: tables have tens of thousands of keys. */
async function pack(table: SortedMap<LayerValue>): Promise<TreeBatch> {
  const builder = new BatchBuilder(table);
  let packed = 0;
  for (const [key, value] of table.entries()) {
    builder.add(key, value);
    if (++packed % CHUNK_KEYS === 0) await nextTurn();
  }
  return builder.finish();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
