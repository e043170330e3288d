import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Caller } from './caller.js';

export interface MetricIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name. */
  readonly dimensions: readonly { readonly name: string; readonly value: string }[];
}

/** What is known of one metric in one unit over some time. */
export interface StatisticSet {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Values and how often each came, ascending, where that is known: for percentiles. */
  readonly distribution?: Distribution;
}

export type Distribution = readonly (readonly [value: number, count: number])[];

export interface Observation {
  readonly metric: MetricIdentity;
  readonly timeMs: number;
  readonly unit: StandardUnit;
  readonly values: StatisticSet;
}

/** What services need of CloudWatch: to tell what they measured, in namespaces of their own (`AWS/…`). */
export interface MetricsPort {
  /** Durable when this resolves. */
  add(caller: Caller, observations: readonly Observation[]): Promise<void>;
  /** One who gathers observations for a minute: asked to hand over what there is before anyone reads metrics. */
  addSource(flush: () => Promise<void>): void;
  /** Resolves when everything that was measured until now is there. */
  gather(): Promise<void>;
  /** Calls `listener` when observations have been added. Returns what ends it. */
  observe(listener: (caller: Caller) => void): () => void;
}

/** A metric by its namespace, name and dimensions, given in any order. */
export function metricIdentity(
  namespace: string,
  name: string,
  dimensions: Readonly<Record<string, string>>,
): MetricIdentity {
  const pairs = Object.entries(dimensions).map(([dimension, value]) => ({ name: dimension, value }));
  return { namespace, name, dimensions: pairs.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}
