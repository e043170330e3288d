import { type Clock, delay, type Random } from '@tablewright/base';

/** Exponential backoff with full jitter: a pause is random between half of its ceiling and its ceiling. */
export interface RetryPolicy {
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Tries in all, the first included. */
  readonly maxAttempts: number;
}

/** For calls that stand alone: a little over three seconds in all. */
export const CALL_POLICY: RetryPolicy = { baseDelayMs: 100, maxDelayMs: 2_000, maxAttempts: 6 };

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy?: RetryPolicy;
  readonly signal?: AbortSignal;
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/** The pause before try `attempt + 1`, in milliseconds; `attempt` counts from 1. */
export function backoffDelayMs(attempt: number, policy: RetryPolicy, random: Random): number {
  const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return ceilingMs / 2 + (random.next() * ceilingMs) / 2;
}

/** Waits on the clock, or until the signal is given, whichever is first. */
export async function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return delay(clock, delayMs);
  if (signal.aborted) return;
  let wake = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    wake = resolve;
    signal.addEventListener('abort', wake, { once: true });
  });
  await Promise.race([delay(clock, delayMs), aborted]);
  signal.removeEventListener('abort', wake);
}

/** Runs `action` until it succeeds, fails with what does not pass by itself, or the policy's tries are used up. */
export async function retrying<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const policy = options.policy ?? CALL_POLICY;
  for (let attempt = 1; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (attempt >= policy.maxAttempts || options.signal?.aborted || !isTransient(error)) throw error;
      options.onRetry?.(error, attempt);
      await pause(options.clock, backoffDelayMs(attempt, policy, options.random), options.signal);
    }
  }
}

/** Error codes with which AWS says "too fast". */
const THROTTLING = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'Throttling',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

export function isThrottling(error: unknown): boolean {
  return error instanceof Error && THROTTLING.has(error.name);
}

/** Nothing listens there: at the first contact that is an answer; in the middle of a run it may be a restart. */
export function isRefusedConnection(error: unknown): boolean {
  return networkCodeOf(error) === 'ECONNREFUSED';
}

/** True for what may be gone at the next try: throttling, server faults, broken connections, timeouts. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isThrottling(error) || error.name === 'TimeoutError') return true;
  return (httpStatusOf(error) ?? 0) >= 500 || BROKEN_CONNECTION.has(networkCodeOf(error) ?? '');
}

/** The HTTP status that an SDK error came with. */
export function httpStatusOf(error: unknown): number | undefined {
  const metadata = property(error, '$metadata');
  const status = property(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

/** The system's error code, e.g. `ECONNREFUSED`, also when several addresses were tried. */
export function networkCodeOf(error: unknown): string | undefined {
  const code = property(error, 'code') ?? property(property(error, 'cause'), 'code');
  return typeof code === 'string' ? code : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
