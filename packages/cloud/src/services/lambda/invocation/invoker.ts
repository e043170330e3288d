import type { GatedRequest } from '../../../kernel/gates.js';
import { rootOf, serviceActor } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { InvocationEnd } from '../runtime/environment.js';
import type { Lease } from '../runtime/environment-pool.js';
import { environmentSpec, logGroupOf } from './environment-spec.js';
import { executionActor } from './execution-role.js';
import { LogLines } from './log-lines.js';
import { LogWriter } from './log-writer.js';
import { count, LambdaMetrics, milliseconds } from './metrics.js';
import { platformLines } from './platform-lines.js';

export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** JSON. */
  readonly clientContext?: string;
}

export interface InvocationResult {
  readonly isError: boolean;
  /** JSON. */
  readonly payload: string;
  readonly executedVersion: string;
  /** The last 4 KB of the log. */
  readonly logTail: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1000;
const RESPONSE_LIMIT_BYTES = 6_291_556;
/** What faults on purpose know the running of a function by; no operation of the API. */
const RUN = 'RunFunction';
/** How often what a running function says is brought to its log. */
const LOG_FLUSH_MS = 1000;

/** Runs functions: concurrency, an environment, the log's lines, the metrics. */
export class Invoker {
  readonly #running = new Map<string, number>();
  readonly #logs: LogWriter;
  readonly metrics: LambdaMetrics;

  constructor(private readonly parts: LambdaParts) {
    this.#logs = new LogWriter(parts.kernel);
    this.metrics = new LambdaMetrics(parts.kernel);
  }

  /**
   * Resolves with how the function's code ended, well or not. Rejects with ServiceError when it was not run:
   * TooManyRequestsException, InvalidRuntimeException, and what its credentials or code were refused for.
   */
  async invoke(resolved: ResolvedFunction, invocation: Invocation): Promise<InvocationResult> {
    const { arn } = resolved;
    this.#admit(resolved);
    const running = (this.#running.get(arn) ?? 0) + 1;
    this.#running.set(arn, running);
    try {
      return await this.#run(resolved, invocation, running);
    } finally {
      const left = (this.#running.get(arn) ?? 1) - 1;
      if (left === 0) this.#running.delete(arn);
      else this.#running.set(arn, left);
    }
  }

  /**
   * The same for what Lambda runs by itself: events from its queue, records of streams. It passes the gates as a request
   * does, so that faults that are asked for reach it; policies do not hold it up.
   */
  async invokeUnasked(resolved: ResolvedFunction, invocation: Invocation): Promise<InvocationResult> {
    const { gates } = this.parts.kernel;
    if (!gates.standBefore('lambda', 'Invoke', '')) return this.invoke(resolved, invocation);
    const { caller, name, arn } = resolved;
    const request: GatedRequest = {
      service: 'lambda',
      operation: 'Invoke',
      caller,
      principal: rootOf(caller.accountId),
      accessKeyId: '',
      input: { FunctionName: name, FunctionArn: arn },
      requestId: invocation.requestId,
      userAgent: 'lambda.amazonaws.com',
    };
    return gates.pass(request, () => this.invoke(resolved, invocation));
  }

  async #run(resolved: ResolvedFunction, invocation: Invocation, running: number): Promise<InvocationResult> {
    const { pool, kernel } = this.parts;
    const lines = new LogLines(() => kernel.clock.nowMs());
    let end = await this.#failureOnPurpose(resolved, invocation);
    if (end === undefined) {
      const lease = await pool.lease(environmentSpec(this.parts, resolved));
      end = await this.#runIn(lease, lines, resolved, invocation).finally(() => pool.release(lease));
    }
    const limited = limitResponse(end);
    this.metrics.put(resolved, [
      count('Invocations'),
      count('Errors', limited.isError ? 1 : 0),
      count('Throttles', 0),
      milliseconds('Duration', end.durationMs),
      count('ConcurrentExecutions', running),
    ]);
    return {
      isError: limited.isError,
      payload: limited.payload,
      executedVersion: resolved.version,
      logTail: lines.tail,
    };
  }

  /** How the function fails where it was arranged that it shall (see the kernel's gates). Its code is not run then. */
  async #failureOnPurpose(resolved: ResolvedFunction, { requestId }: Invocation): Promise<InvocationEnd | undefined> {
    const { kernel } = this.parts;
    if (!kernel.gates.standBefore('lambda', RUN, '')) return undefined;
    const input = { FunctionName: resolved.name, FunctionArn: resolved.arn };
    const actor = serviceActor('lambda.amazonaws.com', resolved.caller);
    const request = { service: 'lambda', operation: RUN, ...actor, accessKeyId: '', input, requestId, userAgent: '' };
    try {
      await kernel.gates.pass(request, () => ({}));
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const payload = JSON.stringify({ errorType: error.code, errorMessage: error.message, trace: [] });
      return { isError: true, payload, durationMs: 0, maxMemoryKb: 0 };
    }
  }

  async #runIn(
    { environment, logStream }: Lease,
    lines: LogLines,
    resolved: ResolvedFunction,
    { requestId, payload, clientContext }: Invocation,
  ): Promise<InvocationEnd> {
    const { kernel, machine } = this.parts;
    const { configuration } = resolved;
    const actor = executionActor(kernel, resolved);
    const group = logGroupOf(resolved);
    const flush = (): void => this.#logs.write(actor, group, logStream, lines.take());
    const flushLater = (): void => {
      flush();
      timer = machine.after(LOG_FLUSH_MS, flushLater);
    };
    let timer = machine.after(LOG_FLUSH_MS, flushLater);
    const platform = platformLines(configuration, requestId, () => kernel.clock.nowMs());
    lines.add(platform.start(resolved.version), true);
    environment.onText = (text, isWhole) => lines.add(text, isWhole);
    const end = await environment.invoke({
      requestId,
      functionArn: resolved.invokedArn,
      payload,
      timeoutMs: (configuration.Timeout ?? 3) * 1000,
      traceId: this.#traceId(),
      ...(clientContext === undefined ? {} : { clientContext }),
    });
    timer.cancel();
    lines.finish();
    const initMs = environment.isInitReported ? undefined : environment.initMs;
    environment.isInitReported = true;
    for (const line of platform.end(end, initMs)) lines.add(line, true);
    flush();
    return end;
  }

  #admit(resolved: ResolvedFunction): void {
    const { arn, reservedConcurrency } = resolved;
    const all = [...this.#running.values()].reduce((sum, running) => sum + running, 0);
    const isReserved = reservedConcurrency !== undefined;
    const isFull = isReserved ? (this.#running.get(arn) ?? 0) >= reservedConcurrency : all >= ACCOUNT_CONCURRENCY;
    if (!isFull) return;
    this.metrics.put(resolved, [count('Throttles')]);
    throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', {
      members: {
        Type: 'User',
        Reason: isReserved ? 'ReservedFunctionConcurrentInvocationLimitExceeded' : 'ConcurrentInvocationLimitExceeded',
      },
    });
  }

  #traceId(): string {
    const hex = (bytes: number): string => Buffer.from(this.parts.kernel.random.bytes(bytes)).toString('hex');
    const seconds = Math.floor(this.parts.kernel.clock.nowMs() / 1000);
    return `Root=1-${seconds.toString(16)}-${hex(12)};Parent=${hex(8)};Sampled=0`;
  }
}

function limitResponse(end: InvocationEnd): Pick<InvocationEnd, 'isError' | 'payload'> {
  if (Buffer.byteLength(end.payload) <= RESPONSE_LIMIT_BYTES) return end;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes).`;
  return { isError: true, payload: JSON.stringify({ errorType: 'Function.ResponseSizeTooLarge', errorMessage }) };
}
