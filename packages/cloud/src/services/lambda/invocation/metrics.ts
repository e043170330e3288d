import type { Caller } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { MinuteMetrics } from '../../../kernel/minute-metrics.js';

/** A value of a metric in AWS/Lambda. https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export interface MetricValue {
  readonly name: string;
  readonly value: number;
  readonly unit: 'Count' | 'Milliseconds';
}

/** What metrics are of. */
export interface MetricSubject {
  readonly caller: Caller;
  readonly name: string;
  /** Alias or version, where the function was invoked by one. */
  readonly qualifier?: string | undefined;
}

/** Metrics of AWS/Lambda, by function, by function and resource (an alias, a version), and over all functions. */
export class LambdaMetrics {
  readonly #metrics: MinuteMetrics;

  constructor(kernel: Kernel) {
    this.#metrics = new MinuteMetrics(kernel, 'AWS/Lambda');
  }

  put({ caller, name: FunctionName, qualifier }: MetricSubject, values: readonly MetricValue[]): void {
    const Resource = qualifier === undefined ? FunctionName : `${FunctionName}:${qualifier}`;
    const subjects: readonly Readonly<Record<string, string>>[] = [{ FunctionName }, { FunctionName, Resource }, {}];
    for (const dimensions of subjects) {
      for (const { name, value, unit } of values) {
        this.#metrics.counter(caller, name, dimensions, unit, unit === 'Milliseconds').add(value);
      }
    }
  }

  /** Of an event source mapping. */
  putMapping(caller: Caller, uuid: string, name: string, value: number): void {
    this.#metrics.counter(caller, name, { EventSourceMappingUUID: uuid }, 'Count').add(value);
  }

  close(): Promise<void> {
    return this.#metrics.close();
  }
}

export function count(name: string, value = 1): MetricValue {
  return { name, value, unit: 'Count' };
}

export function milliseconds(name: string, value: number): MetricValue {
  return { name, value, unit: 'Milliseconds' };
}
