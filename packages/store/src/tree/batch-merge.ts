import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { EntryList, type TreeNode } from './entry-list.js';
import type { PageMap } from './page-map.js';
import type { PageOutput } from './page-output.js';
import { readPage } from './read-page.js';
import { DELETED, type TreeBatch } from './tree-batch.js';
import {
  BRANCH,
  childAt,
  childIndex,
  compareKey,
  ENTRY_HEADER_BYTES,
  entryAt,
  entryCount,
  kindOf,
  LEAF,
  LONG_VALUE,
  LONG_VALUE_BYTES,
  lowerBound,
  newFrames,
  PAGE_BYTES,
  PAGE_CAPACITY_BYTES,
  type PageFrame,
  sealPage,
  u16,
  u32,
  valueAt,
} from './tree-page.js';
import type { TrustedPages } from './trusted-pages.js';

/** A leaf that is less full than this is put together with its neighbour. */
const SPARSE_BYTES = PAGE_CAPACITY_BYTES / 4;
/** So many entries at once behind all others of a leaf make it likely that more will follow. */
const APPENDED_ENTRIES = 4;
const EMPTY = Buffer.alloc(0);
const CHILD_BYTES = 4;

/** A leaf that became too sparse for a page of its own, on its way into the next one. */
interface Carry {
  readonly entries: EntryList;
  /** From where its keys are. */
  readonly separator: Buffer;
}

/** What takes the place of a branch's child. */
interface ChildChange {
  readonly index: number;
  /** From where its keys are now; undefined when that stays as it is. */
  readonly separator: Buffer | undefined;
  readonly nodes: readonly TreeNode[];
}

/**
 * One batch's way into the tree: once through it, in key order, so that each page is read and written once at most.
 * Pages that change are written elsewhere, and their former places given up.
 */
export class BatchMerge {
  /** A page of each depth that is being worked on. */
  readonly #levels: PageFrame[] = [];

  constructor(
    private readonly descriptor: number,
    private readonly map: PageMap,
    private readonly output: PageOutput,
    private readonly batch: TreeBatch,
    private readonly trusted: TrustedPages,
  ) {}

  /** Answers the new root; 0 when nothing is left. */
  merge(root: number): number {
    let nodes = this.#mergeRoot(root);
    while (nodes.length > 1) nodes = this.#writeBranch(nodes);
    return nodes[0]?.page ?? 0;
  }

  #mergeRoot(root: number): TreeNode[] {
    const { count } = this.batch;
    const page = root === 0 ? undefined : this.#load(root, 0);
    if (page !== undefined && kindOf(page) === BRANCH) return this.#mergeBranch(root, page, 0, 0, count);
    const entries = new EntryList();
    const isChanged = this.#mergeLeaf(page, entries, 0, count);
    if (!isChanged) return root === 0 ? [] : [{ separator: undefined, page: root }];
    if (root !== 0) this.map.giveUp(root);
    return entries.write(this.output, LEAF, page === undefined);
  }

  #writeBranch(nodes: readonly TreeNode[]): TreeNode[] {
    const entries = new EntryList();
    for (const { separator, page } of nodes) addNode(entries, separator ?? EMPTY, page);
    return entries.write(this.output, BRANCH, false);
  }

  /** The nodes that take a branch's place when entries `from` up to `to` of the batch go under it. */
  #mergeBranch(number: number, page: Buffer, depth: number, from: number, to: number): TreeNode[] {
    const children = entryCount(page);
    const changes: ChildChange[] = [];
    let carry: Carry | undefined;
    let kept = 0;
    for (let at = from; at < to || carry !== undefined; ) {
      const index = carry === undefined ? this.#childIndex(page, at) : kept;
      const end = this.#endUnder(page, index, at, to);
      const child = childAt(page, index);
      const merged = this.#mergeChild(child, depth + 1, at, end, carry?.entries);
      const separator = carry?.separator;
      carry = undefined;
      if (Array.isArray(merged)) {
        changes.push({ index, separator, nodes: merged });
      } else if (index + 1 < children) {
        changes.push({ index, separator, nodes: [] });
        carry = { entries: merged.copy(), separator: separator ?? Buffer.from(separatorOf(page, index)) };
      } else {
        changes.push({ index, separator, nodes: merged.write(this.output, LEAF, false) });
      }
      kept = index + 1;
      at = end;
    }
    this.map.giveUp(number);
    return this.#applyChanges(page, changes, depth);
  }

  #applyChanges(page: Buffer, changes: readonly ChildChange[], depth: number): TreeNode[] {
    if (changes.every(({ separator, nodes }) => separator === undefined && nodes.length === 1)) {
      return [{ separator: undefined, page: this.#writePatched(page, changes) }];
    }
    const entries = new EntryList();
    let kept = 0;
    for (const { index, separator, nodes } of changes) {
      entries.addFrom(page, kept, index);
      for (const [n, node] of nodes.entries()) {
        const lower = n === 0 ? (separator ?? separatorOf(page, index)) : node.separator;
        addNode(entries, lower ?? EMPTY, node.page);
      }
      kept = index + 1;
    }
    entries.addFrom(page, kept, entryCount(page));
    // All leaves stay at the same depth: only the root gives way to its only child.
    if (depth === 0 && entries.count === 1) return [{ separator: undefined, page: entries.firstChild() }];
    return entries.write(this.output, BRANCH, false);
  }

  /** Writes a branch under which each page has been replaced by one other. */
  #writePatched(page: Buffer, changes: readonly ChildChange[]): number {
    const frame = this.output.next();
    frame.bytes.set(page);
    for (const { index, nodes } of changes) {
      frame.bytes.writeUInt32LE((nodes[0] as TreeNode).page, valueAt(page, entryAt(page, index)));
    }
    sealPage(frame, this.output.page, BRANCH, entryCount(page), u16(page, 12));
    return this.output.page;
  }

  /** The nodes that take a child's place, or the entries of a leaf that became too sparse for a page of its own. */
  #mergeChild(
    number: number,
    depth: number,
    from: number,
    to: number,
    carried: EntryList | undefined,
  ): TreeNode[] | EntryList {
    const page = this.#load(number, depth);
    if (kindOf(page) === BRANCH) return this.#mergeBranch(number, page, depth, from, to);
    const entries = carried ?? new EntryList();
    const areAppended = this.#areAppended(page, from, to);
    const isChanged = this.#mergeLeaf(page, entries, from, to);
    if (!isChanged && carried === undefined) return [{ separator: undefined, page: number }];
    this.map.giveUp(number);
    if (entries.count > 0 && entries.sizeBytes < SPARSE_BYTES) return entries;
    return entries.write(this.output, LEAF, areAppended);
  }

  /** Adds the entries that a leaf is to have; whether any of them is new, or an old one gone. */
  #mergeLeaf(page: Buffer | undefined, entries: EntryList, from: number, to: number): boolean {
    const count = page === undefined ? 0 : entryCount(page);
    const { bytes } = this.batch;
    let kept = 0;
    let isChanged = false;
    for (let n = from; n < to; n++) {
      const begin = this.#begin(n);
      const keyBytes = u16(bytes, begin);
      const valueBytes = u16(bytes, begin + 2);
      if (page !== undefined) {
        const index = lowerBound(page, bytes, begin + ENTRY_HEADER_BYTES, keyBytes, kept);
        entries.addFrom(page, kept, index);
        kept = index;
        if (index < count && this.#compare(n, page, index) === 0) {
          this.#giveUpLongValue(page, entryAt(page, index));
          kept++;
          isChanged = true;
        }
      }
      if (valueBytes === DELETED) continue;
      isChanged = true;
      if (valueBytes === LONG_VALUE) this.#addLong(entries, begin);
      else entries.add(bytes, begin, begin + ENTRY_HEADER_BYTES + keyBytes + valueBytes);
    }
    if (page !== undefined) entries.addFrom(page, kept, count);
    return isChanged;
  }

  #areAppended(page: Buffer, from: number, to: number): boolean {
    if (to - from < APPENDED_ENTRIES) return false;
    return this.#compare(from, page, entryCount(page) - 1) > 0;
  }

  /** Writes a value to pages of its own, and adds the entry that refers to them. */
  #addLong(entries: EntryList, begin: number): void {
    const { bytes } = this.batch;
    const keyEnd = begin + ENTRY_HEADER_BYTES + u16(bytes, begin);
    const value = bytes.subarray(keyEnd + 4, keyEnd + 4 + u32(bytes, keyEnd));
    const entry = Buffer.allocUnsafe(keyEnd - begin + LONG_VALUE_BYTES);
    let at = bytes.copy(entry, 0, begin, keyEnd);
    at = entry.writeUInt32LE(this.output.writeRun(value), at);
    at = entry.writeUInt32LE(value.length, at);
    entry.writeUInt32LE(crc32(value), at);
    entries.add(entry, 0, entry.length);
  }

  #giveUpLongValue(page: Buffer, at: number): void {
    if (u16(page, at + 2) !== LONG_VALUE) return;
    const reference = valueAt(page, at);
    this.map.giveUp(u32(page, reference), Math.ceil(u32(page, reference + 4) / PAGE_BYTES));
  }

  /** The first entry of the batch, from `at` on, that does not lie under a branch's entry. */
  #endUnder(page: Buffer, index: number, at: number, to: number): number {
    if (index + 1 === entryCount(page)) return to;
    let end = at;
    while (end < to && this.#compare(end, page, index + 1) < 0) end++;
    return end;
  }

  #childIndex(page: Buffer, n: number): number {
    const begin = this.#begin(n);
    return childIndex(page, this.batch.bytes, begin + ENTRY_HEADER_BYTES, u16(this.batch.bytes, begin));
  }

  #compare(n: number, page: Buffer, index: number): number {
    const { bytes } = this.batch;
    const begin = this.#begin(n);
    return compareKey(bytes, begin + ENTRY_HEADER_BYTES, u16(bytes, begin), page, entryAt(page, index));
  }

  #begin(n: number): number {
    return this.batch.begins[n] as number;
  }

  #load(number: number, depth: number): Buffer {
    if (depth === this.#levels.length) this.#levels.push(...newFrames(1));
    const frame = this.#levels[depth] as PageFrame;
    readPage(this.descriptor, number, frame, this.trusted);
    return frame.bytes;
  }
}

function separatorOf(page: Buffer, index: number): Buffer {
  const at = entryAt(page, index);
  return page.subarray(at + ENTRY_HEADER_BYTES, valueAt(page, at));
}

function addNode(entries: EntryList, separator: Buffer, page: number): void {
  const entry = Buffer.allocUnsafe(ENTRY_HEADER_BYTES + separator.length + CHILD_BYTES);
  entry.writeUInt16LE(separator.length, 0);
  entry.writeUInt16LE(CHILD_BYTES, 2);
  entry.set(separator, ENTRY_HEADER_BYTES);
  entry.writeUInt32LE(page, ENTRY_HEADER_BYTES + separator.length);
  entries.add(entry, 0, entry.length);
}
