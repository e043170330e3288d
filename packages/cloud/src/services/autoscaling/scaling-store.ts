import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import {
  ACTIVITY_MS,
  type ActivityRecord,
  type PolicyRecord,
  type ScheduledRecord,
  type TargetName,
  type TargetRecord,
} from './scaling-records.js';

/** Targets, their policies and scheduled actions, and what was done to them. */
export class ScalingStore {
  readonly targets: Records<TargetRecord>;
  readonly policies: Records<PolicyRecord>;
  readonly scheduled: Records<ScheduledRecord>;
  readonly #activities: Records<ActivityRecord>;
  #entries = 0;

  constructor(readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>) {
    this.targets = new Records(kernel.store, 'autoscaling.targets');
    this.policies = new Records(kernel.store, 'autoscaling.policies');
    this.scheduled = new Records(kernel.store, 'autoscaling.scheduled');
    this.#activities = new Records(kernel.store, 'autoscaling.activities');
  }

  target(caller: Caller, name: TargetName): TargetRecord | undefined {
    return this.targets.get(partitionOf(caller), keyOf(name));
  }

  putTarget(target: TargetRecord): Promise<void> {
    return this.targets.put(partitionOf(target), keyOf(target), target);
  }

  policiesOf(target: Caller & TargetName): PolicyRecord[] {
    return [...this.policies.list(partitionOf(target), { prefix: `${keyOf(target)}\0` })].map(([, policy]) => policy);
  }

  scheduledOf(target: Caller & TargetName): ScheduledRecord[] {
    return [...this.scheduled.list(partitionOf(target), { prefix: `${keyOf(target)}\0` })].map(([, action]) => action);
  }

  policy(caller: Caller, target: TargetName, name: string): PolicyRecord | undefined {
    return this.policies.get(partitionOf(caller), `${keyOf(target)}\0${name}`);
  }

  putPolicy(policy: PolicyRecord): Promise<void> {
    return this.policies.put(partitionOf(policy), `${keyOf(policy)}\0${policy.name}`, policy);
  }

  removePolicy(policy: PolicyRecord): Promise<void> {
    return this.policies.delete(partitionOf(policy), `${keyOf(policy)}\0${policy.name}`);
  }

  scheduledAction(caller: Caller, target: TargetName, name: string): ScheduledRecord | undefined {
    return this.scheduled.get(partitionOf(caller), `${keyOf(target)}\0${name}`);
  }

  putScheduled(action: ScheduledRecord): Promise<void> {
    return this.scheduled.put(partitionOf(action), `${keyOf(action)}\0${action.name}`, action);
  }

  removeScheduled(action: ScheduledRecord): Promise<void> {
    return this.scheduled.delete(partitionOf(action), `${keyOf(action)}\0${action.name}`);
  }

  removeTarget(target: TargetRecord): Promise<void> {
    return this.targets.delete(partitionOf(target), keyOf(target));
  }

  /** Notes an activity; given again with the same `key`, it replaces the former state. */
  async note(activity: ActivityRecord, key = this.newActivityKey(activity.startMs)): Promise<string> {
    const partition = partitionOf(activity);
    await this.kernel.store.change((writer) => {
      this.#activities.putIn(writer, partition, key, activity);
      // One goes for each that comes, once it is too old.
      for (const [name, { startMs }] of this.#activities.list(partition)) {
        if (startMs < activity.startMs - ACTIVITY_MS) this.#activities.deleteIn(writer, partition, name);
        return;
      }
    });
    return key;
  }

  newActivityKey(startMs: number): string {
    return `${String(startMs).padStart(16, '0')}${String(this.#entries++).padStart(9, '0')}`;
  }

  /** Latest first. */
  activities(caller: Caller): ActivityRecord[] {
    const sinceMs = this.kernel.clock.nowMs() - ACTIVITY_MS;
    return [...this.#activities.list(partitionOf(caller))]
      .map(([, activity]) => activity)
      .filter(({ startMs }) => startMs >= sinceMs)
      .reverse();
  }

  /** Activities that wait for a table, with their keys: after a restart they are looked at again. */
  open(): [key: string, ActivityRecord][] {
    const found: [string, ActivityRecord][] = [];
    const partitions = new Set([...this.#activities.entries()].map(([partition]) => partition));
    for (const partition of partitions) {
      for (const [key, activity] of this.#activities.list(partition)) {
        if (activity.status === 'InProgress') found.push([key, activity]);
      }
    }
    return found;
  }
}

function keyOf({ resourceId, dimension }: TargetName): string {
  return `${resourceId}\0${dimension}`;
}
