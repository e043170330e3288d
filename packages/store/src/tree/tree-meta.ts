import { Buffer } from 'node:buffer';
import { fstatSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { PAGE_BYTES } from './tree-page.js';

/**
 * The state of the tree after a commit. It lies on page 0 or 1, in turn, so that the one before is whole while the next
 * is written:
 *
 *    0  u32  CRC-32 of the rest, up to byte 40
 *    4  u32  magic, which carries the version of the layout
 *    8  u32  page size
 *   12  u32  commit
 *   16  u32  root page, 0 when the tree is empty
 *   20  u32  number of pages
 *   24  u32  checkpoint
 *   28  u32  first page of the map of used pages
 *   32  u32  bytes of that map
 *   36  u32  CRC-32 of that map
 */
export interface TreeMeta {
  readonly commit: number;
  readonly root: number;
  readonly pages: number;
  readonly checkpoint: number;
  readonly mapPage: number;
  readonly mapBytes: number;
  readonly mapCrc: number;
}

export const META_PAGES = 2;
export const EMPTY_TREE: TreeMeta = {
  commit: 0,
  root: 0,
  pages: META_PAGES,
  checkpoint: 0,
  mapPage: 0,
  mapBytes: 0,
  mapCrc: 0,
};

const META_BYTES = 40;
const MAGIC = 0x31545754;
const FIELDS = ['commit', 'root', 'pages', 'checkpoint', 'mapPage', 'mapBytes', 'mapCrc'] as const;

/** Where the meta of a commit lies in the file, in bytes. */
export function metaPosition(commit: number): number {
  return (commit % META_PAGES) * PAGE_BYTES;
}

export function encodeMeta(meta: TreeMeta): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  page.writeUInt32LE(MAGIC, 4);
  page.writeUInt32LE(PAGE_BYTES, 8);
  for (const [n, field] of FIELDS.entries()) page.writeUInt32LE(meta[field], 12 + n * 4);
  page.writeUInt32LE(crc32(page.subarray(4, META_BYTES)), 0);
  return page;
}

/** The newest whole state in the file; a string says what is wrong with the file. */
export function readMeta(descriptor: number): TreeMeta | string {
  const metas = [0, 1].flatMap((slot) => decodeMeta(descriptor, slot) ?? []);
  const newest = metas.sort((a, b) => b.commit - a.commit)[0];
  if (newest === undefined) return 'it does not begin like a tree file';
  const missing = newest.pages * PAGE_BYTES - fstatSync(descriptor).size;
  return missing > 0 ? `its last ${missing} bytes are missing` : newest;
}

function decodeMeta(descriptor: number, slot: number): TreeMeta | undefined {
  const bytes = Buffer.alloc(META_BYTES);
  if (readSync(descriptor, bytes, 0, META_BYTES, slot * PAGE_BYTES) !== META_BYTES) return undefined;
  if (bytes.readUInt32LE(4) !== MAGIC || bytes.readUInt32LE(8) !== PAGE_BYTES) return undefined;
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return undefined;
  const [commit, root, pages, checkpoint, mapPage, mapBytes, mapCrc] = FIELDS.map((_, n) =>
    bytes.readUInt32LE(12 + n * 4),
  ) as [number, number, number, number, number, number, number];
  return { commit, root, pages, checkpoint, mapPage, mapBytes, mapCrc };
}
