import type { Caller } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import { serviceActor } from '../../../kernel/principal.js';
import { ServiceError } from '../../../wire/index.js';

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
  constructor(private readonly kernel: Kernel) {}

  put({ caller, name, qualifier }: MetricSubject, values: readonly MetricValue[]): void {
    const byFunction = { Name: 'FunctionName', Value: name };
    const resource = { Name: 'Resource', Value: qualifier === undefined ? name : `${name}:${qualifier}` };
    const timestamp = new Date(this.kernel.clock.nowMs());
    const data = [[byFunction], [byFunction, resource], []].flatMap((Dimensions) =>
      values.map(({ name: MetricName, value, unit }) => ({
        MetricName,
        Dimensions,
        Timestamp: timestamp,
        Value: value,
        Unit: unit,
      })),
    );
    this.#put(caller, data);
  }

  #put(caller: Caller, MetricData: object[]): void {
    const actor = serviceActor('lambda.amazonaws.com', caller);
    const put = this.kernel.calls.run('monitoring', 'PutMetricData', actor, { Namespace: 'AWS/Lambda', MetricData });
    const done = put.catch((error) => {
      // Metrics that are refused, as a fault that was asked for may do, are lost, not the invocation.
      if (!(error instanceof ServiceError)) throw error;
    });
    this.kernel.activity.track('metrics of AWS/Lambda', done);
  }
}

export function count(name: string, value = 1): MetricValue {
  return { name, value, unit: 'Count' };
}

export function milliseconds(name: string, value: number): MetricValue {
  return { name, value, unit: 'Milliseconds' };
}
