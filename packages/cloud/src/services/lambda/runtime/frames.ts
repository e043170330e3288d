/** What is asked of a runtime: one invocation. One JSON document a line, on the process's file descriptor 3. */
export interface RuntimeRequest {
  readonly requestId: string;
  /** As invoked: with the qualifier, where one was given. */
  readonly functionArn: string;
  /** JSON. */
  readonly payload: string;
  readonly timeoutMs: number;
  readonly traceId: string;
  /** JSON. */
  readonly clientContext?: string;
}

/** What a runtime tells, on file descriptor 4. Payloads are JSON. */
export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-error'; readonly payload: string }
  /** One event of the log. */
  | { readonly kind: 'log'; readonly text: string }
  /** A piece of a stream of text. */
  | { readonly kind: 'output'; readonly text: string }
  | RuntimeAnswer;

export interface RuntimeAnswer {
  readonly kind: 'result' | 'error';
  readonly requestId: string;
  readonly payload: string;
  /** The highest resident set that the process has had. */
  readonly maxMemoryKb: number;
  /** The process ends with this answer. */
  readonly isLast?: boolean;
}
