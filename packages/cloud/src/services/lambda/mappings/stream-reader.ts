import type { Kernel } from '../../../kernel/kernel.js';
import type { Actor } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';

/** A record as GetRecords answers it in AWS JSON. */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: string;
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string };
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Readonly<Record<string, unknown>>;
    readonly SequenceNumber: string;
    readonly [member: string]: unknown;
  };
  readonly [member: string]: unknown;
}

export interface ShardDescription {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange: {
    readonly StartingSequenceNumber: string;
    /** Of a shard that takes no more records. */
    readonly EndingSequenceNumber?: string;
  };
}

/** A piece of a shard. */
export interface Page {
  readonly records: readonly StreamRecord[];
  /** Nothing comes after it, now or later. */
  readonly isEnd: boolean;
}

/** Reads a DynamoDB stream by its API, with the permissions of the function's role. Rejects with ServiceError. */
export class StreamReader {
  constructor(
    private readonly kernel: Kernel,
    private readonly streamArn: string,
    /** Throws when the role cannot be taken. */
    private readonly actor: () => Actor,
  ) {}

  /** All shards, parents first. */
  async shards(): Promise<ShardDescription[]> {
    const all: ShardDescription[] = [];
    let after: string | undefined;
    do {
      const { StreamDescription } = await this.#run<{
        StreamDescription: { Shards?: ShardDescription[]; LastEvaluatedShardId?: string };
      }>('DescribeStream', {
        StreamArn: this.streamArn,
        ...(after === undefined ? {} : { ExclusiveStartShardId: after }),
      });
      all.push(...(StreamDescription.Shards ?? []));
      after = StreamDescription.LastEvaluatedShardId;
    } while (after !== undefined);
    return all;
  }

  /**
   * Rejects unless the role may do all that reading needs. ListStreams, which lists more than this stream, is asked for
   * on the stream: that is what AWS's policies for functions name ("IAM policy to allow a Lambda function to access
   * DynamoDB stream records").
   */
  async probe(): Promise<void> {
    const actor = this.actor();
    const [shard] = await this.shards();
    if (shard !== undefined) await this.read(shard, new ShardPosition(undefined), 1);
    const denied = this.kernel.authorizer.demand(
      { ...actor, service: 'dynamodb', operation: 'ListStreams' },
      { action: 'dynamodb:ListStreams', resource: this.streamArn },
    );
    if (denied !== undefined) throw new ServiceError('AccessDeniedException', denied);
  }

  /** The next records at a position, which moves on. */
  async read(shard: ShardDescription, position: ShardPosition, limit: number): Promise<Page> {
    const iterator = position.iterator ?? (await this.#iterator(shard, position.after));
    if (iterator === undefined) return { records: [], isEnd: true };
    try {
      const { Records, NextShardIterator } = await this.#run<{ Records: StreamRecord[]; NextShardIterator?: string }>(
        'GetRecords',
        { ShardIterator: iterator, Limit: limit },
      );
      position.iterator = NextShardIterator;
      position.after = Records.at(-1)?.dynamodb.SequenceNumber ?? position.after;
      return { records: Records, isEnd: NextShardIterator === undefined };
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
  async #iterator(shard: ShardDescription, after: string | undefined): Promise<string | undefined> {
    const { StartingSequenceNumber, EndingSequenceNumber } = shard.SequenceNumberRange;
    if (after !== undefined && EndingSequenceNumber !== undefined && !isBefore(after, EndingSequenceNumber))
      return undefined;
    const isInside = after !== undefined && !isBefore(after, StartingSequenceNumber);
    try {
      return await this.#iteratorOf(
        shard,
        isInside ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after } : FROM_THE_START,
      );
    } catch (error) {
      // What was there has left the stream meanwhile: it goes on with the oldest that there is.
      if (!isCode(error, 'TrimmedDataAccessException')) throw error;
      return this.#iteratorOf(shard, FROM_THE_START);
    }
  }

  async #iteratorOf(shard: ShardDescription, place: object): Promise<string> {
    const input = { StreamArn: this.streamArn, ShardId: shard.ShardId, ...place };
    return (await this.#run<{ ShardIterator: string }>('GetShardIterator', input)).ShardIterator;
  }

  #run<Output extends object>(operation: string, input: object): Promise<Output> {
    return this.kernel.calls.run<Output>('dynamodb', operation, this.actor(), input);
  }
}

const FROM_THE_START = { ShardIteratorType: 'TRIM_HORIZON' };

/** How far a shard has been read. */
export class ShardPosition {
  /** Good for 15 minutes; another is asked for then. */
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
