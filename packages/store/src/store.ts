/**
 * A key: a "byte string", every char code 0 to 255, ordered byte by byte. Strings, because V8 compares,
 * concatenates and hashes one-byte strings far faster than Buffers. At most {@link MAX_KEY_BYTES} long.
 */
export type Key = string;

/** So that two entries fit on a page of the tree. */
export const MAX_KEY_BYTES = 1978;

/** A half-open range of keys: `start` included (default: the first key), `end` excluded (default: after the last). */
export interface KeyRange {
  readonly start?: Key;
  readonly end?: Key;
  /** From the end towards the start. */
  readonly reverse?: boolean;
}

export interface Entry {
  readonly key: Key;
  /** The caller may keep it, and must not change it. */
  readonly value: Buffer;
}

/**
 * Takes a value: `bytes` from `begin` up to `end`, which it may keep and must not change. False ends the walk.
 */
export type ValueVisitor = (bytes: Buffer, begin: number, end: number) => boolean;

export interface Reader {
  /** The value, which the caller may keep and must not change; undefined when the key is not there. */
  get(key: Key): Buffer | undefined;
  /** Lazily, in key order. Valid within the current turn of the event loop only. */
  range(range: KeyRange): Iterable<Entry>;
}

export interface Writer extends Reader {
  /** Reads inside a change see its own writes. `value` must not be modified afterwards. */
  put(key: Key, value: Uint8Array): void;
  delete(key: Key): void;
}

/**
 * The durable ordered key-value store under the whole estate.
 *
 * Reads see every change made so far, also those that are not on disk yet. A change runs at once, alone, and
 * synchronously; the promise resolves once it is on disk (flushed, not merely handed to the operating system); a
 * change that wrote nothing resolves at once. A change whose function throws leaves nothing behind, and its promise
 * rejects with that error.
 */
export interface Store extends Reader {
  /**
   * Walks through values in key order, or against it, within this call; much cheaper than {@link range} for walks
   * through many. The visitor may read the store, and must not change it.
   */
  visit(range: KeyRange, visitor: ValueVisitor): void;
  change<T>(action: (writer: Writer) => T): Promise<T>;
  /** Resolves when every change made so far is durable. */
  flush(): Promise<void>;
  /** Rejects later changes, writes back everything and releases the files. */
  close(): Promise<void>;
}
