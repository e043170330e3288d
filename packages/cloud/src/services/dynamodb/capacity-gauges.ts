import type { Timer } from '@tablewright/base';
import type { Engine, Table } from '@tablewright/engine';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { metricIdentity, type Observation } from '../../kernel/metrics-port.js';
import { dimensionsOf } from './table-metrics.js';

const PERIOD_MS = 5 * 60_000;
/** Default quotas of a table and of an account and region, in units per second. */
const TABLE_QUOTA = 40_000;
const ACCOUNT_QUOTA = 80_000;

type Limits = NonNullable<Table['throughput']>;

/** What tables may consume, and what waits for other regions: shown every five minutes while there is any such table. */
export class CapacityGauges {
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(
    private readonly kernel: Pick<Kernel, 'clock' | 'ports' | 'reportFault'>,
    private readonly engine: Engine,
  ) {}

  /** Call it at the start, and when tables may have changed. */
  wake(): void {
    if (this.#timer !== undefined || this.#isClosed || !this.engine.tables().some(isShown)) return;
    const nowMs = this.kernel.clock.nowMs();
    const nextMs = (Math.floor(nowMs / PERIOD_MS) + 1) * PERIOD_MS;
    this.#timer = this.kernel.clock.after(nextMs - nowMs, () => {
      this.#timer = undefined;
      return this.#show(nextMs - PERIOD_MS)
        .catch((fault) => this.kernel.reportFault('metrics of capacity', fault))
        .finally(() => this.wake());
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #show(timeMs: number): Promise<void> {
    const places = new Map<string, { readonly caller: Caller; readonly tables: Table[] }>();
    for (const table of this.engine.tables()) {
      const { accountId, region } = table;
      const key = `${accountId}/${region}`;
      const place = places.get(key) ?? { caller: { accountId, region }, tables: [] };
      places.set(key, place);
      place.tables.push(table);
    }
    const pending = this.engine.replication.pending();
    for (const { caller, tables } of places.values()) {
      const observations = observationsOf(tables, timeMs);
      for (const { accountId, region, tableName, receivingRegion, count } of pending) {
        if (accountId !== caller.accountId || region !== caller.region) continue;
        const metric = metricIdentity('AWS/DynamoDB', 'PendingReplicationCount', {
          TableName: tableName,
          ReceivingRegion: receivingRegion,
        });
        observations.push({
          metric,
          timeMs,
          unit: 'Count',
          values: { sum: count, count: 1, minimum: count, maximum: count },
        });
      }
      if (observations.length > 0) await this.kernel.ports.metrics.add(caller, observations);
    }
  }
}

function isShown(table: Table): boolean {
  return table.replication !== undefined || limitsOf(table).length > 0;
}

/** Of the table and of its global indexes. */
function limitsOf(table: Table): [string | undefined, Limits][] {
  const all: [string | undefined, Limits | undefined][] = [
    [undefined, table.throughput],
    ...table.indexes.map((index): [string, Limits | undefined] => [index.name, index.throughput]),
  ];
  return all.flatMap(([name, limits]): [string | undefined, Limits][] => {
    const isLimited = limits?.readUnits !== undefined || limits?.writeUnits !== undefined;
    return limits !== undefined && isLimited ? [[name, limits]] : [];
  });
}

function observationsOf(tables: readonly Table[], timeMs: number): Observation[] {
  const result: Observation[] = [];
  const add = (
    name: string,
    dimensions: Readonly<Record<string, string>>,
    value: number,
    unit: 'Count' | 'Percent',
  ) => {
    const values = { sum: value, count: 1, minimum: value, maximum: value };
    result.push({ metric: metricIdentity('AWS/DynamoDB', name, dimensions), timeMs, unit, values });
  };
  const provisioned = { Read: 0, Write: 0 };
  const most = { Read: 0, Write: 0 };
  for (const table of tables) {
    for (const [indexName, limits] of limitsOf(table)) {
      for (const direction of ['Read', 'Write'] as const) {
        const units = direction === 'Read' ? limits.readUnits : limits.writeUnits;
        if (units === undefined) continue;
        const dimensions = dimensionsOf(table, indexName);
        if (limits.mode === 'ON_DEMAND') {
          add(`OnDemandMax${direction}RequestUnits`, dimensions, units, 'Count');
          continue;
        }
        add(`Provisioned${direction}CapacityUnits`, dimensions, units, 'Count');
        provisioned[direction] += units;
        most[direction] = Math.max(most[direction], units);
      }
    }
  }
  for (const direction of ['Read', 'Write'] as const) {
    if (provisioned[direction] === 0) continue;
    const share = (provisioned[direction] / ACCOUNT_QUOTA) * 100;
    add(`AccountProvisioned${direction}CapacityUtilization`, {}, share, 'Percent');
    add(`MaxProvisionedTable${direction}CapacityUtilization`, {}, (most[direction] / TABLE_QUOTA) * 100, 'Percent');
    add(`AccountMax${direction}s`, {}, ACCOUNT_QUOTA, 'Count');
    add(`AccountMaxTableLevel${direction}s`, {}, TABLE_QUOTA, 'Count');
  }
  return result;
}
