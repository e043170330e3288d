import type { Timer } from '@tablewright/base';
import type { Kernel, KinesisPort, KmsPort, StreamChange } from '../../kernel/kernel.js';
import { hashOf } from './hash-ranges.js';
import { writable } from './record-operations.js';
import { type StreamRecord, sequenceText, shardId } from './stream-record.js';
import { type StreamName, StreamStore } from './stream-store.js';

const HOUR_MS = 3_600_000;

/** What other services need of Kinesis, and what the clock does to streams: records go when they are too old. */
export class StreamDelivery implements KinesisPort {
  readonly #store: StreamStore;
  /** By ARN of the stream. */
  readonly #listeners = new Map<string, Set<(change: StreamChange) => void>>();
  #timer: Timer | undefined;

  constructor(private readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'> & { readonly kms: KmsPort }) {
    this.#store = new StreamStore(kernel, (arn, change) => this.streamChanged(arn, change));
  }

  start(): void {
    this.#timer = this.kernel.clock.after(HOUR_MS, () => {
      // A store that cannot write fails every request that follows with the same error; the next hour tries again.
      this.#trim().catch(() => {});
      this.start();
    });
  }

  close(): void {
    this.#timer?.cancel();
  }

  isThere(arn: string): boolean {
    return this.#find(arn) !== undefined;
  }

  latest(arn: string): Readonly<Record<string, string>> | undefined {
    const stream = this.#find(arn);
    if (stream === undefined) return undefined;
    const last = this.#store.lastSequence(stream);
    return Object.fromEntries(
      stream.shards.map((shard) => [shardId(shard.number), sequenceText(shard, shard.endSequence ?? last)]),
    );
  }

  streamChanged(arn: string, change: StreamChange): void {
    for (const listener of [...(this.#listeners.get(arn) ?? [])]) listener(change);
  }

  subscribe(arn: string, listener: (change: StreamChange) => void): () => void {
    const listeners = this.#listeners.get(arn) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(arn, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(arn) === listeners) this.#listeners.delete(arn);
    };
  }

  #find(arn: string): StreamRecord | undefined {
    const [, , service, region = '', accountId = '', resource = ''] = arn.split(':');
    if (service !== 'kinesis' || !resource.startsWith('stream/')) return undefined;
    return this.#store.streams.get(`${accountId}/${region}`, resource.slice('stream/'.length));
  }

  async put(
    arn: string,
    records: readonly { readonly partitionKey: string; readonly data: Uint8Array }[],
  ): Promise<void> {
    const [, , , region = '', accountId = ''] = arn.split(':');
    const caller = { accountId, region };
    const name: StreamName = { StreamARN: arn };
    writable(this.kernel.kms, this.#store.find(caller, name));
    const hashed = records.map((record) => ({ ...record, hash: hashOf(record.partitionKey) }));
    await this.#store.append(caller, name, hashed);
  }

  async #trim(): Promise<void> {
    for (const stream of [...this.#store.streams.all()]) {
      while (await this.#store.trim(this.#store.find(stream, { StreamName: stream.name }))) {
        // The next thousand.
      }
    }
  }
}
