import { BatchWriteItemCommand, type BatchWriteItemCommandOutput, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';
import {
  backoffDelayMs,
  isRefusedConnection,
  isThrottling,
  isTransient,
  pause,
  type RetryPolicy,
} from '../connection/retry.js';
import type { Batch } from './batch.js';
import { rawBatchCommand } from './raw-batch-command.js';

/** Patient: a table that is short of capacity gets about a minute without any progress before the run gives up. */
const WRITE_POLICY: RetryPolicy = { baseDelayMs: 50, maxDelayMs: 8_000, maxAttempts: 16 };
/** Short for a connection that broke: the endpoint is back within seconds or not at all. */
const MAX_CONNECTION_ATTEMPTS = 6;

export interface BatchWriterOptions {
  readonly table: string;
  /** Requests in flight at once. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  readonly onBackOff?: (reason: string, delayMs: number) => void;
}

/** Sends batches, several at a time, each again until the table has taken all of it. */
export class BatchWriter {
  itemsWritten = 0;
  batches = 0;
  retries = 0;
  unprocessedRounds = 0;
  consumedWriteUnits = 0;
  readonly #inFlight = new Map<Batch, Promise<void>>();
  #failure: unknown;

  constructor(
    private readonly connection: Connection,
    private readonly options: BatchWriterOptions,
  ) {}

  /** Nothing more should be submitted: a batch has failed, or the signal was given. */
  get stopped(): boolean {
    return this.#failure !== undefined || this.options.signal?.aborted === true;
  }

  /**
   * Resolves once the batch is on its way. It waits for a free place, and for batches in flight that hold one of its
   * keys, so that of two records with the same key the later one wins.
   */
  async submit(batch: Batch): Promise<void> {
    while (this.#inFlight.size >= this.options.concurrency) await Promise.race(this.#inFlight.values());
    for (const [other, done] of [...this.#inFlight]) if (batch.sharesKeyWith(other)) await done;
    if (this.stopped) return;
    const done = this.#write(batch)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(batch));
    this.#inFlight.set(batch, done);
  }

  /** Waits for what is in flight; throws what made a batch fail. */
  async finish(): Promise<void> {
    await Promise.all(this.#inFlight.values());
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #write(batch: Batch): Promise<void> {
    this.batches++;
    let command = rawBatchCommand(this.options.table, batch.items);
    let pending = batch.size;
    for (let attempt = 1; ; attempt++) {
      const { left, reason } = await this.#send(command, batch, attempt);
      // Nothing is known of what was left when the call as a whole failed: all of it is sent again.
      const leftCount = left?.length ?? pending;
      this.itemsWritten += pending - leftCount;
      if (leftCount === 0 || this.options.signal?.aborted) return;
      if (leftCount < pending) attempt = 1;
      if (attempt >= WRITE_POLICY.maxAttempts) throw tooLittleCapacity(reason);
      if (left !== undefined) command = this.#command(left);
      pending = leftCount;
      await this.#backOff(reason, attempt);
    }
  }

  /** One request; the requests that it left unprocessed, or undefined when it failed and may be made again. */
  async #send(
    command: BatchWriteItemCommand,
    batch: Batch,
    attempt: number,
  ): Promise<{ left: WriteRequest[] | undefined; reason: string }> {
    try {
      const output = await this.connection.dynamodb.send(command);
      this.#account(output);
      const left = Object.values(output.UnprocessedItems ?? {}).flat();
      if (left.length > 0) this.unprocessedRounds++;
      return { left, reason: 'items came back unprocessed' };
    } catch (error) {
      const broken = isTransient(error) || isRefusedConnection(error);
      const mayPass = isThrottling(error) || (broken && attempt < MAX_CONNECTION_ATTEMPTS);
      if (!mayPass) throw refused(error, batch);
      return { left: undefined, reason: error instanceof Error ? error.name : String(error) };
    }
  }

  #command(requests: WriteRequest[]): BatchWriteItemCommand {
    const RequestItems = { [this.options.table]: requests };
    return new BatchWriteItemCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' });
  }

  #account(output: BatchWriteItemCommandOutput): void {
    for (const capacity of output.ConsumedCapacity ?? []) this.consumedWriteUnits += capacity.CapacityUnits ?? 0;
  }

  async #backOff(reason: string, attempt: number): Promise<void> {
    const delayMs = backoffDelayMs(attempt, WRITE_POLICY, this.connection.random);
    this.retries++;
    this.options.onBackOff?.(reason, delayMs);
    await pause(this.connection.clock, delayMs, this.options.signal);
  }
}

function tooLittleCapacity(reason: string): UserError {
  return new UserError(
    `the table took nothing for ${WRITE_POLICY.maxAttempts} tries in a row (${reason})`,
    'Give the table more write capacity or switch it to on-demand, then run the same command again.',
  );
}

function refused(error: unknown, batch: Batch): unknown {
  if (!(error instanceof Error) || isTransient(error) || isRefusedConnection(error)) return error;
  if (error.name === 'CredentialsProviderError') return error;
  return new UserError(
    `the table refused records ${batch.firstIndex} to ${batch.lastIndex}: ${error.name}: ${error.message}`,
    'Correct what the message names and run the same command again.',
    { cause: error },
  );
}
