import { Buffer } from 'node:buffer';
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

/*
 * LMDB maps its file into memory, so that a page beyond the end of a file that was cut short kills the process
 * instead of giving an error. This check comes before; it knows the layout that lmdb 3.x writes (data version 2, in
 * liblmdb's mdb.c: MDB_page, MDB_meta, MDB_db, MDB_node), and leaves any other version to LMDB itself.
 */
const MAGIC = 0xbeefc0de;
const KNOWN_VERSION = 2;
const META = {
  magic: 24,
  version: 28,
  pageSize: 48,
  freeRoot: 88,
  mainRoot: 136,
  lastPage: 144,
  txnId: 152,
  sizeBytes: 160,
};
const PAGE_HEADER_BYTES = 24;
const PAGE_FLAGS = 18;
const PAGE_LOWER = 20;
const BRANCH_PAGE = 0x01;
const LEAF_PAGE = 0x02;
const NODE_HEADER_BYTES = 8;
const OVERFLOW_DATA = 0x01;
const SUB_TREE = 0x02;
const TREE_ROOT = 40;
const NO_PAGE = 0xffffffffffffffffn;

interface Meta {
  readonly pageBytes: number;
  readonly pages: number;
  readonly roots: readonly bigint[];
  readonly txnId: bigint;
}

/**
 * What is wrong with LMDB's data file, if it is not one or has lost its end; undefined when it can be opened.
 * Its last pages may be missing by right, when they were given up before they were ever written; the file is then
 * made as long as LMDB believes it to be.
 */
export function checkTreeFile(path: string): string | undefined {
  const descriptor = openSync(path, 'r+');
  try {
    const metas = readMetas(descriptor);
    if (metas === 'other version') return undefined;
    const [first, second] = metas;
    const meta = first !== undefined && second !== undefined && second.txnId > first.txnId ? second : (first ?? second);
    if (meta === undefined) return 'it does not begin like a tree file';
    const missing = meta.pages * meta.pageBytes - fstatSync(descriptor).size;
    if (missing <= 0) return undefined;
    if (refersBeyondEnd(descriptor, meta)) return `its last ${missing} bytes are missing`;
    ftruncateSync(descriptor, meta.pages * meta.pageBytes);
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

function readMetas(descriptor: number): 'other version' | [Meta | undefined, Meta | undefined] {
  const head = readAt(descriptor, 0, META.sizeBytes);
  if (head === undefined || head.readUInt32LE(META.magic) !== MAGIC) return [undefined, undefined];
  if (head.readUInt32LE(META.version) !== KNOWN_VERSION) return 'other version';
  const pageBytes = head.readUInt32LE(META.pageSize);
  const second = readAt(descriptor, pageBytes, META.sizeBytes);
  return [parseMeta(head), second === undefined ? undefined : parseMeta(second)];
}

function parseMeta(page: Buffer): Meta | undefined {
  if (page.readUInt32LE(META.magic) !== MAGIC) return undefined;
  return {
    pageBytes: page.readUInt32LE(META.pageSize),
    pages: Number(page.readBigUInt64LE(META.lastPage)) + 1,
    roots: [page.readBigUInt64LE(META.freeRoot), page.readBigUInt64LE(META.mainRoot)],
    txnId: page.readBigUInt64LE(META.txnId),
  };
}

/** Walks the whole tree; only for files that are shorter than expected. */
function refersBeyondEnd(descriptor: number, meta: Meta): boolean {
  const pending = [...meta.roots];
  for (let page = pending.pop(); page !== undefined; page = pending.pop()) {
    if (page === NO_PAGE) continue;
    const bytes = readPage(descriptor, page, meta);
    const references =
      bytes === undefined ? undefined : pagesUnder(bytes, (first) => overflowIsWhole(descriptor, first, meta));
    if (references === undefined) return true;
    pending.push(...references);
  }
  return false;
}

/** The pages that a tree page refers to; undefined when it is no tree page, or an overflow value is not whole. */
function pagesUnder(page: Buffer, isWhole: (overflow: bigint) => boolean): bigint[] | undefined {
  const flags = page.readUInt16LE(PAGE_FLAGS);
  if ((flags & (BRANCH_PAGE | LEAF_PAGE)) === 0) return undefined;
  const found: bigint[] = [];
  // Offsets in a page count from the end of its header.
  const pointersEnd = PAGE_HEADER_BYTES + page.readUInt16LE(PAGE_LOWER);
  for (let at = PAGE_HEADER_BYTES; at < pointersEnd; at += 2) {
    const node = PAGE_HEADER_BYTES + page.readUInt16LE(at);
    const nodeFlags = page.readUInt16LE(node + 4);
    const data = node + NODE_HEADER_BYTES + page.readUInt16LE(node + 6);
    if (flags & BRANCH_PAGE) found.push((BigInt(nodeFlags) << 32n) | BigInt(page.readUInt32LE(node)));
    else if (nodeFlags & SUB_TREE) found.push(page.readBigUInt64LE(data + TREE_ROOT));
    else if (nodeFlags & OVERFLOW_DATA && !isWhole(page.readBigUInt64LE(data))) return undefined;
  }
  return found;
}

function overflowIsWhole(descriptor: number, first: bigint, meta: Meta): boolean {
  const page = readPage(descriptor, first, meta);
  if (page === undefined) return false;
  const pages = page.readUInt32LE(PAGE_LOWER);
  return (Number(first) + pages) * meta.pageBytes <= fstatSync(descriptor).size;
}

function readPage(descriptor: number, page: bigint, meta: Meta): Buffer | undefined {
  return readAt(descriptor, Number(page) * meta.pageBytes, meta.pageBytes);
}

function readAt(descriptor: number, position: number, sizeBytes: number): Buffer | undefined {
  const bytes = Buffer.alloc(sizeBytes);
  return readSync(descriptor, bytes, 0, sizeBytes, position) === sizeBytes ? bytes : undefined;
}
