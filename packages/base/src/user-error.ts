/**
 * An error meant for a person: what is wrong (with the value), and what to do next.
 * The CLI prints `message`, then `remedy`, and exits with `exitCode`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  constructor(
    /** What is wrong, naming the value, e.g. `unknown variable "tabel_name" (line 3)`. */
    message: string,
    /** What the person can do about it, one sentence. */
    readonly remedy: string,
    readonly options: { cause?: unknown; exitCode?: number } = {},
  ) {
    super(message, { cause: options.cause });
  }

  get exitCode(): number {
    return this.options.exitCode ?? 1;
  }
}
