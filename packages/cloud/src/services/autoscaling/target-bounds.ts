import type { Scaler } from './scaler.js';
import type { TargetRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TableCapacity } from './table-capacity.js';

/** Keeps targets within their bounds. */
export class TargetBounds {
  constructor(
    private readonly store: ScalingStore,
    private readonly capacity: TableCapacity,
    private readonly scaler: Scaler,
  ) {}

  /** Stores the target with its new bounds, and brings its capacity inside them. */
  async change(target: TargetRecord, causeOf: (bound: 'minimum' | 'maximum', value: number) => string): Promise<void> {
    await this.store.putTarget(target);
    const current = await this.capacity.read(target, target);
    // On demand there is nothing to set.
    if (current === undefined || current.units === 0) return;
    if (current.units < target.min) await this.scaler.set(target, target.min, causeOf('minimum', target.min));
    else if (current.units > target.max) await this.scaler.set(target, target.max, causeOf('maximum', target.max));
  }
}
