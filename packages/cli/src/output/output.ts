import type { Writable } from 'node:stream';
import Table from 'cli-table3';
import pc from 'picocolors';

export type Style = ReturnType<typeof pc.createColors>;

/** A stream that text can be written to; a terminal says so, and how wide it is. */
export type TextStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * The only writer of the command line. Results go to stdout, which scripts read; where a command acts, its progress
 * and what to do next go to stderr.
 */
export class Output {
  /** Colours for stdout; plain where it is no terminal, or NO_COLOR is set. */
  readonly style: Style;
  /** Colours for stderr. */
  readonly noteStyle: Style;
  #transient = false;

  constructor(
    private readonly stdout: TextStream,
    private readonly stderr: TextStream,
    env: NodeJS.ProcessEnv,
  ) {
    this.style = pc.createColors(wantsColor(stdout, env));
    this.noteStyle = pc.createColors(wantsColor(stderr, env));
  }

  /** Whether progress can be drawn over itself. */
  get canRedraw(): boolean {
    return this.stderr.isTTY === true;
  }

  get color(): boolean {
    return this.style.isColorSupported;
  }

  /** A line of the result. */
  line(text = ''): void {
    this.clearProgress();
    this.stdout.write(`${text}\n`);
  }

  /** Text of the result as it is. Resolves once the stream can take more. */
  async raw(text: string | Uint8Array): Promise<void> {
    this.clearProgress();
    if (!this.stdout.write(text)) await new Promise((resolve) => this.stdout.once('drain', resolve));
  }

  /** The whole result as JSON. */
  json(value: unknown): void {
    this.line(JSON.stringify(value, null, 2));
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    // Without the lines between rows; one under the head stays, as a row of its own.
    const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
    const table = new Table({ style: { head: [], border: [] }, chars });
    const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]?.length ?? 0)));
    table.push(head.map((text) => this.style.bold(text)));
    table.push(widths.map((width) => '─'.repeat(width)));
    table.push(...rows.map((row) => [...row]));
    this.line(table.toString());
  }

  /** A line beside the result. */
  note(text = ''): void {
    this.clearProgress();
    this.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.noteStyle.yellow('Warning:')} ${text}`);
  }

  error(message: string, remedy?: string): void {
    this.note(`${this.noteStyle.red('Error:')} ${message}`);
    if (remedy !== undefined) this.note(`→ ${remedy}`);
  }

  /** Draws a line that the next one replaces; nothing where it could not be replaced. */
  progress(text: string): void {
    if (!this.canRedraw) return;
    const width = (this.stderr.columns ?? 80) - 1;
    this.stderr.write(`\r\u001b[2K${text.slice(0, width)}`);
    this.#transient = true;
  }

  clearProgress(): void {
    if (!this.#transient) return;
    this.stderr.write('\r\u001b[2K');
    this.#transient = false;
  }
}

function wantsColor(stream: TextStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
