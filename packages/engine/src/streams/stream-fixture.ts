import assert from 'node:assert/strict';
import { CALLER, EngineFixture, orders } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const VIEW_TYPES = ['NEW_AND_OLD_IMAGES', 'NEW_IMAGE', 'OLD_IMAGE', 'KEYS_ONLY'] as const;
export type ViewType = (typeof VIEW_TYPES)[number];

type Members = Readonly<Record<string, unknown>>;

/** A stream record as GetRecords answers it. */
export interface Received {
  readonly eventID: string;
  readonly eventName: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: {
    readonly Keys: Members;
    readonly NewImage?: Members;
    readonly OldImage?: Members;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
  } & Members;
}

export interface Shard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange: { readonly StartingSequenceNumber: string; readonly EndingSequenceNumber?: string };
}

/** The table `orders` with a stream, and what reads it. */
export class StreamFixture extends EngineFixture {
  async createTable(viewType: ViewType = 'NEW_AND_OLD_IMAGES', changes: Members = {}): Promise<string> {
    await this.run('CreateTable', orders({ StreamSpecification: streamOf(viewType), ...changes }));
    return this.latestArn();
  }

  async latestArn(): Promise<string> {
    return String((await this.describe()).LatestStreamArn);
  }

  put(pk: string, attributes: Members = {}): Promise<unknown> {
    return this.run('PutItem', { TableName: 'orders', Item: { pk: { S: pk }, ...attributes } });
  }

  delete(pk: string): Promise<unknown> {
    return this.run('DeleteItem', { TableName: 'orders', Key: { pk: { S: pk } } });
  }

  /** Runs an operation of the Streams API and gives its answer as the client would read it. */
  async stream(operation: string, input: Members): Promise<Record<string, unknown>> {
    const output = await this.engine.executeStreams(operation, CALLER, input);
    return JSON.parse(encodeOutput(output).toString());
  }

  async describeStream(arn: string, input: Members = {}): Promise<Record<string, unknown> & { Shards: Shard[] }> {
    const { StreamDescription } = await this.stream('DescribeStream', { StreamArn: arn, ...input });
    return StreamDescription as Record<string, unknown> & { Shards: Shard[] };
  }

  async iterator(arn: string, shardId: string, type = 'TRIM_HORIZON', sequence?: string): Promise<string> {
    const input = { StreamArn: arn, ShardId: shardId, ShardIteratorType: type };
    const more = sequence === undefined ? {} : { SequenceNumber: sequence };
    return String((await this.stream('GetShardIterator', { ...input, ...more })).ShardIterator);
  }

  async records(iterator: string, limit?: number): Promise<{ records: Received[]; next: string | undefined }> {
    const output = await this.stream('GetRecords', { ShardIterator: iterator, ...(limit && { Limit: limit }) });
    return { records: output.Records as Received[], next: output.NextShardIterator as string | undefined };
  }

  /** Every record that the stream still holds, shard by shard, to the end of each. */
  async readAll(arn: string): Promise<Received[]> {
    const all: Received[] = [];
    for (const { ShardId } of (await this.describeStream(arn)).Shards) {
      let next: string | undefined = await this.iterator(arn, ShardId);
      while (next !== undefined) {
        const page: { records: Received[]; next: string | undefined } = await this.records(next);
        all.push(...page.records);
        next = page.records.length === 0 ? undefined : page.next;
      }
    }
    return all;
  }

  async refusesStream(operation: string, input: Members, code: string, message: string | RegExp): Promise<void> {
    await assert.rejects(this.stream(operation, input), (error: Error) => {
      assert.equal(error.name, code, error.message);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  }
}

export function streamOf(viewType: ViewType): Members {
  return { StreamEnabled: true, StreamViewType: viewType };
}
