import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { Timer } from '@tablewright/base';
import type { Consumption, Engine, ReplicatedChange, StreamRead, Table, ThrottleEvent } from '@tablewright/engine';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { metricIdentity, type Observation } from '../../kernel/metrics-port.js';
import { MetricCounter } from './metric-counter.js';

const NAMESPACE = 'AWS/DynamoDB';
const MINUTE_MS = 60_000;

/** The counters of a table or index that every request touches. */
interface CapacityCounters {
  readonly read: MetricCounter;
  readonly write: MetricCounter;
}

/**
 * What happens to tables, as CloudWatch shows it: counted in memory and handed over each minute, and when someone asks.
 * Nothing is counted twice or guessed: the sums are those of the capacity that answers report.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export class TableMetrics {
  /** Counters with values of this minute. */
  #active: MetricCounter[] = [];
  #minuteMs = 0;
  #timer: Timer | undefined;
  /** By the table as the catalog has it now; a changed table begins anew, and what both counted is added up. */
  readonly #capacity = new WeakMap<Table, Map<string | undefined, CapacityCounters>>();
  /** By the rest of what names them. */
  readonly #counters = new Map<string, MetricCounter>();
  #isClosed = false;

  constructor(
    private readonly kernel: Pick<Kernel, 'clock' | 'ports' | 'reportFault'>,
    engine: Engine,
  ) {
    engine.throughput.observe({
      consumed: (event) => this.#consumed(event),
      throttled: (event) => this.#throttled(event),
    });
    engine.timeToLive.subscribe((tableArn, deletedItems) => this.#expired(tableArn, deletedItems));
    engine.replication.observe((change) => this.#replicated(change));
    engine.observeStreamReads({ recordsRead: (stream, records, bytes) => this.#streamRead(stream, records, bytes) });
    kernel.ports.metrics.addSource(() => this.flush());
  }

  /** Adds a value to a metric of a table, or of an account and region. */
  count(
    caller: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit: StandardUnit = 'Count',
  ): void {
    this.#counter(caller, name, dimensions, unit).add(value);
  }

  /** A duration whose percentiles are of interest, in milliseconds. */
  time(caller: Caller, name: string, dimensions: Readonly<Record<string, string>>, durationMs: number): void {
    this.#counter(caller, name, dimensions, 'Milliseconds', true).add(durationMs);
  }

  /** Hands over what was counted; durable when this resolves. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const counters = this.#active;
    this.#active = [];
    // One change for each account and region.
    const places = new Map<string, { caller: Caller; observations: Observation[] }>();
    for (const counter of counters) {
      const { caller, metric, unit } = counter;
      const key = `${caller.accountId}/${caller.region}`;
      const place = places.get(key) ?? { caller, observations: [] };
      places.set(key, place);
      place.observations.push({ metric, unit, timeMs: this.#minuteMs, values: counter.take() });
    }
    for (const { caller, observations } of places.values()) await this.kernel.ports.metrics.add(caller, observations);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
  }

  #consumed({ table, indexName, direction, units, source }: Consumption): void {
    if (units === 0) return;
    const counters = this.#capacityOf(table, indexName);
    if (direction === 'Read') {
      counters.read.add(units);
      return;
    }
    counters.write.add(units);
    // Only replicas tell apart who wrote.
    if (table.replication === undefined && source === undefined) return;
    const dimensions = { ...dimensionsOf(table, indexName), Source: source ?? 'Customer' };
    this.count(table, 'ConsumedWriteCapacityUnits', dimensions, units);
  }

  #throttled({ table, indexName, direction, reason }: ThrottleEvent): void {
    const dimensions = dimensionsOf(table, indexName);
    this.count(table, `${direction}ThrottleEvents`, dimensions, 1);
    const cause = CAUSE_METRICS.find((one) => reason.endsWith(one.reason));
    if (cause !== undefined) this.count(table, `${direction}${cause.metric}`, dimensions, 1);
  }

  #expired(tableArn: string, deletedItems: number): void {
    const [, , , region = '', accountId = '', resource = ''] = tableArn.split(':');
    const TableName = resource.slice('table/'.length);
    this.count({ accountId, region }, 'TimeToLiveDeletedItemCount', { TableName }, deletedItems);
  }

  #replicated({ table, receivingRegion, latencyMs }: ReplicatedChange): void {
    this.time(table, 'ReplicationLatency', { TableName: table.name, ReceivingRegion: receivingRegion }, latencyMs);
  }

  #streamRead(stream: StreamRead, records: number, sizeBytes: number): void {
    const dimensions = { TableName: stream.tableName, StreamLabel: stream.label, Operation: 'GetRecords' };
    this.count(stream, 'ReturnedRecordsCount', dimensions, records);
    this.count(stream, 'ReturnedBytes', dimensions, sizeBytes, 'Bytes');
  }

  #capacityOf(table: Table, indexName: string | undefined): CapacityCounters {
    let byIndex = this.#capacity.get(table);
    if (byIndex === undefined) {
      byIndex = new Map();
      this.#capacity.set(table, byIndex);
    }
    let counters = byIndex.get(indexName);
    if (counters === undefined) {
      const dimensions = dimensionsOf(table, indexName);
      const { accountId, region } = table;
      const caller = { accountId, region };
      counters = {
        read: this.#newCounter(caller, 'ConsumedReadCapacityUnits', dimensions, 'Count', false),
        write: this.#newCounter(caller, 'ConsumedWriteCapacityUnits', dimensions, 'Count', false),
      };
      byIndex.set(indexName, counters);
    }
    return counters;
  }

  #counter(
    { accountId, region }: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    unit: StandardUnit,
    hasDistribution = false,
  ): MetricCounter {
    const key = `${accountId}/${region}/${name}/${Object.values(dimensions).join('/')}`;
    let counter = this.#counters.get(key);
    if (counter === undefined) {
      counter = this.#newCounter({ accountId, region }, name, dimensions, unit, hasDistribution);
      // Tables come and go; what is counted now is in `#active` as well.
      if (this.#counters.size >= MAX_COUNTERS) this.#counters.clear();
      this.#counters.set(key, counter);
    }
    return counter;
  }

  #newCounter(
    caller: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    unit: StandardUnit,
    hasDistribution: boolean,
  ): MetricCounter {
    const metric = metricIdentity(NAMESPACE, name, dimensions);
    return new MetricCounter(caller, metric, unit, (counter) => this.#began(counter), hasDistribution);
  }

  #began(counter: MetricCounter): void {
    if (this.#active.length === 0) {
      const nowMs = this.kernel.clock.nowMs();
      this.#minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
      if (!this.#isClosed) {
        this.#timer = this.kernel.clock.after(this.#minuteMs + MINUTE_MS - nowMs, () =>
          this.flush().catch((fault) => this.kernel.reportFault('metrics of tables', fault)),
        );
      }
    }
    this.#active.push(counter);
  }
}

const MAX_COUNTERS = 10_000;

/** What the reason of a throttling ends with, and the metric of that cause. */
const CAUSE_METRICS = [
  { reason: 'MaxOnDemandThroughputExceeded', metric: 'MaxOnDemandThroughputThrottleEvents' },
  { reason: 'ProvisionedThroughputExceeded', metric: 'ProvisionedThroughputThrottleEvents' },
  { reason: 'KeyRangeThroughputExceeded', metric: 'KeyRangeThroughputThrottleEvents' },
  { reason: 'AccountLimitExceeded', metric: 'AccountLimitThrottleEvents' },
] as const;

export function dimensionsOf(table: Table, indexName: string | undefined): Readonly<Record<string, string>> {
  return indexName === undefined
    ? { TableName: table.name }
    : { TableName: table.name, GlobalSecondaryIndexName: indexName };
}
