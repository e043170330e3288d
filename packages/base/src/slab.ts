/**
 * Hands out uninitialised buffers from larger ones. Node's own pool is 8 KB and holds what is small only; with answers
 * and values of some kilobytes, making and collecting the buffers behind them takes longer than filling them.
 *
 * What is handed out keeps its whole slab in memory: give buffers of like lifetime a slab of their own.
 */
export class Slab {
  #bytes = Buffer.alloc(0);
  #used = 0;

  /** Requests above half of `sizeBytes` get a buffer of their own. */
  constructor(private readonly sizeBytes = 64 * 1024) {}

  allocate(sizeBytes: number): Buffer {
    if (sizeBytes > this.sizeBytes / 2) return Buffer.allocUnsafeSlow(sizeBytes);
    if (this.#used + sizeBytes > this.#bytes.length) {
      this.#bytes = Buffer.allocUnsafeSlow(this.sizeBytes);
      this.#used = 0;
    }
    this.#used += sizeBytes;
    return this.#bytes.subarray(this.#used - sizeBytes, this.#used);
  }
}
