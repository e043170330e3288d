import type { Message } from '@aws-sdk/client-sqs';
import type { Timer } from '@tablewright/base';
import { ServiceError } from '../../../wire/index.js';
import type { InvocationResult } from '../invocation/invoker.js';
import type { MappingContext } from './mapping-context.js';
import { recordTest } from './mapping-input.js';
import { filteredView, queueEvent } from './queue-event.js';
import { failedMessages } from './queue-outcome.js';
import { queueUrl } from './queue-source.js';

/** A queue that cannot be read is tried again after this. */
const PROBLEM_RETRY_MS = 5000;
/** SQS gives and deletes so many at once. */
const MESSAGES_PER_CALL = 10;
/** Batches at once, unless the mapping says otherwise; AWS begins with five, too. */
const AT_ONCE = 5;

/**
 * A mapping on a queue: takes messages, hands them to the function, and deletes those that it has handled. The others
 * come again when their visibility timeout is over, as SQS sees to. Woken by the queue, not by the clock.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueuePoller {
  readonly #passes: (event: unknown) => boolean;
  readonly #buffer: { readonly message: Message; readonly bufferedMs: number }[] = [];
  readonly #handling = new Set<Promise<void>>();
  #unsubscribe: (() => void) | undefined;
  #collecting: Promise<void> | undefined;
  #again = false;
  #timer: Timer | undefined;

  constructor(private readonly context: MappingContext) {
    this.#passes = recordTest(context.mapping.settings.filterCriteria);
  }

  start(): void {
    this.#wake();
  }

  /** Resolves when nothing of it runs any more. Messages that wait for their batch come again by themselves. */
  async stop(): Promise<void> {
    this.context.isStopped = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#collecting;
    await Promise.all(this.#handling);
  }

  #wake(): void {
    if (this.context.isStopped) return;
    this.#again = true;
    this.#collecting ??= this.#collect().finally(() => {
      this.#collecting = undefined;
    });
    this.context.track(this.#collecting);
  }

  #wakeAt(timeMs: number): void {
    const { clock } = this.context.parts.kernel;
    this.#timer?.cancel();
    this.#timer = clock.after(timeMs - clock.nowMs(), () => {
      this.#wake();
      return this.#collecting;
    });
  }

  async #collect(): Promise<void> {
    const { sourceArn } = this.context.mapping;
    const { queues } = this.context.parts.kernel.ports;
    try {
      while (this.#again && !this.context.isStopped) {
        this.#again = false;
        await this.#receive();
        // The queue's service has been loaded by now.
        this.#unsubscribe ??= queues.subscribe(sourceArn, () => this.#wake());
        this.#dispatch();
      }
      const times = [queues.nextMs(sourceArn), this.#windowEndMs()].filter((time) => time !== undefined);
      if (times.length > 0) this.#wakeAt(Math.min(...times));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Until a batch is full, or nothing more is there. */
  async #receive(): Promise<void> {
    const { batchSize } = this.context.mapping.settings;
    while (this.#buffer.length < batchSize && this.#handling.size < this.#limit && !this.context.isStopped) {
      const { Messages = [] } = await this.#run<{ Messages?: Message[] }>('ReceiveMessage', {
        MaxNumberOfMessages: Math.min(MESSAGES_PER_CALL, batchSize - this.#buffer.length),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 0,
      });
      if (Messages.length === 0) return;
      const passed = Messages.filter((message) =>
        this.#passes(filteredView(queueEvent(message, this.context.mapping.sourceArn), message.Body)),
      );
      this.context.count('PolledEventCount', Messages.length);
      this.context.count('FilteredOutEventCount', Messages.length - passed.length);
      const bufferedMs = this.context.nowMs();
      for (const message of passed) this.#buffer.push({ message, bufferedMs });
      // What the filters keep back is dealt with.
      await this.#delete(Messages.filter((message) => !passed.includes(message)));
    }
  }

  get #limit(): number {
    return this.context.mapping.settings.maximumConcurrency ?? AT_ONCE;
  }

  #windowEndMs(): number | undefined {
    const [first] = this.#buffer;
    if (first === undefined || this.#handling.size >= this.#limit) return undefined;
    return first.bufferedMs + this.context.mapping.settings.batchingWindowSeconds * 1000;
  }

  /** Takes a batch to the function, when it is full or its window is over. */
  #dispatch(): void {
    const { batchSize } = this.context.mapping.settings;
    const endMs = this.#windowEndMs();
    if (endMs === undefined || (this.#buffer.length < batchSize && this.context.nowMs() < endMs)) return;
    const batch = this.#buffer.splice(0, batchSize).map(({ message }) => message);
    const handling = this.#handle(batch)
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#handling.delete(handling);
        this.#wake();
      });
    this.#handling.add(handling);
    this.context.track(handling);
    this.#again = true;
  }

  async #handle(batch: readonly Message[]): Promise<void> {
    const { context } = this;
    const { settings, sourceArn } = context.mapping;
    const payload = JSON.stringify({ Records: batch.map((message) => queueEvent(message, sourceArn)) });
    let result: InvocationResult;
    try {
      const requestId = context.parts.kernel.random.uuid();
      result = await context.invoker.invokeUnasked(context.resolve(), { requestId, payload });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (!context.isClosing) context.count('FailedInvokeEventCount', batch.length);
      return;
    }
    if (context.isClosing) return;
    context.count('InvokedEventCount', batch.length);
    const failed = failedMessages(result, batch, settings.reportsItemFailures);
    await this.#delete(batch.filter((message) => !failed.has(message.MessageId)));
    context.report(failed.size === batch.length ? 'PROBLEM: Function call failed' : 'OK');
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (let at = 0; at < messages.length; at += MESSAGES_PER_CALL) {
      const Entries = messages
        .slice(at, at + MESSAGES_PER_CALL)
        .map(({ ReceiptHandle }, number) => ({ Id: String(number), ReceiptHandle }));
      await this.#run('DeleteMessageBatch', { Entries });
      this.context.count('DeletedEventCount', Entries.length);
    }
  }

  #run<Output extends object>(operation: string, input: object): Promise<Output> {
    const { kernel } = this.context.parts;
    const QueueUrl = queueUrl(kernel, this.context.mapping.sourceArn);
    return kernel.calls.run<Output>('sqs', operation, this.context.actor(), { QueueUrl, ...input });
  }

  #failed(error: unknown): void {
    if (this.context.isStopped) return;
    const { kernel } = this.context.parts;
    if (!(error instanceof ServiceError)) {
      kernel.reportFault(`event source mapping ${this.context.mapping.uuid}`, error);
    }
    this.context.report(`PROBLEM: ${error instanceof Error ? error.message : String(error)}`);
    // A queue that is made again is another one.
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#wakeAt(kernel.clock.nowMs() + PROBLEM_RETRY_MS);
  }
}
