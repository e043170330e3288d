import { BatchWriteItemCommand, type BatchWriteItemCommandOutput, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';
import { backoffDelayMs, isThrottling, isTransient, pause, type RetryPolicy } from '../connection/retry.js';
import type { Batch } from './batch.js';

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
    let pending: WriteRequest[] = batch.requests;
    this.batches++;
    for (let attempt = 1; pending.length > 0; attempt++) {
      const outcome = await this.#send(pending, batch, attempt);
      if (outcome.left.length < pending.length) attempt = 1;
      this.itemsWritten += pending.length - outcome.left.length;
      pending = outcome.left;
      if (pending.length === 0 || this.options.signal?.aborted) return;
      if (attempt >= WRITE_POLICY.maxAttempts) throw tooLittleCapacity(outcome.reason);
      await this.#backOff(outcome.reason, attempt);
    }
  }

  /** One request; what it left to write, and why. Throws what trying again would not change. */
  async #send(
    pending: WriteRequest[],
    batch: Batch,
    attempt: number,
  ): Promise<{ left: WriteRequest[]; reason: string }> {
    try {
      const output = await this.connection.dynamodb.send(this.#command(pending));
      this.#account(output);
      const left = Object.values(output.UnprocessedItems ?? {}).flat();
      if (left.length > 0) this.unprocessedRounds++;
      return { left, reason: 'items came back unprocessed' };
    } catch (error) {
      const mayPass = isThrottling(error) || (isTransient(error) && attempt < MAX_CONNECTION_ATTEMPTS);
      if (!mayPass) throw refused(error, batch);
      return { left: pending, reason: error instanceof Error ? error.name : String(error) };
    }
  }

  #command(pending: WriteRequest[]): BatchWriteItemCommand {
    return new BatchWriteItemCommand({
      RequestItems: { [this.options.table]: pending },
      ReturnConsumedCapacity: 'TOTAL',
    });
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
  if (!(error instanceof Error) || isTransient(error) || error.name === 'CredentialsProviderError') return error;
  return new UserError(
    `the table refused records ${batch.firstIndex} to ${batch.lastIndex}: ${error.name}: ${error.message}`,
    'Correct what the message names and run the same command again.',
    { cause: error },
  );
}
