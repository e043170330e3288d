/**
 * The ceiling of each partition of a table or index, in one direction, with the burst that a partition has. A partition
 * holds an equal share of the values of the 32-bit hash of the hash key; all items of one hash key are in one.
 */
export class PartitionCeilings {
  /** Thousandths of a unit, by partition; made when the first request comes. */
  #thousandths: Float64Array | undefined;
  #atMs: Float64Array | undefined;

  /**
   * @param unitsPerSecond of each partition
   * @param count of partitions, from 1
   */
  constructor(
    private readonly unitsPerSecond: number,
    private readonly burstSeconds: number,
    private partitionCount: number,
  ) {}

  get count(): number {
    return this.partitionCount;
  }

  /** Splits the partitions; AWS never merges them again. New ones begin full. */
  grow(count: number): void {
    if (count <= this.partitionCount) return;
    this.partitionCount = count;
    this.#thousandths = undefined;
  }

  isEmpty(hash: number, nowMs: number): boolean {
    const cap = this.unitsPerSecond * this.burstSeconds * 1000;
    const atMs = this.#atMs;
    const thousandths = this.#thousandths;
    if (thousandths === undefined || atMs === undefined) {
      this.#thousandths = new Float64Array(this.partitionCount).fill(cap);
      this.#atMs = new Float64Array(this.partitionCount).fill(nowMs);
      return false;
    }
    const at = this.#partition(hash);
    const elapsedMs = nowMs - (atMs[at] ?? nowMs);
    const before = thousandths[at] ?? cap;
    if (elapsedMs === 0) return before <= 0;
    const after = elapsedMs > 0 ? Math.min(cap, before + elapsedMs * this.unitsPerSecond) : before;
    atMs[at] = nowMs;
    thousandths[at] = after;
    return after <= 0;
  }

  /** Takes from all partitions between two hashes alike: a page of a scan goes through them in order. */
  take(from: number, to: number, units: number): void {
    const thousandths = this.#thousandths;
    if (thousandths === undefined) return;
    const first = this.#partition(from);
    const last = Math.max(first, this.#partition(to));
    const share = (units * 1000) / (last - first + 1);
    for (let at = first; at <= last; at++) thousandths[at] = (thousandths[at] ?? 0) - share;
  }

  #partition(hash: number): number {
    return Math.floor((hash * this.partitionCount) / 2 ** 32);
  }
}
