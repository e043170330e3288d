import { type Caller, partitionOf } from '../../../kernel/caller.js';
import { Records } from '../../../kernel/records.js';
import { ServiceError } from '../../../wire/index.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import type { LambdaParts } from '../lambda-parts.js';
import { Destinations } from './destinations.js';
import { DEFAULT_EVENT_AGE_SECONDS, DEFAULT_RETRY_ATTEMPTS, type EventInvokeConfig } from './event-invoke-configs.js';
import { executionActor } from './execution-role.js';
import type { InvocationResult, Invoker } from './invoker.js';
import { count, milliseconds } from './metrics.js';

/** An event that waits to be handled, or to be handled again. */
interface EventRecord {
  readonly caller: Caller;
  readonly name: string;
  readonly qualifier?: string;
  /** The same for all attempts. */
  readonly requestId: string;
  readonly payload: string;
  readonly acceptedMs: number;
  readonly dueMs: number;
  /** How often the function ran, in vain. */
  readonly failures: number;
  /** How often it could not be run. */
  readonly refusals: number;
}

type Condition = 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** After the first and the second failure. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAYS_MS = [60_000, 120_000];
/** After refusals: throttles and errors of the system; doubled each time. */
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 5 * 60_000;
/** So many events are handled at once; the others wait for their turn. */
const AT_ONCE = 8;

/** Name of the collection, which also wakes the service. */
export const EVENTS = 'lambda.events';

/**
 * Asynchronous invocations: events are kept in the store until they are dealt with, so that none is lost; one may be
 * handled more than once, as on AWS. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export class AsyncEvents {
  readonly #records: Records<EventRecord>;
  readonly #destinations: Destinations;
  /** Events whose time has come. */
  readonly #due: EventRecord[] = [];
  #working = 0;
  #isClosed = false;

  constructor(
    private readonly parts: LambdaParts,
    private readonly invoker: Invoker,
  ) {
    this.#records = new Records(parts.kernel.store, EVENTS);
    this.#destinations = new Destinations(parts.kernel);
  }

  /** Takes up what was waiting when the endpoint stopped. */
  start(): void {
    for (const record of this.#records.all()) this.#schedule(record);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** The event is safe once this resolves. */
  async accept(resolved: ResolvedFunction, event: { requestId: string; payload: string }): Promise<void> {
    const { caller, name, qualifier } = resolved;
    const nowMs = this.parts.kernel.clock.nowMs();
    const record: EventRecord = {
      caller,
      name,
      ...(qualifier === undefined ? {} : { qualifier }),
      ...event,
      acceptedMs: nowMs,
      dueMs: nowMs,
      failures: 0,
      refusals: 0,
    };
    await this.#records.put(partitionOf(caller), record.requestId, record);
    this.invoker.metrics.put(resolved, [count('AsyncEventsReceived')]);
    this.#run(record);
  }

  #schedule(record: EventRecord): void {
    const { clock } = this.parts.kernel;
    const waitMs = record.dueMs - clock.nowMs();
    if (waitMs <= 0) this.#run(record);
    else clock.after(waitMs, () => this.#run(record));
  }

  #run(record: EventRecord): void {
    this.#due.push(record);
    if (this.#working >= AT_ONCE) return;
    this.#working += 1;
    const working = this.#work().finally(() => {
      this.#working -= 1;
    });
    this.parts.kernel.activity.track('asynchronous events', working);
  }

  /** Handles events until none is due. */
  async #work(): Promise<void> {
    for (let record = this.#due.shift(); record !== undefined && !this.#isClosed; record = this.#due.shift()) {
      try {
        await this.#handle(record);
      } catch (fault) {
        if (!this.#isClosed) this.parts.kernel.reportFault(`event of ${record.name}`, fault);
      }
    }
  }

  async #handle(record: EventRecord): Promise<void> {
    const { caller, name, qualifier } = record;
    const resolved = this.#resolve(record);
    // The function is gone, and with it whoever would want to hear of the event.
    if (resolved === undefined) return this.#forget(record);
    const config = this.parts.eventConfigs.find(caller, name, qualifier);
    if (resolved.reservedConcurrency === 0) {
      return this.#giveUp(record, resolved, config, 'ZeroReservedConcurrency');
    }
    const nowMs = this.parts.kernel.clock.nowMs();
    if (nowMs - record.acceptedMs > maxAgeMs(config)) {
      return this.#giveUp(record, resolved, config, 'EventAgeExceeded');
    }
    this.invoker.metrics.put(resolved, [milliseconds('AsyncEventAge', nowMs - record.acceptedMs)]);
    let result: InvocationResult;
    try {
      const { requestId, payload } = record;
      result = await this.invoker.invokeUnasked(resolved, { requestId, payload });
    } catch (error) {
      if (this.#isClosed) return;
      if (!(error instanceof ServiceError)) throw error;
      return this.#refused(record);
    }
    // Its process was ended because the endpoint closes: it is run again at the next start.
    if (this.#isClosed) return;
    if (!result.isError) return this.#succeeded(record, resolved, config, result);
    const failed = { ...record, failures: record.failures + 1 };
    const retries = config?.maximumRetryAttempts ?? DEFAULT_RETRY_ATTEMPTS;
    const delayMs = RETRY_DELAYS_MS[record.failures];
    if (record.failures >= retries || delayMs === undefined) {
      return this.#giveUp(failed, resolved, config, 'RetriesExhausted', result);
    }
    await this.#again(failed, delayMs);
  }

  #resolve({ caller, name, qualifier }: EventRecord): ResolvedFunction | undefined {
    try {
      return this.parts.catalog.resolve(caller, { FunctionName: name, Qualifier: qualifier });
    } catch {
      return undefined;
    }
  }

  #refused(record: EventRecord): Promise<void> {
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** Math.min(record.refusals, 20), LONGEST_BACKOFF_MS);
    return this.#again({ ...record, refusals: record.refusals + 1 }, delayMs);
  }

  async #again(record: EventRecord, delayMs: number): Promise<void> {
    const later = { ...record, dueMs: this.parts.kernel.clock.nowMs() + delayMs };
    await this.#records.put(partitionOf(record.caller), record.requestId, later);
    this.#schedule(later);
  }

  async #succeeded(
    record: EventRecord,
    resolved: ResolvedFunction,
    config: EventInvokeConfig | undefined,
    result: InvocationResult,
  ): Promise<void> {
    const destination = config?.destinations.OnSuccess?.Destination;
    if (destination !== undefined) {
      const message = this.#message({ ...record, failures: record.failures + 1 }, resolved, 'Success', result);
      await this.#deliver(resolved, destination, message);
    }
    await this.#forget(record);
  }

  async #giveUp(
    record: EventRecord,
    resolved: ResolvedFunction,
    config: EventInvokeConfig | undefined,
    condition: Condition,
    result?: InvocationResult,
  ): Promise<void> {
    this.invoker.metrics.put(resolved, [count('AsyncEventsDropped')]);
    const destination = config?.destinations.OnFailure?.Destination;
    if (destination !== undefined) {
      await this.#deliver(resolved, destination, this.#message(record, resolved, condition, result));
    }
    const queue = resolved.configuration.DeadLetterConfig?.TargetArn;
    if (queue !== undefined) await this.#deadLetter(record, resolved, queue, result);
    await this.#forget(record);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
  #message(
    record: EventRecord,
    resolved: ResolvedFunction,
    condition: Condition | 'Success',
    result: InvocationResult | undefined,
  ): object {
    return {
      version: '1.0',
      timestamp: new Date(this.parts.kernel.clock.nowMs()).toISOString(),
      requestContext: {
        requestId: record.requestId,
        functionArn: `${resolved.arn}:${record.qualifier ?? '$LATEST'}`,
        condition,
        approximateInvokeCount: record.failures,
      },
      requestPayload: JSON.parse(record.payload) as unknown,
      ...(result === undefined
        ? {}
        : {
            responseContext: {
              statusCode: 200,
              executedVersion: result.executedVersion,
              ...(result.isError ? { functionError: 'Unhandled' } : {}),
            },
            responsePayload: JSON.parse(result.payload) as unknown,
          }),
    };
  }

  async #deliver(resolved: ResolvedFunction, destination: string, message: object): Promise<void> {
    const { kernel } = this.parts;
    const place = `aws/lambda/async/${resolved.name}`;
    try {
      await this.#destinations.deliver(executionActor(kernel, resolved), destination, JSON.stringify(message), place);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.invoker.metrics.put(resolved, [count('DestinationDeliveryFailures')]);
    }
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq */
  async #deadLetter(
    record: EventRecord,
    resolved: ResolvedFunction,
    queue: string,
    result: InvocationResult | undefined,
  ): Promise<void> {
    const { errorMessage } = (result === undefined ? {} : JSON.parse(result.payload)) as { errorMessage?: string };
    const attributes = {
      RequestID: { DataType: 'String', StringValue: record.requestId },
      ErrorCode: { DataType: 'Number', StringValue: '200' },
      ErrorMessage: { DataType: 'String', StringValue: (errorMessage ?? 'null').slice(0, 1024) },
    };
    try {
      await this.#destinations.send(executionActor(this.parts.kernel, resolved), queue, record.payload, attributes);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.invoker.metrics.put(resolved, [count('DeadLetterErrors')]);
    }
  }

  #forget(record: EventRecord): Promise<void> {
    return this.#records.delete(partitionOf(record.caller), record.requestId);
  }
}

function maxAgeMs(config: EventInvokeConfig | undefined): number {
  return (config?.maximumEventAgeInSeconds ?? DEFAULT_EVENT_AGE_SECONDS) * 1000;
}
