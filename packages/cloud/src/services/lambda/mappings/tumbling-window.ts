/** A window that is being filled. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html */
export interface OpenWindow {
  readonly startMs: number;
  /** What the function returned last. */
  readonly state: object;
}

/** The window that a record belongs to, by when its item changed. */
export function windowStartMs(createdMs: number, lengthMs: number): number {
  return Math.floor(createdMs / lengthMs) * lengthMs;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html: 1 MB for each shard. */
const STATE_LIMIT_BYTES = 1_048_576;

export function isStateTooLarge({ state }: OpenWindow): boolean {
  return Buffer.byteLength(JSON.stringify(state)) > STATE_LIMIT_BYTES;
}

/** What an event has besides its records. */
export interface WindowMembers {
  readonly shardId: string;
  readonly eventSourceARN: string;
  readonly window: { readonly start: string; readonly end: string };
  readonly state: object;
  readonly isFinalInvokeForWindow: boolean;
  readonly isWindowTerminatedEarly: boolean;
}

/** A state that is too large ends its window early, even where its time is over anyway (recorded on AWS). */
export function windowMembers(
  window: OpenWindow,
  facts: {
    readonly lengthMs: number;
    readonly nowMs: number;
    readonly isFinal: boolean;
    readonly shardId: string;
    readonly streamArn: string;
  },
): WindowMembers {
  const endMs = window.startMs + facts.lengthMs;
  const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    shardId: facts.shardId,
    eventSourceARN: facts.streamArn,
    window: { start: instant(window.startMs), end: instant(endMs) },
    state: window.state,
    isFinalInvokeForWindow: facts.isFinal,
    isWindowTerminatedEarly: facts.isFinal && (facts.nowMs < endMs || isStateTooLarge(window)),
  };
}
