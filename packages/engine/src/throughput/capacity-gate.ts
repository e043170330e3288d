import type { ThroughputLimits } from '../catalog/table.js';
import { PartitionCeilings } from './partition-ceilings.js';
import type { Direction, LimitType } from './throttle.js';
import { TokenBucket } from './token-bucket.js';

/**
 * Unused capacity is kept for this long. AWS's page (burst-adaptive-capacity) says so of a partition's throughput; the
 * table's own is held to it, too.
 */
const BURST_SECONDS = 300;
/** A configured maximum is one: AWS lets some bursts past it, which it does not promise. */
const ON_DEMAND_BURST_SECONDS = 1;
/** What one partition can do (docs: bp-partition-key-design). */
const PARTITION_UNITS = { Read: 3000, Write: 1000 } as const;
const PARTITION_BYTES = 10 * 1024 ** 3;
/**
 * AWS splits the partitions of a busy on-demand table until each holds few busy keys. Here they are split from the
 * start, so that what a single hash key (with its few neighbours) is asked for is what meets the ceiling.
 */
const ON_DEMAND_PARTITIONS = 256;

/** What the gates of one table are made with. */
export interface GateSettings {
  /** Of the items, or of an index's entries. */
  readonly sizeBytes: () => number;
  /** How long a partition keeps what it has not used, 0 to 300 (default); what one second holds it has in any case. */
  readonly partitionBurstSeconds?: number | undefined;
}

/** What a table, or a global index, may consume in one direction. */
export class CapacityGate {
  #bucket: TokenBucket | undefined;
  #limits: ThroughputLimits;
  readonly #partitions: PartitionCeilings;

  constructor(
    readonly direction: Direction,
    limits: ThroughputLimits,
    private readonly settings: GateSettings,
    nowMs: number,
  ) {
    this.#limits = limits;
    this.#bucket = this.#newBucket(nowMs);
    const kept = Math.max(1, settings.partitionBurstSeconds ?? BURST_SECONDS);
    this.#partitions = new PartitionCeilings(PARTITION_UNITS[direction], kept, this.#partitionCount());
  }

  get isOnDemand(): boolean {
    return this.#limits.mode === 'ON_DEMAND';
  }

  /** The limit that keeps out a request for this hash of its hash key; undefined when it may run. */
  met(hash: number, nowMs: number): LimitType | undefined {
    if (this.#bucket?.isEmpty(nowMs) === true) {
      return this.isOnDemand ? 'MaxOnDemandThroughput' : 'ProvisionedThroughput';
    }
    if (!this.#partitions.isEmpty(hash, nowMs)) return undefined;
    // The table may have grown since the partitions were counted.
    this.#partitions.grow(this.#partitionCount());
    return this.#partitions.isEmpty(hash, nowMs) ? 'KeyRangeThroughput' : undefined;
  }

  /** Charges what was read or written between two hashes of hash keys. */
  take(from: number, to: number, units: number): void {
    this.#bucket?.take(units);
    this.#partitions.take(from, to, units);
  }

  /** Takes over changed limits: a new rate keeps what has accrued, a new billing mode begins full. */
  update(limits: ThroughputLimits, nowMs: number): void {
    const isSameMode = this.#limits.mode === limits.mode;
    this.#limits = limits;
    const rate = this.#rate;
    if (isSameMode && this.#bucket !== undefined && rate !== undefined) this.#bucket.setRate(rate, nowMs);
    else this.#bucket = this.#newBucket(nowMs);
    this.#partitions.grow(this.#partitionCount());
  }

  get #rate(): number | undefined {
    return this.direction === 'Read' ? this.#limits.readUnits : this.#limits.writeUnits;
  }

  #newBucket(nowMs: number): TokenBucket | undefined {
    const rate = this.#rate;
    if (rate === undefined) return undefined;
    return new TokenBucket(rate, this.isOnDemand ? ON_DEMAND_BURST_SECONDS : BURST_SECONDS, nowMs);
  }

  /** By throughput and by size (docs: the guide's former page "Partitions and Data Distribution"). */
  #partitionCount(): number {
    const bySize = Math.ceil(this.settings.sizeBytes() / PARTITION_BYTES);
    if (this.isOnDemand) return Math.max(ON_DEMAND_PARTITIONS, bySize);
    const { readUnits = 0, writeUnits = 0 } = this.#limits;
    const byThroughput = Math.ceil(readUnits / PARTITION_UNITS.Read + writeUnits / PARTITION_UNITS.Write);
    return Math.max(1, byThroughput, bySize);
  }
}
