import type { ContributorRule } from './contributor-rules.js';
import type { Contributors } from './contributors.js';
import { MINUTE_MS } from './stored-tally.js';
import type { Tally } from './tally.js';

export interface ContributorReportRequest {
  readonly startMs: number;
  readonly endMs: number;
  /** Of the data points: a multiple of 60. */
  readonly periodSeconds: number;
  /** Contributors given, those with the most first. */
  readonly maxContributors: number;
  /** By what they add up to, or by their largest minute. */
  readonly orderBy: 'Sum' | 'Maximum';
}

export interface ContributorReport {
  readonly keyLabels: readonly string[];
  /** Of all contributors. */
  readonly aggregateValue: number;
  readonly uniqueCount: number;
  readonly contributors: readonly {
    readonly keys: readonly string[];
    readonly value: number;
    readonly datapoints: readonly { readonly timeMs: number; readonly value: number }[];
  }[];
  /** Only of the periods that something was counted in. */
  readonly datapoints: readonly ReportDatapoint[];
}

interface ReportDatapoint {
  readonly timeMs: number;
  readonly uniqueContributors: number;
  /** Of the contributor with the most. */
  readonly maxContributorValue: number;
  readonly sampleCount: number;
  readonly sum: number;
  /** Of the single observations. */
  readonly minimum: number;
  readonly maximum: number;
}

/** What one contributor adds up to. */
class Contributor {
  readonly #byPeriod = new Map<number, number>();

  constructor(private readonly orderBy: ContributorReportRequest['orderBy']) {}

  get value(): number {
    const values = [...this.#byPeriod.values()];
    return this.orderBy === 'Sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
  }

  add(periodMs: number, value: number): void {
    const before = this.#byPeriod.get(periodMs) ?? 0;
    this.#byPeriod.set(periodMs, this.orderBy === 'Sum' ? before + value : Math.max(before, value));
  }

  at(periodMs: number): number {
    return this.#byPeriod.get(periodMs) ?? 0;
  }

  datapoints(): { timeMs: number; value: number }[] {
    return [...this.#byPeriod].map(([timeMs, value]) => ({ timeMs, value })).sort((a, b) => a.timeMs - b.timeMs);
  }
}

/** What GetInsightRuleReport tells of a rule, from the minutes that its window touches. */
export function contributorReport(
  counts: Contributors,
  rule: ContributorRule,
  request: ContributorReportRequest,
): ContributorReport {
  const periodMs = request.periodSeconds * 1000;
  const minutes = counts.tallies(rule.storageNumber, rule.kind, request.startMs, request.endMs);
  const contributors = new Map<string, Contributor>();
  const periods = new Map<number, Tally[]>();
  let droppedCount = 0;
  for (const [minute, tally] of minutes) {
    const timeMs = Math.floor((minute * MINUTE_MS) / periodMs) * periodMs;
    periods.set(timeMs, [...(periods.get(timeMs) ?? []), tally]);
    let seen = 0;
    for (const [key, sum] of tally.sums()) {
      const contributor = contributors.get(key) ?? new Contributor(request.orderBy);
      contributor.add(timeMs, sum);
      contributors.set(key, contributor);
      seen++;
    }
    droppedCount = Math.max(droppedCount, tally.contributors - seen);
  }
  const ordered = [...contributors].sort(([, one], [, other]) => other.value - one.value);
  return {
    keyLabels: rule.keyLabels,
    aggregateValue: [...minutes.values()].reduce((sum, tally) => sum + tally.sum, 0),
    uniqueCount: contributors.size + droppedCount,
    contributors: ordered.slice(0, request.maxContributors).map(([key, contributor]) => ({
      keys: JSON.parse(key) as string[],
      value: contributor.value,
      datapoints: contributor.datapoints(),
    })),
    datapoints: [...periods]
      .sort(([one], [other]) => one - other)
      .map(([timeMs, tallies]) => datapoint(timeMs, tallies, [...contributors.values()])),
  };
}

function datapoint(timeMs: number, tallies: readonly Tally[], contributors: readonly Contributor[]): ReportDatapoint {
  const values = contributors.map((contributor) => contributor.at(timeMs)).filter((value) => value > 0);
  return {
    timeMs,
    uniqueContributors: Math.max(values.length, ...tallies.map((tally) => tally.contributors)),
    maxContributorValue: Math.max(0, ...values),
    sampleCount: tallies.reduce((sum, tally) => sum + tally.samples, 0),
    sum: tallies.reduce((sum, tally) => sum + tally.sum, 0),
    minimum: Math.min(...tallies.map((tally) => tally.smallest)),
    maximum: Math.max(...tallies.map((tally) => tally.largest)),
  };
}
