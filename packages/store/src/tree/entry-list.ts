import { Buffer } from 'node:buffer';
import type { PageOutput } from './page-output.js';
import {
  BRANCH,
  ENTRY_HEADER_BYTES,
  entryAt,
  entryEnd,
  OFFSET_BYTES,
  PAGE_CAPACITY_BYTES,
  PAGE_HEADER_BYTES,
  type PageFrame,
  sealPage,
  u16,
  u32,
  valueAt,
} from './tree-page.js';

/** A page and the keys under it: from `separator` up to the next node's. */
export interface TreeNode {
  /** Undefined for the first of several: its keys begin where those of the page did that it has come from. */
  readonly separator: Buffer | undefined;
  readonly page: number;
}

/** Entries for new pages, in key order: each a stretch of bytes that lie elsewhere. */
export class EntryList {
  readonly #sources: Buffer[] = [];
  readonly #begins: number[] = [];
  readonly #ends: number[] = [];
  #sizeBytes = 0;

  get count(): number {
    return this.#sources.length;
  }

  /** What the entries take on a page. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(source: Buffer, begin: number, end: number): void {
    this.#sources.push(source);
    this.#begins.push(begin);
    this.#ends.push(end);
    this.#sizeBytes += end - begin + OFFSET_BYTES;
  }

  /** Entries `from` up to `to` of a page. */
  addFrom(page: Buffer, from: number, to: number): void {
    for (let index = from; index < to; index++) this.add(page, entryAt(page, index), entryEnd(page, index));
  }

  /** The same entries in memory of their own. */
  copy(): EntryList {
    const copy = new EntryList();
    const bytes = Buffer.allocUnsafe(this.#sizeBytes);
    let at = 0;
    for (let n = 0; n < this.count; n++) {
      const begin = at;
      at += this.#source(n).copy(bytes, at, this.#begin(n), this.#end(n));
      copy.add(bytes, begin, at);
    }
    return copy;
  }

  /** The page that the first entry of a branch refers to. */
  firstChild(): number {
    const source = this.#source(0);
    return u32(source, valueAt(source, this.#begin(0)));
  }

  /**
   * Writes the entries to as few pages as they need, which come out about equally full; or, when more entries will
   * follow behind the last one, each as full as it gets.
   */
  write(output: PageOutput, kind: number, areAppended: boolean): TreeNode[] {
    const pages = Math.ceil(this.#sizeBytes / PAGE_CAPACITY_BYTES);
    const target = areAppended ? PAGE_CAPACITY_BYTES : this.#sizeBytes / pages;
    const nodes: TreeNode[] = [];
    for (let from = 0; from < this.count; ) {
      const to = this.#pageEnd(from, target);
      const separator = from === 0 ? undefined : this.#separator(from, kind);
      this.#fill(output.next(), output.page, kind, from, to);
      nodes.push({ separator, page: output.page });
      from = to;
    }
    return nodes;
  }

  #pageEnd(from: number, target: number): number {
    let sizeBytes = 0;
    let to = from;
    while (to < this.count) {
      const entryBytes = this.#end(to) - this.#begin(to) + OFFSET_BYTES;
      if (sizeBytes + entryBytes > PAGE_CAPACITY_BYTES) break;
      if (to > from && sizeBytes + entryBytes / 2 > target) break;
      sizeBytes += entryBytes;
      to++;
    }
    return to;
  }

  #fill(frame: PageFrame, number: number, kind: number, from: number, to: number): void {
    const page = frame.bytes;
    let at = PAGE_HEADER_BYTES + (to - from) * OFFSET_BYTES;
    let offsetAt = PAGE_HEADER_BYTES;
    for (let n = from; n < to; ) {
      const source = this.#source(n);
      const begin = this.#begin(n);
      const shift = at - begin;
      let end = begin;
      // Neighbours are copied at once.
      for (; n < to && this.#sources[n] === source && this.#begins[n] === end; n++) {
        const offset = end + shift;
        page[offsetAt++] = offset & 0xff;
        page[offsetAt++] = offset >>> 8;
        end = this.#end(n);
      }
      at += source.copy(page, at, begin, end);
    }
    // What a page held before means nothing, but shall not lie about in another place.
    page.fill(0, at);
    sealPage(frame, number, kind, to - from, at);
  }

  /** The shortest key that is above entry `at` - 1 and not above entry `at`; on branches, entry `at`'s. */
  #separator(at: number, kind: number): Buffer {
    const key = this.#key(at);
    if (kind === BRANCH) return Buffer.from(key);
    const before = this.#key(at - 1);
    let common = 0;
    while (common < before.length && before[common] === key[common]) common++;
    return Buffer.from(key.subarray(0, common + 1));
  }

  #key(n: number): Buffer {
    const source = this.#source(n);
    const begin = this.#begin(n);
    return source.subarray(begin + ENTRY_HEADER_BYTES, begin + ENTRY_HEADER_BYTES + u16(source, begin));
  }

  #source(n: number): Buffer {
    return this.#sources[n] as Buffer;
  }

  #begin(n: number): number {
    return this.#begins[n] as number;
  }

  #end(n: number): number {
    return this.#ends[n] as number;
  }
}
