/** `pass`: as it should be. `warn`: works, but not what a production table should be. `info`: a fact, neither good nor bad. */
export type CheckStatus = 'pass' | 'warn' | 'fail' | 'info';

export interface CheckResult {
  /** Stable, for scripts: `status`, `keys`, `billing`, `encryption`, … */
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was found. */
  readonly detail: string;
  /** What to do, for `warn` and `fail`. */
  readonly remedy?: string;
}

export interface ValidationReport {
  readonly table: string;
  readonly region: string;
  readonly endpoint: string | undefined;
  /** No check failed; warnings do not count. */
  readonly ok: boolean;
  readonly counts: Readonly<Record<CheckStatus, number>>;
  readonly checks: readonly CheckResult[];
}
