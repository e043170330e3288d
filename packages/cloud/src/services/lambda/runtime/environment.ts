import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { type Clock, monotonicMs, type Timer } from '@tablewright/base';
import type { RuntimeAnswer, RuntimeMessage, RuntimeRequest } from './frames.js';
import { residentKb } from './resident-memory.js';

/** How an invocation ended, whatever happened. */
export interface InvocationEnd {
  readonly isError: boolean;
  /** JSON: the result, or the error's description. */
  readonly payload: string;
  /** Machine time in the handler. */
  readonly durationMs: number;
  readonly maxMemoryKb: number;
  /** What the process did by itself or had to be told by us, as a line of the log: that it was killed at its timeout. */
  readonly closingLine?: string;
}

export interface EnvironmentOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** The machine's: code runs in its time, whatever the endpoint's clock does. */
  readonly machine: Clock;
}

/** An initialization that takes longer than this, and than the function's timeout, has failed. */
const INIT_LIMIT_MS = 10_000;
const MEMORY_CHECK_MS = 100;
/** Time limits are counted in slices of this: however long the machine stands still, it counts as one. */
const SLICE_MS = 250;

/** `isWhole`: the text is one event of the log; otherwise its lines are. */
export type OutputListener = (text: string, isWhole: boolean) => void;

type KillCause = 'timeout' | 'memory' | 'no longer needed';

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why we killed it. */
  readonly cause?: KillCause;
}

/**
 * One process that runs one function's code: it is initialized once, then handles one invocation at a time, as AWS's
 * execution environments do. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export class Environment {
  /** How long the initialization took; undefined until it is done. */
  initMs: number | undefined;
  /** Told to its first invocation only. */
  isInitReported = false;
  readonly #process: ChildProcess;
  readonly #requests: Writable;
  readonly #startedMs = monotonicMs();
  #initFault: string | undefined;
  #exit: Exit | undefined;
  #killCause: KillCause | undefined;
  #wake: (() => void) | undefined;
  #answer: RuntimeAnswer | undefined;
  #isReady = false;
  #received = '';
  #recentOutput = '';
  #onText: OutputListener | undefined;
  readonly #early: [string, boolean][] = [];
  readonly exited: Promise<void>;

  constructor(private readonly options: EnvironmentOptions) {
    const { command, args, cwd, env } = options;
    // A process group of its own, so that whatever the code starts ends with it.
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.#process = child;
    const [, stdout, stderr, requests, answers] = child.stdio;
    if (!(requests instanceof Writable) || !(answers instanceof Readable)) throw new Error('no pipes to the process');
    this.#requests = requests;
    requests.on('error', () => {});
    answers.setEncoding('utf8').on('data', (chunk: string) => this.#receive(chunk));
    for (const stream of [stdout, stderr]) {
      if (stream instanceof Readable)
        stream.setEncoding('utf8').on('data', (text: string) => this.#output(text, false));
    }
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.#exit ??= { code, signal, ...(this.#killCause === undefined ? {} : { cause: this.#killCause }) };
        this.#wake?.();
        resolve();
      };
      child.once('close', end);
      child.once('error', (error) => {
        this.#initFault ??= JSON.stringify({ errorType: 'Runtime.InvalidEntrypoint', errorMessage: error.message });
        end(null, null);
      });
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether it can take another invocation. */
  get isUsable(): boolean {
    return this.#exit === undefined && this.#killCause === undefined && this.#initFault === undefined;
  }

  /** Where the output goes from now on. What came before anybody listened is told first. */
  set onText(listener: OutputListener) {
    this.#onText = listener;
    for (const [text, isWhole] of this.#early.splice(0)) listener(text, isWhole);
  }

  /** One invocation; one at a time. Never rejects. */
  async invoke(request: RuntimeRequest): Promise<InvocationEnd> {
    const isCold = !this.#isReady;
    const ready = await this.#until(() => this.#isReady, Math.max(INIT_LIMIT_MS, request.timeoutMs));
    if (!ready) return this.#initFailure(request);
    if (isCold) this.initMs = monotonicMs() - this.#startedMs;
    this.#answer = undefined;
    const startedMs = monotonicMs();
    this.#requests.write(`${JSON.stringify(request)}\n`);
    const watch = this.#watchMemory();
    const answered = await this.#until(() => this.#answer !== undefined, request.timeoutMs);
    watch.cancel();
    const durationMs = monotonicMs() - startedMs;
    const answer = this.#takeAnswer();
    if (answered && answer !== undefined) {
      const { kind, payload, maxMemoryKb } = answer;
      return { isError: kind === 'error', payload, durationMs, maxMemoryKb };
    }
    return { ...this.#deathOf(request), durationMs, isError: true };
  }

  kill(cause: KillCause = 'no longer needed'): void {
    const { pid } = this.#process;
    this.#killCause ??= cause;
    if (pid === undefined || this.#exit !== undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  #takeAnswer(): RuntimeAnswer | undefined {
    const answer = this.#answer;
    this.#answer = undefined;
    return answer;
  }

  /** Resolves with whether `isDone` came true before the process ended or the time was up, at which it is killed. */
  async #until(isDone: () => boolean, limitMs: number): Promise<boolean> {
    let isLate = false;
    const limit = this.#timeLimit(limitMs, () => {
      isLate = true;
      this.#wake?.();
    });
    while (!isDone() && this.#exit === undefined && !isLate) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
    limit.cancel();
    if (isLate && !isDone() && this.#exit === undefined) {
      this.kill('timeout');
      await this.exited;
    }
    return isDone();
  }

  #timeLimit(limitMs: number, isOver: () => void): Timer {
    const wait = (leftMs: number): Timer =>
      this.options.machine.after(Math.min(leftMs, SLICE_MS), () => {
        if (leftMs > SLICE_MS) timer = wait(leftMs - SLICE_MS);
        else isOver();
      });
    let timer = wait(limitMs);
    return { cancel: () => timer.cancel() };
  }

  #receive(chunk: string): void {
    this.#received += chunk;
    if (!chunk.includes('\n')) return;
    const lines = this.#received.split('\n');
    this.#received = lines.pop() ?? '';
    for (const line of lines) this.#handle(JSON.parse(line) as RuntimeMessage);
  }

  #handle(message: RuntimeMessage): void {
    if (message.kind === 'log' || message.kind === 'output') {
      this.#output(message.text, message.kind === 'log');
      return;
    }
    if (message.kind === 'ready') this.#isReady = true;
    else if (message.kind === 'init-error') this.#initFault = message.payload;
    else {
      this.#answer = message;
      if (message.isLast === true) this.#killCause ??= 'no longer needed';
    }
    this.#wake?.();
  }

  #output(text: string, isWhole: boolean): void {
    this.#recentOutput = (this.#recentOutput + text).slice(-2000);
    if (this.#onText === undefined) this.#early.push([text, isWhole]);
    else this.#onText(text, isWhole);
  }

  #watchMemory(): { cancel(): void } {
    const { machine, memoryMb } = this.options;
    const check = () => {
      if (residentKb(this.pid) > memoryMb * 1024) {
        this.kill('memory');
        return;
      }
      timer = machine.after(MEMORY_CHECK_MS, check);
    };
    let timer = machine.after(MEMORY_CHECK_MS, check);
    return { cancel: () => timer.cancel() };
  }

  #initFailure(request: RuntimeRequest): InvocationEnd {
    const durationMs = monotonicMs() - this.#startedMs;
    this.kill();
    if (this.#initFault === undefined) return { ...this.#deathOf(request), durationMs, isError: true };
    return { isError: true, payload: this.#initFault, durationMs, maxMemoryKb: 0 };
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html */
  #deathOf({ requestId, timeoutMs }: RuntimeRequest): Pick<InvocationEnd, 'payload' | 'maxMemoryKb' | 'closingLine'> {
    const { code, signal, cause } = this.#exit ?? { code: null, signal: null };
    const isOutOfMemory = cause === 'memory' || /heap out of memory/.test(this.#recentOutput);
    const failure = (errorType: string, reason: string, maxMemoryKb = 0) => ({
      payload: JSON.stringify({ errorType, errorMessage: `RequestId: ${requestId} Error: ${reason}` }),
      maxMemoryKb,
      closingLine: errorType === 'Sandbox.Timedout' ? reason : `Error: ${reason}\n${errorType}`,
    });
    if (isOutOfMemory) {
      const reason = 'Runtime exited with error: signal: killed';
      return failure('Runtime.OutOfMemory', reason, this.options.memoryMb * 1024);
    }
    if (cause === 'timeout') {
      return failure('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`);
    }
    if (signal !== null) {
      return failure('Runtime.ExitError', `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal}`);
    }
    if (code === 0 || code === null) return failure('Runtime.ExitError', 'Runtime exited without providing a reason');
    return failure('Runtime.ExitError', `Runtime exited with error: exit status ${code}`);
  }
}

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: 'killed',
  SIGABRT: 'aborted',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};
