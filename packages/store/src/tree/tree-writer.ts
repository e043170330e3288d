import { Buffer } from 'node:buffer';
import { closeSync, fdatasync, openSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { assert } from '@tablewright/base';
import { BatchMerge } from './batch-merge.js';
import { PageMap } from './page-map.js';
import { PageOutput } from './page-output.js';
import { inKeyOrder, type TreeBatch } from './tree-batch.js';
import { encodeMeta, META_PAGES, metaPosition, readMeta, type TreeMeta } from './tree-meta.js';
import { PAGE_BYTES } from './tree-page.js';
import { TrustedPages } from './trusted-pages.js';

const flush = promisify(fdatasync);

/** What a commit has done. */
export interface Commit {
  readonly meta: TreeMeta;
  /** Pages whose contents are new. */
  readonly pages: Uint32Array;
}

/**
 * Writes batches into the tree's file, copying every page that changes: the state before stays whole until the new one
 * is on disk. Walks the tree once a batch, in key order, so that each page is read and written once at most.
 */
export class TreeWriter {
  readonly #descriptor: number;
  readonly #trusted = new TrustedPages();
  #state: { readonly meta: TreeMeta; readonly map: PageMap } | undefined;

  constructor(private readonly path: string) {
    this.#descriptor = openSync(path, 'r+');
  }

  /** Takes `batch` in, on top of the state that `commit` made; resolves when the new state is on disk. */
  async commit(batch: TreeBatch, checkpoint: number, commit: number): Promise<Commit> {
    const { meta, map } = this.#stateOf(commit);
    // If this fails half-way, the map no longer says what the file holds.
    this.#state = undefined;
    const output = new PageOutput(this.#descriptor, map);
    const root = new BatchMerge(this.#descriptor, map, output, inKeyOrder(batch), this.#trusted).merge(meta.root);
    output.flush();
    if (meta.mapBytes > 0) map.giveUp(meta.mapPage, Math.ceil(meta.mapBytes / PAGE_BYTES));
    const frozen = map.freeze(PAGE_BYTES);
    output.writeAt(frozen.page, frozen.bytes);
    await flush(this.#descriptor);
    const next: TreeMeta = {
      commit: commit + 1,
      root,
      pages: map.pages,
      checkpoint,
      mapPage: frozen.page,
      mapBytes: frozen.bytes.length,
      mapCrc: crc32(frozen.bytes),
    };
    writeSync(this.#descriptor, encodeMeta(next), 0, PAGE_BYTES, metaPosition(next.commit));
    await flush(this.#descriptor);
    const pages = Uint32Array.from(map.taken);
    for (const page of pages) this.#trusted.add(page);
    map.settle();
    this.#state = { meta: next, map };
    return { meta: next, pages };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #stateOf(commit: number): { readonly meta: TreeMeta; readonly map: PageMap } {
    if (this.#state?.meta.commit === commit) return this.#state;
    const meta = readMeta(this.#descriptor);
    if (typeof meta === 'string') throw new Error(`${this.path}: ${meta}`);
    assert(meta.commit === commit, `the tree stands at commit ${meta.commit}, not ${commit}`);
    const bits = Buffer.alloc(meta.mapBytes);
    readSync(this.#descriptor, bits, 0, bits.length, meta.mapPage * PAGE_BYTES);
    if (crc32(bits) !== meta.mapCrc) throw new Error(`${this.path}: its map of used pages is damaged`);
    return { meta, map: new PageMap(meta.pages, bits, META_PAGES) };
  }
}
