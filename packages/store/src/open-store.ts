import { mkdirSync } from 'node:fs';
import { type Random, systemRandom, UserError } from '@tablewright/base';
import { DirectoryLock } from './directory-lock.js';
import { type Files, systemFiles } from './files.js';
import { replayLog } from './log-replay.js';
import { LogStructuredStore } from './log-structured-store.js';
import { SegmentChain } from './segment-chain.js';
import { clearUnfinished, readFormat, STORE_FORMAT, type StorePaths, storePaths, writeFormat } from './store-format.js';
import { PagedTree, type TreeTable } from './tree/tree-table.js';

export interface OpenStoreOptions {
  /** The data directory, which is made if it does not exist. One process at a time. */
  readonly dir: string;
  readonly random?: Random;
  /** For tests: stands in for the operating system's files. */
  readonly files?: Files;
  /** For tests: stands in front of the tree. */
  readonly wrapTree?: (tree: TreeTable) => TreeTable;
  /**
   * Recent changes kept in memory before they go into the tree, in bytes of keys and values; twice this at most. Default
   * 8 MiB, for a tree of 1 GiB and more 16.
   */
  readonly tableBytes?: number;
  /** From what size on a table is written into the tree by a thread. */
  readonly threadBytes?: number;
  /** Size of a log file. */
  readonly segmentBytes?: number;
  /** Log kept before the changes in it go into the tree, however few keys they concern. */
  readonly logBytes?: number;
}

const DEFAULTS = { segmentBytes: 4 << 20, logBytes: 32 << 20 };

/**
 * In a large tree hardly two changes of a table share a leaf, but nearly all branches are written anew with each table:
 * larger tables then spare a sixth of the pages. Measured with 5,000,000 items: a tenth more PutItems, no more memory.
 */
function tableBytesFor(treeBytes: number): number {
  return Math.min(Math.max(8 << 20, treeBytes / 64), 16 << 20);
}

/**
 * Opens the durable store in a directory, replaying its log if it was not closed.
 * @throws UserError when another process has it open, or when it is damaged or of another format.
 */
export async function openStore(options: OpenStoreOptions): Promise<LogStructuredStore> {
  const { dir, random = systemRandom, files = systemFiles } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const lock = DirectoryLock.take(dir, random);
  try {
    const paths = storePaths(dir);
    const format = readFormat(paths);
    const salt = format?.state === 'ready' ? format.salt : await create(paths, random, files, options);
    return await assemble(paths, salt, files, options, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function create(paths: StorePaths, random: Random, files: Files, options: OpenStoreOptions): Promise<number> {
  const salt = Math.floor(random.next() * 2 ** 32);
  writeFormat(paths, { format: STORE_FORMAT, state: 'creating', salt });
  clearUnfinished(paths);
  await files.makeDir(paths.log);
  const segments = new SegmentChain(files, paths.log, options.segmentBytes ?? DEFAULTS.segmentBytes, []);
  await segments.start(1, 0);
  await segments.close();
  PagedTree.create(paths.tree);
  writeFormat(paths, { format: STORE_FORMAT, state: 'ready', salt });
  return salt;
}

async function assemble(
  paths: StorePaths,
  salt: number,
  files: Files,
  options: OpenStoreOptions,
  release: () => void,
): Promise<LogStructuredStore> {
  const opened = openTree(paths, options.threadBytes);
  const tree = options.wrapTree?.(opened) ?? opened;
  try {
    const replay = { files, dir: paths.log, salt };
    const recovered = replayLog({ ...replay, checkpoint: tree.checkpoint });
    const sizes = { ...DEFAULTS, ...options };
    const segments = new SegmentChain(files, paths.log, sizes.segmentBytes, recovered.spares);
    await segments.start(recovered.nextSegment, recovered.framesBefore);
    return new LogStructuredStore({
      tree,
      segments,
      salt,
      recovered,
      replay: (until) => replayLog({ ...replay, checkpoint: tree.checkpoint, until }),
      tableBytes: (treeBytes) => options.tableBytes ?? tableBytesFor(treeBytes),
      logBytes: sizes.logBytes,
      release,
    });
  } catch (error) {
    await tree.close();
    throw error;
  }
}

function openTree(paths: StorePaths, threadBytes: number | undefined): PagedTree {
  try {
    return new PagedTree(paths.tree, threadBytes);
  } catch (cause) {
    throw unreadableTree(paths, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function unreadableTree(paths: StorePaths, reason: string, cause?: unknown): UserError {
  return new UserError(
    `${paths.tree} cannot be read: ${reason}`,
    'Restore the whole data directory from a copy, or move it away to start with an empty one.',
    { cause },
  );
}
