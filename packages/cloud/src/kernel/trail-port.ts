import type { Caller } from './caller.js';

/** One recorded call of the control plane. */
export interface TrailRecord {
  readonly id: string;
  readonly atMs: number;
  readonly name: string;
  readonly source: string;
  readonly isReadOnly: boolean;
  readonly userName: string;
  readonly accessKeyId: string;
  readonly resources: readonly { readonly type: string; readonly name: string }[];
  /** The whole event, JSON. */
  readonly event: string;
}

/** The record of calls that CloudTrail shows. */
export interface TrailPort {
  /** Those of an account and region in the past 90 days, the latest first. */
  events(caller: Caller): Promise<TrailRecord[]>;
}
