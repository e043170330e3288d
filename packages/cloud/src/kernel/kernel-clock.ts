import type { Clock, Timer } from '@tablewright/base';
import type { Activity } from './activity.js';
import { TimerHeap, type WaitingTimer } from './timer-heap.js';

/** How the kernel's time follows the machine's: it was `kernelMs` at `machineMs`, and runs `speed` times as fast. */
export interface ClockSetting {
  readonly kernelMs: number;
  readonly machineMs: number;
  /** 0: the clock stands still. */
  readonly speed: number;
}

/** What the clock says of itself. */
export interface ClockReading {
  readonly nowMs: number;
  /** ISO 8601. */
  readonly now: string;
  readonly frozen: boolean;
  readonly speed: number;
  /** How far it is ahead of the machine's clock. */
  readonly aheadMs: number;
  /** Whether it is being advanced now, and what that waits for. */
  readonly advancing: boolean;
  readonly waitingFor: readonly string[];
}

/** The machine's timers know no more than 24 days. */
const LONGEST_WAIT_MS = 12 * 3_600_000;
export const MAX_SPEED = 100_000;
/** The last instant that JavaScript's dates can tell. */
export const LAST_INSTANT_MS = 8.64e15;

/**
 * The time of every service of the endpoint. It follows the machine's clock until it is frozen, advanced or sped up,
 * never goes back, and goes on from where it was after a restart.
 */
export class KernelClock implements Clock {
  readonly #timers = new TimerHeap();
  #setting: ClockSetting;
  #order = 0;
  #armed: { readonly dueMs: number; readonly timer: Timer } | undefined;
  /** While it is advanced, time stands at the instant whose timers run. */
  #heldMs: number | undefined;
  #advance: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly machine: Clock,
    private readonly activity: Activity,
    private readonly options: {
      /** Where it was when the endpoint stopped. */
      readonly saved?: ClockSetting | undefined;
      /** Called with each new setting, before it takes effect. */
      readonly save?: (setting: ClockSetting) => void;
    } = {},
  ) {
    const machineMs = machine.nowMs();
    this.#setting = options.saved ?? { kernelMs: machineMs, machineMs, speed: 1 };
  }

  nowMs(): number {
    if (this.#heldMs !== undefined) return this.#heldMs;
    const { kernelMs, machineMs, speed } = this.#setting;
    return Math.floor(kernelMs + (this.machine.nowMs() - machineMs) * speed);
  }

  after(delayMs: number, action: () => unknown): Timer {
    const dueMs = this.nowMs() + Math.max(0, delayMs);
    const timer: WaitingTimer = { dueMs, order: this.#order++, action, cancelled: false };
    this.#timers.push(timer);
    if (this.#armed === undefined || dueMs < this.#armed.dueMs) this.#arm();
    return {
      cancel: () => {
        timer.cancelled = true;
      },
    };
  }

  reading(): ClockReading {
    const nowMs = this.nowMs();
    const advancing = this.#heldMs !== undefined;
    return {
      nowMs,
      now: new Date(nowMs).toISOString(),
      frozen: this.#setting.speed === 0,
      speed: this.#setting.speed,
      aheadMs: nowMs - this.machine.nowMs(),
      advancing,
      waitingFor: advancing ? this.activity.labels() : [],
    };
  }

  /** From now on: 0 stands still, 1 is the machine's pace. */
  async setSpeed(speed: number): Promise<void> {
    await this.#advance;
    this.#set({ kernelMs: this.nowMs(), machineMs: this.machine.nowMs(), speed });
    this.#arm();
  }

  /**
   * Moves on to `instantMs`, running every timer that falls due at its own time, in order, each with all that it sets
   * off before the next. Resolves when all of it is done; the clock then goes on from that instant as before. One
   * advance at a time: a second waits for the first. An instant that has passed changes nothing.
   */
  advanceTo(instantMs: number | (() => number)): Promise<void> {
    const advance = this.#advance.then(() => this.#advanceTo(typeof instantMs === 'number' ? instantMs : instantMs()));
    this.#advance = advance.catch(() => {});
    return advance;
  }

  advance(durationMs: number): Promise<void> {
    return this.advanceTo(() => this.nowMs() + durationMs);
  }

  /** Nothing fires any more. */
  close(): void {
    this.#armed?.timer.cancel();
    this.#isClosed = true;
  }

  async #advanceTo(instantMs: number): Promise<void> {
    const startMs = this.nowMs();
    this.#heldMs = startMs;
    this.#armed?.timer.cancel();
    this.#armed = undefined;
    try {
      const target = Math.max(startMs, instantMs);
      // Saved first: after a crash in the middle, time must not be before what has been written already.
      this.options.save?.({ ...this.#setting, kernelMs: target, machineMs: this.machine.nowMs() });
      await this.activity.settled();
      for (let next = this.#due(target); next !== undefined && !this.#isClosed; next = this.#due(target)) {
        this.#heldMs = Math.max(this.#heldMs, next.dueMs);
        this.#run(next);
        await this.activity.settled();
      }
      this.#heldMs = undefined;
      this.#set({ ...this.#setting, kernelMs: target, machineMs: this.machine.nowMs() });
    } finally {
      this.#heldMs = undefined;
      this.#arm();
    }
  }

  #due(untilMs: number): WaitingTimer | undefined {
    const next = this.#timers.peek();
    return next !== undefined && next.dueMs <= untilMs ? this.#timers.pop() : undefined;
  }

  #run(timer: WaitingTimer): void {
    const result = timer.action();
    if (result instanceof Promise) this.activity.track('timer', result);
  }

  #set(setting: ClockSetting): void {
    this.options.save?.(setting);
    this.#setting = setting;
  }

  /** One timer of the machine, for the next of ours. */
  #arm(): void {
    this.#armed?.timer.cancel();
    this.#armed = undefined;
    const next = this.#timers.peek();
    const { speed } = this.#setting;
    if (next === undefined || speed === 0 || this.#heldMs !== undefined || this.#isClosed) return;
    const delayMs = Math.min(Math.max(0, Math.ceil((next.dueMs - this.nowMs()) / speed)), LONGEST_WAIT_MS);
    this.#armed = { dueMs: next.dueMs, timer: this.machine.after(delayMs, () => this.#fire()) };
  }

  #fire(): void {
    this.#armed = undefined;
    if (this.#heldMs !== undefined) return;
    // Those that the actions set come later, however short they are: requests go in between.
    const firstNew = this.#order;
    try {
      for (let next = this.#timers.peek(); next !== undefined; next = this.#timers.peek()) {
        if (next.dueMs > this.nowMs() || next.order >= firstNew) break;
        this.#timers.pop();
        this.#run(next);
      }
    } finally {
      this.#arm();
    }
  }
}
