import type { Caller } from './caller.js';

/** A rule of contributor insights that a service has made for one of its resources. */
export interface ContributorRule {
  readonly name: string;
  /** What identifies a contributor, e.g. `PartitionKey`. */
  readonly keyLabels: readonly string[];
  /** What is added up, e.g. `ConsumedThroughputUnits`. */
  readonly value: string;
}

export interface ContributorQuery {
  readonly startMs: number;
  readonly endMs: number;
  /** A multiple of 60. */
  readonly periodSeconds: number;
  readonly maxContributors: number;
  /** By what they add up to, or by their largest minute. */
  readonly orderBy: 'Sum' | 'Maximum';
}

export interface ContributorReport {
  readonly keyLabels: readonly string[];
  readonly aggregateValue: number;
  readonly uniqueCount: number;
  /** Those with the most first. */
  readonly contributors: readonly {
    readonly keys: readonly string[];
    readonly value: number;
    readonly datapoints: readonly { readonly timeMs: number; readonly value: number }[];
  }[];
  /** Only of the periods that something was counted in. */
  readonly datapoints: readonly {
    readonly timeMs: number;
    readonly uniqueContributors: number;
    readonly maxContributorValue: number;
    readonly sampleCount: number;
    readonly sum: number;
    /** Of single observations. */
    readonly minimum: number;
    readonly maximum: number;
  }[];
}

/** What CloudWatch needs of those that count contributors. */
export interface ContributorsPort {
  /** Of an account and region. */
  rules(caller: Caller): readonly ContributorRule[];
  /** What was counted for a rule; undefined when there is no such rule. */
  report(caller: Caller, ruleName: string, query: ContributorQuery): ContributorReport | undefined;
}
