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

/** What an event has besides its records. */
export function windowMembers(
  window: OpenWindow,
  facts: {
    readonly lengthMs: number;
    readonly nowMs: number;
    readonly isFinal: boolean;
    readonly shardId: string;
    readonly streamArn: string;
  },
): object {
  const endMs = window.startMs + facts.lengthMs;
  const instant = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
  return {
    window: { start: instant(window.startMs), end: instant(endMs) },
    state: window.state,
    shardId: facts.shardId,
    eventSourceARN: facts.streamArn,
    isFinalInvokeForWindow: facts.isFinal,
    isWindowTerminatedEarly: facts.isFinal && facts.nowMs < endMs,
  };
}
