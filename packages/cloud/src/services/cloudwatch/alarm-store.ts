import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { type AlarmRecord, alarmType, type HistoryRecord } from './alarm-record.js';

const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
const HISTORY_MS = 30 * DAY_MS;

/** Alarms by name, and what happened to them by time. */
export class AlarmStore {
  readonly alarms: Records<AlarmRecord>;
  readonly #history: Records<HistoryRecord>;
  #entries = 0;

  constructor(private readonly kernel: Kernel) {
    this.alarms = new Records(kernel.store, 'cloudwatch.alarms');
    this.#history = new Records(kernel.store, 'cloudwatch.alarmHistory');
  }

  find(caller: Caller, name: string): AlarmRecord | undefined {
    return this.alarms.get(partitionOf(caller), name);
  }

  /** By name. */
  list(caller: Caller): AlarmRecord[] {
    return [...this.alarms.list(partitionOf(caller))].map(([, alarm]) => alarm);
  }

  /** Stores what `change` makes of an alarm, with entries for its history; nothing where the alarm is gone. */
  async update(
    caller: Caller,
    name: string,
    change: (alarm: AlarmRecord | undefined) => AlarmRecord | undefined,
    history: (after: AlarmRecord) => readonly Pick<HistoryRecord, 'type' | 'summary' | 'data'>[] = () => [],
  ): Promise<AlarmRecord | undefined> {
    const partition = partitionOf(caller);
    return this.kernel.store.change((writer) => {
      const after = change(this.alarms.getFrom(writer, partition, name));
      if (after === undefined) return undefined;
      this.alarms.putIn(writer, partition, name, after);
      for (const entry of history(after)) this.#note(writer, after, entry);
      return after;
    });
  }

  note(alarm: AlarmRecord, entry: Pick<HistoryRecord, 'type' | 'summary' | 'data'>): Promise<void> {
    return this.kernel.store.change((writer) => this.#note(writer, alarm, entry));
  }

  async remove(alarm: AlarmRecord, entry: Pick<HistoryRecord, 'type' | 'summary' | 'data'>): Promise<void> {
    await this.kernel.store.change((writer) => {
      this.alarms.deleteIn(writer, partitionOf(alarm), alarm.name);
      this.#note(writer, alarm, entry);
    });
  }

  /** Oldest first. */
  history(caller: Caller): HistoryRecord[] {
    const sinceMs = this.kernel.clock.nowMs() - HISTORY_MS;
    return [...this.#history.list(partitionOf(caller))].map(([, entry]) => entry).filter(({ atMs }) => atMs >= sinceMs);
  }

  #note(writer: Writer, alarm: AlarmRecord, entry: Pick<HistoryRecord, 'type' | 'summary' | 'data'>): void {
    const atMs = this.kernel.clock.nowMs();
    const partition = partitionOf(alarm);
    const record: HistoryRecord = { alarmName: alarm.name, alarmType: alarmType(alarm), atMs, ...entry };
    const order = String(this.#entries++).padStart(9, '0');
    this.#history.putIn(writer, partition, `${String(atMs).padStart(16, '0')}${order}`, record);
    // One goes for each that comes, once it is too old.
    for (const [name, { atMs: oldestMs }] of this.#history.list(partition)) {
      if (oldestMs < atMs - HISTORY_MS) this.#history.deleteIn(writer, partition, name);
      return;
    }
  }
}
