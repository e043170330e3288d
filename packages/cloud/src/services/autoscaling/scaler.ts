import type { Kernel } from '../../kernel/kernel.js';
import { type ActivityRecord, directionOf, type TargetRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TableCapacity } from './table-capacity.js';

/** Between two looks at a table that is being updated. */
const LOOK_AGAIN_MS = 5000;

/** Sets capacity and keeps the record of it: every change is an activity with its cause and its end. */
export class Scaler {
  constructor(
    private readonly kernel: Kernel,
    private readonly store: ScalingStore,
    private readonly capacity: TableCapacity,
    /** Called when a target's capacity has changed. */
    private readonly changed: (target: TargetRecord) => Promise<void>,
  ) {}

  /** Goes on waiting for the tables that were being updated when the endpoint stopped. */
  start(): void {
    for (const [key, activity] of this.store.open()) this.#lookAgain(key, activity);
  }

  /** Resolves to whether the capacity was set. */
  async set(target: TargetRecord, units: number, cause: string): Promise<boolean> {
    const { kernel, store } = this;
    const nowMs = kernel.clock.nowMs();
    const what = `${directionOf(target).toLowerCase()} capacity units`;
    const { accountId, region, resourceId, dimension } = target;
    const begun = {
      accountId,
      region,
      resourceId,
      dimension,
      id: kernel.random.uuid(),
      description: `Setting ${what} to ${units}.`,
      cause,
      startMs: nowMs,
    };
    try {
      await this.capacity.write(target, target, units);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `Failed to set ${what} to ${units}. Reason: ${reason}`;
      await store.note({ ...begun, status: 'Failed', message, endMs: nowMs });
      return false;
    }
    const waiting: ActivityRecord = {
      ...begun,
      status: 'InProgress',
      message: `Successfully set ${what} to ${units}. Waiting for change to be fulfilled by dynamodb.`,
    };
    const key = store.newActivityKey(nowMs);
    await store.note(waiting, key);
    await this.#settle(key, waiting);
    await this.changed(target);
    return true;
  }

  async #settle(key: string, activity: ActivityRecord): Promise<void> {
    const current = await this.capacity.read(activity, activity);
    if (current?.isActive === false) {
      this.#lookAgain(key, activity);
      return;
    }
    const message = activity.message?.replace('Waiting for change to be fulfilled', 'Change successfully fulfilled');
    const endMs = this.kernel.clock.nowMs();
    await this.store.note({ ...activity, status: 'Successful', endMs, ...(message !== undefined && { message }) }, key);
  }

  #lookAgain(key: string, activity: ActivityRecord): void {
    this.kernel.clock.after(LOOK_AGAIN_MS, () =>
      this.#settle(key, activity).catch((fault) => this.kernel.reportFault('scaling activity', fault)),
    );
  }
}
