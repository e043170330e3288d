/** On whose behalf, and where, a request runs. The engine's `Caller` has the same shape. */
export interface Caller {
  /** Twelve digits. */
  readonly accountId: string;
  readonly region: string;
}

/** The namespace of most records: `account/region`. */
export function partitionOf(caller: Caller): string {
  return `${caller.accountId}/${caller.region}`;
}
