import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * Reads `+ PID` and `- PID`, and when there is nothing more to read, because the endpoint has ended in whatever way,
 * kills the process groups that are left.
 */
const SCRIPT =
  'left=" "; while read -r what pid; do case "$what" in +) left="$left$pid ";; ' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  '-) before="${left%% $pid *}"; after="${left#* $pid }"; left="$before $after";; esac; done; ' +
  'for pid in $left; do kill -9 -"$pid" 2>/dev/null; done';

/**
 * Sees to it that no function's process outlives the endpoint, even when the endpoint is killed and the code never
 * looks up from what it does: a small shell waits for the end of the endpoint. It runs while there are processes.
 */
export class ProcessGuard {
  #input: Writable | undefined;
  readonly #watched = new Set<number>();

  watch(pid: number): void {
    if (this.#watched.size === 0) this.#start();
    this.#watched.add(pid);
    this.#input?.write(`+ ${pid}\n`);
  }

  /** The process has ended. */
  release(pid: number): void {
    if (!this.#watched.delete(pid)) return;
    this.#input?.write(`- ${pid}\n`);
    if (this.#watched.size === 0) this.#stop();
  }

  #start(): void {
    // A group of its own: a Ctrl-C at the endpoint's terminal must not end it first.
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    shell.on('error', () => {});
    shell.unref();
    this.#input = shell.stdin ?? undefined;
    this.#input?.on('error', () => {});
  }

  #stop(): void {
    this.#input?.end();
    this.#input = undefined;
  }
}
