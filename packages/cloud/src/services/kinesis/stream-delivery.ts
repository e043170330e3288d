import type { Timer } from '@tablewright/base';
import type { Kernel, KinesisPort, KmsPort } from '../../kernel/kernel.js';
import { hashOf } from './hash-ranges.js';
import { writable } from './record-operations.js';
import { type StreamName, StreamStore } from './stream-store.js';

const HOUR_MS = 3_600_000;

/** What other services need of Kinesis, and what the clock does to streams: records go when they are too old. */
export class StreamDelivery implements KinesisPort {
  readonly #store: StreamStore;
  #timer: Timer | undefined;

  constructor(private readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'> & { readonly kms: KmsPort }) {
    this.#store = new StreamStore(kernel);
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
    const [, , service, region = '', accountId = '', resource = ''] = arn.split(':');
    if (service !== 'kinesis' || !resource.startsWith('stream/')) return false;
    const name = resource.slice('stream/'.length);
    return this.#store.streams.get(`${accountId}/${region}`, name) !== undefined;
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
