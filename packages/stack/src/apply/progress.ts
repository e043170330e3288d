import type { Clock } from '@tablewright/base';
import type { ResourceChange } from '../plan/plan.js';
import type { OnStackEvent, StackEvent } from './stack-event.js';

const REMINDER_MS = 10_000;
/** Terraform's wording. */
const WORDS = {
  create: { kind: 'creating', doneKind: 'created', ing: 'Creating', done: 'Creation', still: 'creating' },
  update: { kind: 'modifying', doneKind: 'modified', ing: 'Modifying', done: 'Modifications', still: 'modifying' },
  delete: { kind: 'destroying', doneKind: 'destroyed', ing: 'Destroying', done: 'Destruction', still: 'destroying' },
} as const;

interface Tracked {
  readonly change: ResourceChange;
  readonly action: keyof typeof WORDS;
}

/** Turns the steps of an apply into events, with a reminder every ten seconds. */
export class Progress {
  constructor(
    private readonly clock: Clock,
    private readonly onEvent: OnStackEvent | undefined,
  ) {}

  /** Runs `work`, which gives the resource's id afterwards. `id` is the one before, empty for a new resource. */
  async track({ change, action }: Tracked, id: string, work: () => Promise<string>): Promise<void> {
    const { address } = change;
    const words = WORDS[action];
    const startMs = this.clock.nowMs();
    this.emit({ kind: words.kind, address, line: `${address}: ${words.ing}...${idSuffix(id)}`, ...idField(id) });
    const reminder = this.remind(address, words.still, id, startMs);
    try {
      const doneId = await work();
      const elapsedMs = this.clock.nowMs() - startMs;
      const line = `${address}: ${words.done} complete after ${seconds(elapsedMs)}${idSuffix(doneId)}`;
      this.emit({ kind: words.doneKind, address, elapsedMs, line, ...idField(doneId) });
    } catch (error) {
      const elapsedMs = this.clock.nowMs() - startMs;
      this.emit({ kind: 'failed', address, elapsedMs, line: `${address}: failed after ${seconds(elapsedMs)}` });
      throw error;
    } finally {
      reminder.cancel();
    }
  }

  private remind(address: string, still: string, id: string, startMs: number): { cancel(): void } {
    const tick = (): void => {
      const elapsedMs = this.clock.nowMs() - startMs;
      const details = [...(id === '' ? [] : [`id=${id}`]), `${seconds(elapsedMs)} elapsed`].join(', ');
      this.emit({ kind: 'still-waiting', address, elapsedMs, line: `${address}: Still ${still}... [${details}]` });
      timer = this.clock.after(REMINDER_MS, tick);
    };
    let timer = this.clock.after(REMINDER_MS, tick);
    return { cancel: () => timer.cancel() };
  }

  private emit(event: StackEvent): void {
    this.onEvent?.(event);
  }
}

function idSuffix(id: string): string {
  return id === '' ? '' : ` [id=${id}]`;
}

function idField(id: string): { id?: string } {
  return id === '' ? {} : { id };
}

/** 7s, 1m5s: Go's way with durations rounded to seconds. */
function seconds(durationMs: number): string {
  const total = Math.floor(durationMs / 1000);
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor((total % 3600) / 60)];
  if (hours > 0) return `${hours}h${minutes}m${total % 60}s`;
  return minutes > 0 ? `${minutes}m${total % 60}s` : `${total}s`;
}
