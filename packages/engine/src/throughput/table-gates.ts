import type { Table, ThroughputLimits } from '../catalog/table.js';
import { CapacityGate, type GateSettings } from './capacity-gate.js';

const UNLIMITED: ThroughputLimits = { mode: 'ON_DEMAND' };

/** The two directions of a table or of a global index. */
export interface GatePair {
  readonly read: CapacityGate;
  readonly write: CapacityGate;
}

export interface TableGatesOptions extends Pick<GateSettings, 'partitionBurstSeconds'> {
  /** Size of a table's items or of an index's entries, by storage number. */
  readonly sizeBytes: (storageNumber: number) => number;
}

/** The gates of one table. */
export class TableGates implements GatePair {
  read: CapacityGate;
  write: CapacityGate;
  #indexes: ReadonlyMap<number, GatePair> = new Map();

  constructor(
    public table: Table,
    private readonly options: TableGatesOptions,
    nowMs: number,
  ) {
    const own = this.#pair(table.storageNumber, table.throughput, nowMs);
    this.read = own.read;
    this.write = own.write;
    this.#updateIndexes(nowMs);
  }

  /** Of a global index, by its storage number; a local one shares the table's. */
  index(storageNumber: number): GatePair | undefined {
    return this.#indexes.get(storageNumber);
  }

  /** Takes over what has changed. */
  update(table: Table, nowMs: number): void {
    this.table = table;
    update(this, table.throughput, nowMs);
    this.#updateIndexes(nowMs);
  }

  #updateIndexes(nowMs: number): void {
    const known = this.#indexes;
    const indexes = new Map<number, GatePair>();
    for (const { kind, storageNumber, throughput } of this.table.indexes) {
      if (kind === 'LSI') continue;
      const pair = known.get(storageNumber);
      if (pair !== undefined) update(pair, throughput, nowMs);
      indexes.set(storageNumber, pair ?? this.#pair(storageNumber, throughput, nowMs));
    }
    this.#indexes = indexes;
  }

  #pair(storageNumber: number, limits: ThroughputLimits = UNLIMITED, nowMs: number): GatePair {
    const { partitionBurstSeconds } = this.options;
    const settings = { partitionBurstSeconds, sizeBytes: () => this.options.sizeBytes(storageNumber) };
    return {
      read: new CapacityGate('Read', limits, settings, nowMs),
      write: new CapacityGate('Write', limits, settings, nowMs),
    };
  }
}

function update(pair: GatePair, limits: ThroughputLimits = UNLIMITED, nowMs: number): void {
  pair.read.update(limits, nowMs);
  pair.write.update(limits, nowMs);
}
