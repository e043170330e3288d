export interface LogLine {
  readonly timestampMs: number;
  readonly message: string;
}

/** AWS gives the last 4 KB with `LogType: Tail`. */
const TAIL_BYTES = 4096;

/** Everything that one invocation has to say, as events of its log. */
export class LogLines {
  readonly #pending: LogLine[] = [];
  #partial = '';
  #tail = '';

  constructor(private readonly nowMs: () => number) {}

  /** Whole: one event. Otherwise its lines are, once they are complete. */
  add(text: string, isWhole: boolean): void {
    if (isWhole) {
      if (text !== '') this.#push(text);
      return;
    }
    const lines = (this.#partial + text).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#push(`${line}\n`);
  }

  /** A line without an end is one when nothing follows. */
  finish(): void {
    if (this.#partial !== '') this.#push(`${this.#partial}\n`);
    this.#partial = '';
  }

  /** What has come since it was last asked. */
  take(): LogLine[] {
    return this.#pending.splice(0);
  }

  /** The last 4 KB of all of it. */
  get tail(): string {
    return this.#tail;
  }

  #push(message: string): void {
    this.#pending.push({ timestampMs: this.nowMs(), message });
    const bytes = Buffer.from(this.#tail + message);
    this.#tail = bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)).toString('utf8');
  }
}
