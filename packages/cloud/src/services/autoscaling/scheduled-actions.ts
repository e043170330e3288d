import type { Timer } from '@tablewright/base';
import type { Kernel } from '../../kernel/kernel.js';
import { parseSchedule } from '../../kernel/schedule/schedule-expression.js';
import type { ScheduledRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TargetBounds } from './target-bounds.js';

/** A day at most: the next look is never far away. */
const LONGEST_WAIT_MS = 86_400_000;

/** Runs scheduled actions when they are due; one that was missed while the endpoint stood runs once, late. */
export class ScheduledActions {
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly store: ScalingStore,
    private readonly bounds: TargetBounds,
  ) {}

  /** Call it when actions have changed. */
  arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isClosed) return;
    const due = [...this.store.scheduled.all()].flatMap(({ nextMs }) => nextMs ?? []);
    if (due.length === 0) return;
    const delayMs = Math.max(0, Math.min(...due) - this.kernel.clock.nowMs());
    this.#timer = this.kernel.clock.after(Math.min(delayMs, LONGEST_WAIT_MS), () =>
      this.#run()
        .catch((fault) => this.kernel.reportFault('scheduled scaling', fault))
        .finally(() => this.arm()),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    const nowMs = this.kernel.clock.nowMs();
    const due = [...this.store.scheduled.all()].filter(({ nextMs }) => nextMs !== undefined && nextMs <= nowMs);
    for (const action of due) {
      // First, so that a crash in between does not run it twice.
      await this.store.putScheduled(withNext(action, nowMs));
      const target = this.store.target(action, action);
      if (target === undefined || target.suspended.ScheduledScalingSuspended) continue;
      const { MinCapacity: min = target.min, MaxCapacity: max = target.max } = action.action;
      await this.bounds.change({ ...target, min, max }, () => `scheduled action name ${action.name} was triggered`);
    }
  }
}

/** The action with its next time after an instant, within its start and end. */
export function withNext(action: ScheduledRecord, afterMs: number): ScheduledRecord {
  const { nextMs: _, ...rest } = action;
  const { schedule, timezone, startMs, endMs, createdMs } = action;
  const parsed = parseSchedule(schedule, {
    startMs: startMs ?? createdMs,
    ...(timezone !== undefined && { timeZone: timezone }),
  });
  // A rate's first time is its start itself.
  const isFirst = startMs !== undefined && startMs > afterMs && schedule.startsWith('rate');
  const nextMs = isFirst ? startMs : parsed?.next(Math.max(afterMs, (startMs ?? 0) - 1));
  return nextMs === undefined || (endMs !== undefined && nextMs > endMs) ? rest : { ...rest, nextMs };
}
