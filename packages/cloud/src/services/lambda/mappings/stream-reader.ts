import type { Kernel } from '../../../kernel/kernel.js';
import { ServiceError } from '../../../wire/index.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { executionActor } from '../invocation/execution-role.js';

/** A record of a stream, of whatever kind. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  /** When the item changed, or the record arrived. */
  readonly createdMs: number;
  /** Records with the same stay in order. */
  readonly key: string;
  /** As functions get it. */
  readonly event: object;
  /** What filters look at; undefined when it is nothing that they can look into. */
  filtered(): unknown;
}

export interface Shard {
  readonly id: string;
  /** What is kept of it lies under this: ids come again in a stream that is made again under its ARN. */
  readonly key: string;
  /** Ids of the shards whose records come before. */
  readonly parents: readonly string[];
  readonly startingSequenceNumber: string;
  /** Of a shard that takes no more records. */
  readonly endingSequenceNumber: string | undefined;
}

/** A piece of a shard. */
export interface Page {
  readonly records: readonly StreamRecord[];
  /** Nothing comes after it, now or later. */
  readonly isEnd: boolean;
}

/** Where to begin: after a record, or at the oldest of the shard, or where the mapping was told to. */
export type Place = { readonly after: string } | 'oldest' | 'start';

export interface StreamToRead {
  readonly kernel: Kernel;
  readonly streamArn: string;
  /** The function that it is read for. Throws when it is gone. */
  readonly resolve: () => ResolvedFunction;
  /** Where shards begin that have not been read yet; at their oldest record when absent. */
  readonly startingTimestampMs?: number | undefined;
}

/** Reads a stream by its API, with the permissions of the function's role. Rejects with ServiceError. */
export abstract class StreamReader {
  constructor(protected readonly stream: StreamToRead) {}

  /** How long the stream keeps its records. */
  abstract get retentionMs(): number;
  /** All shards, parents first. */
  abstract shards(): Promise<Shard[]>;
  protected abstract iterator(shard: Shard, place: Place): Promise<string>;
  protected abstract records(
    shard: Shard,
    iterator: string,
    limit: number,
  ): Promise<{ readonly records: readonly StreamRecord[]; readonly next: string | undefined }>;
  protected abstract readonly service: string;
  /** Actions that the role needs although reading does without them. */
  protected abstract readonly demanded: readonly string[];

  /**
   * Rejects unless the role may do all that reading needs. What lists more than this stream is asked for on the stream:
   * that is what AWS's policies for functions name ("IAM policy to allow a Lambda function to access DynamoDB stream
   * records").
   */
  async probe(): Promise<void> {
    const [shard] = await this.shards();
    if (shard !== undefined) await this.read(shard, new ShardPosition(undefined), 1);
    const { kernel, streamArn } = this.stream;
    for (const operation of this.demanded) {
      const need = { action: `${this.service}:${operation}`, resource: streamArn };
      const denied = kernel.authorizer.demand({ ...this.#actor(), service: this.service, operation }, need);
      if (denied !== undefined) throw new ServiceError('AccessDeniedException', denied);
    }
  }

  /** The next records at a position, which moves on. */
  async read(shard: Shard, position: ShardPosition, limit: number): Promise<Page> {
    const iterator = position.iterator ?? (await this.#iterator(shard, position.after));
    if (iterator === undefined) return { records: [], isEnd: true };
    try {
      const { records, next } = await this.records(shard, iterator, limit);
      position.iterator = next;
      position.after = records.at(-1)?.sequenceNumber ?? position.after;
      return { records, isEnd: next === undefined };
    } catch (error) {
      if (!isCode(error, 'ExpiredIteratorException', 'TrimmedDataAccessException')) throw error;
      if (isCode(error, 'TrimmedDataAccessException')) position.after = undefined;
      // An iterator that has just been made is good: it is not asked for again and again.
      if (position.iterator === undefined) throw error;
      position.iterator = undefined;
      return this.read(shard, position, limit);
    }
  }

  /** Undefined when nothing can come after the place. */
  async #iterator(shard: Shard, after: string | undefined): Promise<string | undefined> {
    if (after === undefined) return this.iterator(shard, 'start');
    const { startingSequenceNumber: start, endingSequenceNumber: end } = shard;
    if (end !== undefined && !isBefore(after, end)) return undefined;
    if (isBefore(after, start)) return this.iterator(shard, 'oldest');
    try {
      return await this.iterator(shard, { after });
    } catch (error) {
      // What was there has left the stream meanwhile: it goes on with the oldest that there is.
      if (!isCode(error, 'TrimmedDataAccessException')) throw error;
      return this.iterator(shard, 'oldest');
    }
  }

  protected run<Output extends object>(operation: string, input: object): Promise<Output> {
    return this.stream.kernel.calls.run<Output>(this.service, operation, this.#actor(), input);
  }

  #actor() {
    return executionActor(this.stream.kernel, this.stream.resolve());
  }
}

/** How far a shard has been read. */
export class ShardPosition {
  /** Good for minutes; another is asked for then. */
  iterator: string | undefined;

  constructor(
    /** The sequence number of the last record that was read, or before which nothing is wanted. */
    public after: string | undefined,
  ) {}
}

/** Sequence numbers are decimal numbers of many digits. */
export function isBefore(one: string, other: string): boolean {
  return one.length === other.length ? one < other : BigInt(one) < BigInt(other);
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof ServiceError && codes.includes(error.code);
}
