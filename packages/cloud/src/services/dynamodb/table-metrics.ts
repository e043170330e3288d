import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type {
  ChangeDelivery,
  Consumption,
  Engine,
  IndexFilling,
  ReplicatedChange,
  StreamRead,
  Table,
  ThrottleEvent,
  VectorBytes,
} from '@tablewright/engine';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import type { MetricCounter } from '../../kernel/metric-counter.js';
import { MinuteMetrics } from '../../kernel/minute-metrics.js';

const NAMESPACE = 'AWS/DynamoDB';

/** The counters of a table or index that every request touches. */
interface CapacityCounters {
  readonly read: MetricCounter;
  readonly write: MetricCounter;
}

/** The counters of an operation on a table that every request touches. */
export interface OperationCounters {
  readonly latency: MetricCounter;
  readonly returnedItems: MetricCounter;
}

/** The counters of the table that an operation was last asked for. */
interface LastAsked extends OperationCounters, Caller {
  readonly tableName: string;
}

/**
 * What happens to tables, as CloudWatch shows it: counted in memory and handed over each minute, and when someone asks.
 * Nothing is counted twice or guessed: the sums are those of the capacity that answers report.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
export class TableMetrics {
  readonly #metrics: MinuteMetrics;
  /** By the table as the catalog has it now; a changed table begins anew, and what both counted is added up. */
  readonly #capacity = new WeakMap<Table, Map<string | undefined, CapacityCounters>>();

  /** By operation: its next request is mostly about the same table, and finding counters by name takes its time. */
  readonly #lastAsked = new Map<string, LastAsked>();

  constructor(kernel: Pick<Kernel, 'clock' | 'ports' | 'reportFault'>, engine: Engine) {
    this.#metrics = new MinuteMetrics(kernel, NAMESPACE);
    engine.throughput.observe({
      consumed: (event) => this.#consumed(event),
      throttled: (event) => this.#throttled(event),
      vectorBytes: (event) => this.#vectorBytes(event),
    });
    engine.timeToLive.subscribe((tableArn, deletedItems) => this.#expired(tableArn, deletedItems));
    engine.replication.observe((change) => this.#replicated(change));
    engine.observeBackground({
      indexFilling: (filling) => this.#indexFilling(filling),
      changesSent: (delivery) => this.#changesSent(delivery),
    });
    engine.observeStreamReads({ recordsRead: (stream, records, bytes) => this.#streamRead(stream, records, bytes) });
  }

  /** Adds a value to a metric of a table, or of an account and region. */
  count(
    caller: Caller,
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit: StandardUnit = 'Count',
  ): void {
    this.#metrics.counter(caller, name, dimensions, unit).add(value);
  }

  /** A duration whose percentiles are of interest, in milliseconds. */
  time(caller: Caller, name: string, dimensions: Readonly<Record<string, string>>, durationMs: number): void {
    this.#metrics.counter(caller, name, dimensions, 'Milliseconds', true).add(durationMs);
  }

  /** @param kind further dimensions of the operation's requests, one at most */
  ofOperation(
    { accountId, region }: Caller,
    tableName: string,
    operation: string,
    kind?: Readonly<Record<string, string>>,
  ): OperationCounters {
    const name = kind === undefined ? operation : `${operation} ${Object.values(kind).join()}`;
    const last = this.#lastAsked.get(name);
    if (last?.tableName === tableName && last.accountId === accountId && last.region === region) return last;
    const caller = { accountId, region };
    const dimensions = { TableName: tableName, Operation: operation, ...kind };
    const counters = {
      ...caller,
      tableName,
      latency: this.#metrics.counter(caller, 'SuccessfulRequestLatency', dimensions, 'Milliseconds', true),
      returnedItems: this.#metrics.counter(caller, 'ReturnedItemCount', dimensions, 'Count'),
    };
    this.#lastAsked.set(name, counters);
    return counters;
  }

  /** Hands over what was counted; durable when this resolves. */
  flush(): Promise<void> {
    return this.#metrics.flush();
  }

  close(): Promise<void> {
    return this.#metrics.close();
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

  #vectorBytes({ table, indexName, direction, bytes }: VectorBytes): void {
    const dimensions = { TableName: table.name, VectorIndexName: indexName };
    this.count(table, `Vector${direction}RequestBytes`, dimensions, bytes, 'Bytes');
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

  #indexFilling({ table, indexName, writeUnits, share }: IndexFilling): void {
    const dimensions = { TableName: table.name, GlobalSecondaryIndexName: indexName };
    this.count(table, 'OnlineIndexConsumedWriteCapacity', dimensions, writeUnits);
    // The filling of an index is never held up here.
    this.count(table, 'OnlineIndexThrottleEvents', dimensions, 0);
    this.count(table, 'OnlineIndexPercentageProgress', dimensions, share * 100, 'Percent');
  }

  #changesSent({ table, outcome, records, units, oldestAgeMs }: ChangeDelivery): void {
    const dimensions = { TableName: table.name, DelegatedOperation: 'PutRecord' };
    this.count(table, 'AgeOfOldestUnreplicatedRecord', dimensions, oldestAgeMs, 'Milliseconds');
    if (outcome === 'delivered') this.count(table, 'ConsumedChangeDataCaptureUnits', dimensions, units);
    else if (outcome === 'throttled') this.count(table, 'ThrottledPutRecordCount', dimensions, records);
    else if (outcome === 'lost') this.count(table, 'FailedToReplicateRecordCount', dimensions, records);
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
        read: this.#metrics.newCounter(caller, 'ConsumedReadCapacityUnits', dimensions, 'Count', false),
        write: this.#metrics.newCounter(caller, 'ConsumedWriteCapacityUnits', dimensions, 'Count', false),
      };
      byIndex.set(indexName, counters);
    }
    return counters;
  }
}

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
