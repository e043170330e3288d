import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';

// The parts of PKWARE's APPNOTE.TXT that deployment packages use: stored and deflated entries, the central directory,
// Unix modes and symbolic links. No encryption, no archives in several parts, no ZIP64.

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly compressedBytes: number;
  readonly sizeBytes: number;
  /** Of the local header. */
  readonly offset: number;
  /** As `stat` gives it: type and permissions; 0 where the archive tells none. */
  readonly mode: number;
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const STORED = 0;
const DEFLATED = 8;
const END_BYTES = 22;
const TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** The entries of an archive. Throws when it is none, or damaged. */
export function zipEntries(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || end + END_BYTES > archive.length || archive.readUInt32LE(end) !== END_OF_DIRECTORY) {
    throw new Error('the archive has no end of central directory');
  }
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let number = 0; number < count; number++) {
    if (archive.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('the central directory is damaged');
    const nameBytes = archive.readUInt16LE(at + 28);
    const isUnix = archive.readUInt8(at + 5) === 3;
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameBytes),
      method: archive.readUInt16LE(at + 10),
      compressedBytes: archive.readUInt32LE(at + 20),
      sizeBytes: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
      mode: isUnix ? archive.readUInt16LE(at + 40) : 0,
    });
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}

function entryBytes(archive: Buffer, entry: ZipEntry): Buffer {
  const { offset, method, compressedBytes, sizeBytes } = entry;
  if (archive.readUInt32LE(offset) !== LOCAL_HEADER) throw new Error(`${entry.name} is damaged`);
  const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
  const compressed = archive.subarray(start, start + compressedBytes);
  if (method === STORED) return compressed;
  if (method !== DEFLATED) throw new Error(`${entry.name} is packed by a method that is not supported: ${method}`);
  return inflateRawSync(compressed, { maxOutputLength: Math.max(1, sizeBytes) });
}

/** Unpacks an archive into `folder`. Nothing is written outside of it: an entry that would be is an error. */
export async function unzip(archive: Buffer, folder: string): Promise<void> {
  const root = resolve(folder);
  const inside = (path: string): boolean => path === root || path.startsWith(root + sep);
  await mkdir(root, { recursive: true });
  for (const entry of zipEntries(archive)) {
    const path = resolve(root, entry.name);
    if (!inside(path)) throw new Error(`${entry.name} lies outside of the archive`);
    if (entry.name.endsWith('/')) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    const bytes = entryBytes(archive, entry);
    if ((entry.mode & TYPE_MASK) === SYMBOLIC_LINK) {
      const target = resolve(dirname(path), bytes.toString('utf8'));
      if (!inside(target)) throw new Error(`${entry.name} links to what is outside of the archive`);
      await symlink(relative(dirname(path), target), path);
      continue;
    }
    const mode = (entry.mode & 0o777) === 0 ? 0o644 : (entry.mode & 0o777) | 0o400;
    await writeFile(join(path), bytes, { mode });
  }
}
