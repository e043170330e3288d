import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import type { Handler } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { checkStreamInput } from './check-stream-input.js';
import { type StreamOperationName, streamOperationNames } from './stream-inputs.js';
import { StreamMaintenance } from './stream-maintenance.js';
import { type StreamReadListener, streamOperations } from './stream-operations.js';
import { Streams } from './streams.js';

export interface StreamServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly shardCount: number;
  readonly transitionDelayMs: number;
  /** Calls for `step` until it finds nothing to do. */
  readonly wake: () => void;
}

/** For whoever reads a stream: what wakes them, so that nobody needs to poll, and where its end is. */
export interface StreamFeed {
  /**
   * Calls `listener` whenever the stream may have new records or shards, on a later turn and once for many changes.
   * Returns what ends it. A stream that is not there never calls.
   */
  subscribe(streamArn: string, listener: () => void): () => void;
  /** The sequence number of the stream's last record, or one before all that are to come; undefined without stream. */
  lastSequenceNumber(streamArn: string): string | undefined;
}

/** DynamoDB Streams: the streams, what time does to them, and the operations that read them. */
export class StreamService {
  readonly streams: Streams;
  readonly #maintenance: StreamMaintenance;
  readonly #operations: Readonly<Record<StreamOperationName, Handler>>;
  #readListeners: readonly StreamReadListener[] = [];

  constructor(options: StreamServiceOptions) {
    this.streams = new Streams({ ...options, changed: () => this.#maintenance.run() });
    this.#maintenance = new StreamMaintenance({ ...options, streams: this.streams });
    this.#operations = streamOperations({
      ...options,
      streams: this.streams,
      reads: {
        recordsRead: (...read) => {
          for (const listener of this.#readListeners) listener.recordsRead(...read);
        },
      },
    });
  }

  /** For metrics: `listener` is told of what is read from streams. */
  observeReads(listener: StreamReadListener): void {
    this.#readListeners = [...this.#readListeners, listener];
  }

  start(): void {
    this.#maintenance.run();
  }

  step(): Promise<boolean> {
    return this.#maintenance.step();
  }

  close(): void {
    this.#maintenance.close();
  }

  async execute(operation: string, caller: Caller, input: unknown): Promise<Readonly<Record<string, unknown>>> {
    const name = streamOperationNames.find((one) => one === operation);
    if (name === undefined) {
      throw new DynamoError('UnknownOperationException', `The operation ${operation} is unknown.`);
    }
    const output = await this.#operations[name](caller, checkStreamInput(name, input));
    return output as Readonly<Record<string, unknown>>;
  }
}
