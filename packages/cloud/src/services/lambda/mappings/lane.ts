import type { Timer } from '@tablewright/base';
import { ServiceError } from '../../../wire/index.js';
import type { InvocationResult } from '../invocation/invoker.js';
import { milliseconds } from '../invocation/metrics.js';
import { type BatchOutcome, batchOutcome } from './batch-outcome.js';
import { BatchQueue } from './batch-queue.js';
import { deliverFailure } from './deliver-failure.js';
import type { FailureCondition } from './failure-record.js';
import type { MappingContext } from './mapping-context.js';
import type { EventRecord } from './stream-event.js';
import { isBefore } from './stream-reader.js';
import { type OpenWindow, type WindowMembers, windowMembers } from './tumbling-window.js';

/** Records that go to the function together. */
interface Batch {
  readonly records: readonly EventRecord[];
  readonly window?: OpenWindow;
  /** The last invocation of a window, which has no records. */
  readonly isFinal?: boolean;
  /** All attempts have it (recorded on AWS). */
  readonly requestId: string;
  readonly retries: number;
  /** How often the function was not run at all. */
  readonly refusals: number;
  readonly invocations: number;
  readonly dueMs: number;
}

/** What is kept of a lane. */
export interface LaneRecord {
  /** All records up to this sequence number are done. */
  readonly after?: string;
  readonly window?: OpenWindow;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;

const FAILED = 'PROBLEM: Function call failed';

/**
 * One of a shard's lanes: takes its records to the function, batch after batch, in order. There are as many as the
 * mapping's parallelization factor; all records of one item, or partition key, are in one lane.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html, …/kinesis-on-failure-destination.html
 */
export class Lane {
  readonly #queue: BatchQueue;
  /** What is being worked on, the next first: more than one after a batch was split. */
  #batches: Batch[] = [];
  #after: string | undefined;
  #window: OpenWindow | undefined;
  #isRunning = false;
  #timer: Timer | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: MappingContext,
    private readonly shard: {
      readonly id: string;
      /** No more records will come. */
      readonly isEnd: () => boolean;
      /** How long the stream keeps its records. */
      readonly retentionMs: () => number;
      /** Keeps how far the lanes are. */
      readonly save: () => Promise<void>;
      /** There is room for more records, or nothing left to do. */
      readonly progressed: () => void;
    },
    record: LaneRecord,
  ) {
    this.#queue = new BatchQueue(context.mapping.settings);
    this.#after = record.after;
    this.#window = record.window;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#batches.length === 0 && !this.#isRunning;
  }

  /** Nothing is left of it, no window either. */
  get isFinished(): boolean {
    return this.isIdle && this.#window === undefined;
  }

  /** What waits for its batch. */
  get waiting(): { readonly records: number; readonly sizeBytes: number } {
    return { records: this.#queue.length, sizeBytes: this.#queue.sizeBytes };
  }

  /** @param position How far the shard has been read: a lane without records is as far as that. */
  record(position: string | undefined): LaneRecord {
    const isAhead = this.#queue.length === 0 && this.#batches.length === 0 && position !== undefined;
    const after = isAhead ? position : this.#after;
    return {
      ...(after === undefined ? {} : { after }),
      ...(this.#window === undefined ? {} : { window: this.#window }),
    };
  }

  /** Whether the record was done before this began. */
  isDone(sequenceNumber: string): boolean {
    return this.#after !== undefined && !isBefore(this.#after, sequenceNumber);
  }

  push(record: EventRecord): void {
    this.#queue.push(record, this.context.nowMs());
  }

  wake(): void {
    if (this.#isRunning || this.context.isStopped) return;
    this.#timer?.cancel();
    this.#isRunning = true;
    this.#done = this.#run().finally(() => {
      this.#isRunning = false;
      this.shard.progressed();
    });
    this.context.track(this.#done);
  }

  /** Resolves when what is under way is finished. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await this.#done.catch(() => {});
  }

  async #run(): Promise<void> {
    while (!this.context.isStopped) {
      const batch = this.#batches[0] ?? this.#nextBatch();
      if (batch === undefined) return;
      const waitMs = batch.dueMs - this.context.nowMs();
      if (waitMs > 0) {
        this.#wakeAfter(waitMs);
        return;
      }
      await this.#process(batch);
    }
  }

  #wakeAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.context.parts.kernel.clock.after(delayMs, () => {
      this.wake();
      return this.#done;
    });
  }

  #nextBatch(): Batch | undefined {
    const nowMs = this.context.nowMs();
    const next = this.#queue.next({ nowMs, window: this.#window, isEnd: this.shard.isEnd() });
    if (next.kind === 'wait') {
      if (next.untilMs !== undefined) this.#wakeAfter(next.untilMs - nowMs);
      return undefined;
    }
    this.#window = next.window;
    const batch: Batch = {
      records: next.records,
      ...(next.window === undefined ? {} : { window: next.window }),
      ...(next.isFinal ? { isFinal: true } : {}),
      requestId: this.#newRequestId(),
      retries: 0,
      refusals: 0,
      invocations: 0,
      dueMs: nowMs,
    };
    this.#batches = [batch];
    this.shard.progressed();
    return batch;
  }

  async #process(batch: Batch): Promise<void> {
    const expired = this.#expired(batch);
    if (expired > 0) {
      const [old, rest] = [batch.records.slice(0, expired), batch.records.slice(expired)];
      await this.#giveUp({ ...batch, records: old }, 'RecordAgeExceeded');
      if (rest.length > 0) {
        this.#batches = [{ ...batch, records: rest, requestId: this.#newRequestId() }, ...this.#batches];
      }
      return;
    }
    const { requestId } = batch;
    let result: InvocationResult;
    try {
      const resolved = this.context.resolve();
      const last = batch.records.at(-1);
      if (last !== undefined) {
        const ageMs = Math.max(0, this.context.nowMs() - last.createdMs);
        this.context.invoker.metrics.put(resolved, [milliseconds('IteratorAge', ageMs)]);
      }
      result = await this.context.invoker.invokeUnasked(resolved, { requestId, payload: this.#payload(batch) });
    } catch (error) {
      if (this.context.isClosing) return;
      if (!(error instanceof ServiceError)) throw error;
      // It was not run: that uses up no retry, only time.
      this.context.report(FAILED);
      this.context.count('FailedInvokeEventCount', batch.records.length);
      this.#again({ ...batch, refusals: batch.refusals + 1 }, batch.refusals);
      return;
    }
    if (this.context.isClosing) return;
    this.context.count('InvokedEventCount', batch.records.length);
    const { reportsItemFailures } = this.context.mapping.settings;
    const needsState = batch.window !== undefined && batch.isFinal !== true;
    const outcome = batchOutcome(result, batch.records, { reportsItemFailures, needsState });
    await this.#conclude({ ...batch, invocations: batch.invocations + 1 }, outcome, result);
  }

  async #conclude(batch: Batch, outcome: BatchOutcome, invocation: InvocationResult): Promise<void> {
    const { bisectsOnError, maximumRetryAttempts } = this.context.mapping.settings;
    this.context.report(outcome.kind === 'failure' ? FAILED : 'OK');
    if (outcome.kind === 'success') {
      await this.#finish(batch, outcome.state);
      return;
    }
    const from = outcome.kind === 'partial' ? outcome.from : 0;
    const records = batch.records.slice(from);
    this.context.count('FailedInvokeEventCount', records.length);
    if (from > 0) {
      this.#after = batch.records[from - 1]?.sequenceNumber ?? this.#after;
      await this.shard.save();
      // What is left is a batch with all its attempts to come (recorded on AWS).
      this.#again({ ...batch, records, requestId: this.#newRequestId(), retries: 0, invocations: 0 }, 0);
      return;
    }
    if (bisectsOnError && records.length > 1) {
      // A split uses up no retry.
      const nowMs = this.context.nowMs();
      const fresh = { invocations: 0, dueMs: nowMs };
      this.#replace(
        halves(records).map((part) => ({ ...batch, ...fresh, records: part, requestId: this.#newRequestId() })),
      );
      return;
    }
    if (maximumRetryAttempts >= 0 && batch.retries >= maximumRetryAttempts) {
      await this.#giveUp({ ...batch, records }, 'RetryAttemptsExhausted', invocation);
      return;
    }
    this.#again({ ...batch, records, retries: batch.retries + 1 }, batch.retries);
  }

  #newRequestId(): string {
    return this.context.parts.kernel.random.uuid();
  }

  #again(batch: Batch, failures: number): void {
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(failures, 20), LONGEST_BACKOFF_MS);
    this.#replace([{ ...batch, dueMs: this.context.nowMs() + delayMs }]);
  }

  #replace(batches: readonly Batch[]): void {
    this.#batches = [...batches, ...this.#batches.slice(1)];
  }

  /** The batch is dealt with: the checkpoint moves behind it. */
  async #finish(batch: Batch, state?: object): Promise<void> {
    this.#batches = this.#batches.slice(1);
    this.#after = batch.records.at(-1)?.sequenceNumber ?? this.#after;
    if (batch.isFinal === true) this.#window = undefined;
    else if (batch.window !== undefined && state !== undefined) this.#window = { ...batch.window, state };
    await this.shard.save();
  }

  async #giveUp(batch: Batch, condition: FailureCondition, invocation?: InvocationResult): Promise<void> {
    const { context } = this;
    await deliverFailure(context, {
      shardId: this.shard.id,
      records: batch.records,
      invocations: batch.invocations,
      condition,
      requestId: batch.requestId,
      ...(invocation === undefined ? {} : { result: invocation }),
      ...(batch.window === undefined ? {} : { window: this.#windowMembers(batch, batch.window) }),
      event: () => this.#payload(batch),
    });
    if (!context.isClosing) await this.#finish(batch);
  }

  /** How many of the batch's records are too old. */
  #expired({ records }: Batch): number {
    const { maximumRecordAgeSeconds: seconds } = this.context.mapping.settings;
    const retentionMs = this.shard.retentionMs();
    const limitMs = seconds < 0 ? retentionMs : Math.min(seconds * 1000, retentionMs);
    const horizonMs = this.context.nowMs() - limitMs;
    const first = records.findIndex(({ createdMs }) => createdMs >= horizonMs);
    return first < 0 ? records.length : first;
  }

  #payload(batch: Batch): string {
    const records = `"Records":[${batch.records.map(({ json }) => json).join(',')}]`;
    if (batch.window === undefined) return `{${records}}`;
    return `{${records},${JSON.stringify(this.#windowMembers(batch, batch.window)).slice(1)}`;
  }

  #windowMembers(batch: Batch, window: OpenWindow): WindowMembers {
    const { sourceArn, settings } = this.context.mapping;
    return windowMembers(window, {
      lengthMs: settings.tumblingWindowSeconds * 1000,
      nowMs: this.context.nowMs(),
      isFinal: batch.isFinal === true,
      shardId: this.shard.id,
      streamArn: sourceArn,
    });
  }
}

/** Of an odd number, the second half has one more (recorded on AWS). */
function halves(records: readonly EventRecord[]): (readonly EventRecord[])[] {
  const middle = Math.floor(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
}
