import { Buffer } from 'node:buffer';
import { chmodSync, rmSync, statSync } from 'node:fs';
import { Slab } from '@tablewright/base';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { LayerCursor, LayerValue } from './layer.js';
import type { SortedMap } from './sorted-map.js';
import type { Key, KeyRange } from './store.js';

/** The tree on disk, the oldest layer of the store. */
export interface TreeTable {
  get(key: Key): Buffer | undefined;
  cursor(range: KeyRange): LayerCursor;
  /** Everything in log segments up to this number is in the tree, flushed. */
  readonly checkpoint: number;
  /** Takes all of `table` in, and then `checkpoint`; resolves once both are on disk. */
  write(table: SortedMap<LayerValue>, checkpoint: number): Promise<void>;
  readonly sizeBytes: number;
  close(): Promise<void>;
}

/** Writes handed to LMDB in one turn of the event loop; measured: 500 take about 0.4 ms. */
const CHUNK_WRITES = 500;
const CHECKPOINT_KEY = 'checkpoint';

/** LMDB with byte-string keys. Its own thread does the tree work of {@link write}. */
export class LmdbTable implements TreeTable {
  readonly #root: RootDatabase<Buffer, Key>;
  readonly #entries: Database<Buffer, Key>;
  readonly #meta: Database<Buffer, Key>;
  #checkpoint: number;

  /** Opens or makes the file. The caller holds the directory's lock. */
  constructor(private readonly path: string) {
    // Left behind by a killed process; with the directory locked nobody else can be using it.
    rmSync(`${path}-lock`, { force: true });
    this.#root = open<Buffer, Key>({ path, ...OPTIONS });
    for (const file of [path, `${path}-lock`]) chmodSync(file, 0o600);
    this.#entries = this.#root.openDB<Buffer, Key>({ name: 'entries', ...DATABASE });
    this.#meta = this.#root.openDB<Buffer, Key>({ name: 'meta', ...DATABASE });
    this.#checkpoint = this.#meta.get(CHECKPOINT_KEY)?.readUInt32LE(0) ?? 0;
  }

  get checkpoint(): number {
    return this.#checkpoint;
  }

  get sizeBytes(): number {
    return statSync(this.path).size;
  }

  get(key: Key): Buffer | undefined {
    return this.#entries.get(key);
  }

  cursor(range: KeyRange): LayerCursor {
    return new LmdbCursor(this.#entries, range);
  }

  async write(table: SortedMap<LayerValue>, checkpoint: number): Promise<void> {
    const keys = table.sortedKeys();
    const commits: Promise<Error | undefined>[] = [];
    for (let from = 0; from < keys.length; from += CHUNK_WRITES) {
      const chunk = keys.slice(from, from + CHUNK_WRITES);
      commits.push(outcome(this.#entries.batch(() => this.#writeChunk(table, chunk))));
      await nextTurn();
    }
    await requireAll(commits);
    const position = Buffer.alloc(4);
    position.writeUInt32LE(checkpoint);
    // Not before the others are known to be there: transactions succeed or fail one by one.
    await requireAll([outcome(this.#meta.batch(() => void this.#meta.put(CHECKPOINT_KEY, position)))]);
    this.#root.resetReadTxn();
    this.#checkpoint = checkpoint;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  /** Runs inside a batch, whose promise stands for all of these. */
  #writeChunk(table: SortedMap<LayerValue>, keys: readonly Key[]): void {
    for (const key of keys) {
      const value = table.get(key);
      if (value === null || value === undefined) void this.#entries.remove(key);
      else void this.#entries.put(key, value);
    }
  }
}

const reads = new Slab();

const DATABASE = {
  cache: false,
  keyEncoder: {
    writeKey: (key: Key, target: Buffer, start: number): number => start + target.write(key, start, 'latin1'),
    readKey: (source: Buffer, start: number, end: number): Key => source.toString('latin1', start, end),
  },
  encoder: {
    encode: (value: Buffer): Buffer => value,
    // LMDB's buffer is used again at the next read.
    decode: (shared: Buffer): Buffer => {
      const value = reads.allocate(shared.length);
      value.set(new Uint8Array(shared.buffer, shared.byteOffset, shared.length));
      return value;
    },
  },
  encoding: 'binary',
} as const;

const OPTIONS = {
  ...DATABASE,
  noSubdir: true,
  maxDbs: 4,
  maxReaders: 16,
  // Address space, not memory. Growing a map leaves the old one in place, so begin where few will have to grow it.
  ...(process.platform === 'win32' ? {} : { mapSize: 2 ** 34 }),
  // A commit is then on disk when its promise resolves. Nobody waits for it but the log's segments.
  overlappingSync: false,
  // Batches are made explicitly. With batches by event turn, a failed commit also rejects a promise inside lmdb that
  // nobody can handle, and that ends the process.
  eventTurnBatching: false,
  // Pages are not cleared before use: the file is readable for its owner alone.
  noMemInit: true,
};

class LmdbCursor implements LayerCursor {
  key: Key | undefined;
  #value: Buffer | undefined;
  readonly #entries: Iterator<{ key: Key; value: Buffer }>;

  constructor(database: Database<Buffer, Key>, range: KeyRange) {
    const { start, end, reverse } = range;
    const bounds = reverse
      ? { start: end, end: start, reverse: true, exclusiveStart: end !== undefined, inclusiveEnd: true }
      : { start, end };
    this.#entries = database.getRange(bounds)[Symbol.iterator]();
    this.advance();
  }

  value(): LayerValue {
    return this.#value ?? null;
  }

  advance(): void {
    const next = this.#entries.next();
    this.key = next.done ? undefined : next.value.key;
    this.#value = next.done ? undefined : next.value.value;
  }

  /** The tree changes only by what the layers above it hold already. */
  refresh(): void {}

  close(): void {
    this.#entries.return?.();
  }
}

/** Why a commit failed; undefined when it did not. Never rejects, so it can wait until somebody asks. */
function outcome(commit: Promise<boolean>): Promise<Error | undefined> {
  return commit.then(() => undefined, commitError);
}

async function requireAll(outcomes: readonly Promise<Error | undefined>[]): Promise<void> {
  const failure = (await Promise.all(outcomes)).find((error) => error !== undefined);
  if (failure !== undefined) throw failure;
}

/** LMDB's promise says only that the commit failed; the cause hangs on it as another promise, which rejects. */
async function commitError(reason: unknown): Promise<Error> {
  if (!(reason instanceof Error)) return new Error(String(reason));
  if (!('commitError' in reason)) return reason;
  try {
    await reason.commitError;
    return reason;
  } catch (cause) {
    return cause instanceof Error ? cause : reason;
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
