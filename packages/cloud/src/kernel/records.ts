import type { Reader, Store, Writer } from '@tablewright/store';

export interface ListOptions {
  readonly prefix?: string;
  readonly after?: string;
  readonly before?: string;
  /** From the last name towards the first. */
  readonly reverse?: boolean;
  readonly reader?: Reader;
}

/**
 * A collection of JSON records of one service in the store, ordered by the bytes of their names. Key:
 * `S` + collection + NUL + partition + NUL + name in UTF-8; a partition is mostly `account/region`.
 */
export class Records<T> {
  readonly #prefix: string;

  /** @param collection `service.kind`, e.g. `lambda.functions`; no NUL. */
  constructor(
    private readonly store: Store,
    collection: string,
  ) {
    this.#prefix = `S${collection}\0`;
  }

  get(partition: string, name: string): T | undefined {
    return this.#decode(this.store.get(this.#key(partition, name)));
  }

  /**
   * Names and records that begin with `prefix`, come after `after` and before `before`, in order or against it, as
   * `reader` sees them (default: the store). Read them in the same turn.
   */
  *list(partition: string, options: ListOptions = {}): Iterable<readonly [string, T]> {
    const base = this.#key(partition, '');
    const bounds = base + utf8(options.prefix ?? '');
    const after = options.after === undefined ? bounds : `${base}${utf8(options.after)}\0`;
    const beyond = successor(bounds);
    const before = options.before === undefined ? beyond : base + utf8(options.before);
    // A marker outside of the prefix counts for nothing.
    const [, start = bounds] = [after, bounds].sort();
    const [end = beyond] = [before, beyond].sort();
    if (start >= end) return;
    const range = { start, end, reverse: options.reverse ?? false };
    for (const { key, value } of (options.reader ?? this.store).range(range)) {
      const record = this.#decode(value);
      if (record !== undefined) yield [fromUtf8(key.slice(base.length)), record] as const;
    }
  }

  /** Every record of every partition. */
  *all(): Iterable<T> {
    for (const { value } of this.store.range({ start: this.#prefix, end: successor(this.#prefix) })) {
      const record = this.#decode(value);
      if (record !== undefined) yield record;
    }
  }

  /** The same with the partition of each. */
  *entries(): Iterable<readonly [partition: string, record: T]> {
    for (const { key, value } of this.store.range({ start: this.#prefix, end: successor(this.#prefix) })) {
      const record = this.#decode(value);
      if (record !== undefined) yield [partitionIn(key, this.#prefix.length), record] as const;
    }
  }

  /** Durable once the promise resolves. */
  put(partition: string, name: string, record: T): Promise<void> {
    return this.store.change((writer) => this.putIn(writer, partition, name, record));
  }

  /** Within a change of the caller's. */
  putIn(writer: Writer, partition: string, name: string, record: T): void {
    writer.put(this.#key(partition, name), Buffer.from(JSON.stringify(record)));
  }

  /** As a change sees it, its own writes included. */
  getFrom(reader: Reader, partition: string, name: string): T | undefined {
    return this.#decode(reader.get(this.#key(partition, name)));
  }

  /** Whether a partition holds anything. */
  isEmpty(reader: Reader, partition: string): boolean {
    const start = this.#key(partition, '');
    for (const _ of reader.range({ start, end: successor(start) })) return false;
    return true;
  }

  deleteIn(writer: Writer, partition: string, name: string): void {
    writer.delete(this.#key(partition, name));
  }

  delete(partition: string, name: string): Promise<void> {
    return this.store.change((writer) => this.deleteIn(writer, partition, name));
  }

  #key(partition: string, name: string): string {
    return `${this.#prefix}${partition}\0${utf8(name)}`;
  }

  #decode(value: Buffer | undefined): T | undefined {
    // The store holds only what this class wrote, so the shape is known.
    return value === undefined ? undefined : (JSON.parse(value.toString('utf8')) as T);
  }
}

function partitionIn(key: string, start: number): string {
  return key.slice(start, key.indexOf('\0', start));
}

/** Whether a collection has a record in any partition. */
export function hasRecords(reader: Reader, collection: string): boolean {
  const start = `S${collection}\0`;
  for (const _ of reader.range({ start, end: successor(start) })) return true;
  return false;
}

function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function fromUtf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The first key after all that begin with `prefix`, whose last byte is never 0xff: UTF-8 has no such byte. */
function successor(prefix: string): string {
  return prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
}
