/**
 * Capacity that accrues at a rate and is kept up to a cap. It may be overdrawn: what a request costs is known only when
 * it is done, so a bucket lets it through while anything is left, and pays the debt before the next one.
 *
 * Counts in thousandths of a unit, so that whole milliseconds of whole units stay exact.
 */
export class TokenBucket {
  #thousandths: number;
  #atMs: number;

  /**
   * Begins full.
   *
   * @param unitsPerSecond the rate
   * @param burstSeconds how many seconds of the rate are kept
   */
  constructor(
    private unitsPerSecond: number,
    private readonly burstSeconds: number,
    nowMs: number,
  ) {
    this.#thousandths = this.#cap;
    this.#atMs = nowMs;
  }

  isEmpty(nowMs: number): boolean {
    this.#refill(nowMs);
    return this.#thousandths <= 0;
  }

  take(units: number): void {
    this.#thousandths -= units * 1000;
  }

  /** The units that are there; negative in debt. */
  available(nowMs: number): number {
    this.#refill(nowMs);
    return this.#thousandths / 1000;
  }

  /** What has accrued stays, as far as the new cap allows. */
  setRate(unitsPerSecond: number, nowMs: number): void {
    this.#refill(nowMs);
    this.unitsPerSecond = unitsPerSecond;
    this.#thousandths = Math.min(this.#thousandths, this.#cap);
  }

  get #cap(): number {
    return this.unitsPerSecond * this.burstSeconds * 1000;
  }

  /** A clock that was set back starts anew from there. */
  #refill(nowMs: number): void {
    const elapsedMs = nowMs - this.#atMs;
    if (elapsedMs === 0) return;
    this.#atMs = nowMs;
    if (elapsedMs > 0) this.#thousandths = Math.min(this.#cap, this.#thousandths + elapsedMs * this.unitsPerSecond);
  }
}
