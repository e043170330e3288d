import type { Clock, Random, Timer } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Gate, GatedRequest, Outcome } from '../../kernel/gates.js';
import { Records } from '../../kernel/records.js';
import type { TrailPort, TrailRecord } from '../../kernel/trail-port.js';
import { isRecorded, trailRecord } from './trail-event.js';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
export const RETENTION_MS = 90 * 86_400_000;
/** Events gather for so long before they are written together. */
const WRITE_DELAY_MS = 1000;

/**
 * Records every call of the control plane, whoever makes it. A call never waits for its record: what a kill takes away is
 * the last second.
 */
export class AuditTrail implements Gate, TrailPort {
  readonly #records: Records<TrailRecord>;
  #waiting: { readonly caller: Caller; readonly record: TrailRecord }[] = [];
  #timer: Timer | undefined;
  #count = 0;

  constructor(
    private readonly options: {
      readonly store: Store;
      readonly clock: Clock;
      readonly random: Random;
      readonly reportFault: (where: string, fault: unknown) => void;
    },
  ) {
    this.#records = new Records(options.store, 'cloudtrail.events');
  }

  standsBefore(service: string, operation: string): boolean {
    return isRecorded(service, operation);
  }

  leave(request: GatedRequest, outcome: Outcome): void {
    const { clock, random } = this.options;
    const record = trailRecord(request, outcome, random.uuid(), clock.nowMs());
    this.#waiting.push({ caller: request.caller, record });
    this.#timer ??= clock.after(WRITE_DELAY_MS, () => this.flush());
  }

  /** The latest first. */
  async events(caller: Caller): Promise<TrailRecord[]> {
    await this.flush();
    const sinceMs = this.options.clock.nowMs() - RETENTION_MS;
    return [...this.#records.list(partitionOf(caller))]
      .map(([, record]) => record)
      .filter(({ atMs }) => atMs >= sinceMs)
      .reverse();
  }

  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    if (waiting.length === 0) return;
    try {
      await this.options.store.change((writer) => {
        for (const { caller, record } of waiting) {
          const partition = partitionOf(caller);
          const order = String(this.#count++ % 1_000_000_000).padStart(9, '0');
          this.#records.putIn(writer, partition, `${String(record.atMs).padStart(16, '0')}${order}`, record);
          // One goes for each that comes, once it is too old.
          for (const [name, { atMs }] of this.#records.list(partition)) {
            if (atMs < record.atMs - RETENTION_MS) this.#records.deleteIn(writer, partition, name);
            break;
          }
        }
      });
    } catch (fault) {
      this.options.reportFault('audit trail', fault);
    }
  }
}
