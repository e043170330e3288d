/** What a failed invocation answers. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ErrorDescription {
  readonly errorType: string;
  readonly errorMessage: string;
  /** Lines of the stack. */
  readonly trace: readonly string[];
}

/** Of whatever was thrown, called back with, or rejected with. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}
