import { Worker } from 'node:worker_threads';
import { delay, monotonicMs, systemClock } from '@tablewright/base';
import type { TreeBatch } from './tree-batch.js';
import type { Commit } from './tree-writer.js';

export interface CommitRequest {
  readonly batch: TreeBatch;
  readonly checkpoint: number;
  readonly commit: number;
}

export type CommitAnswer = { readonly done: Commit } | { readonly failed: string };

interface Pending {
  readonly resolve: (commit: Commit) => void;
  readonly reject: (error: Error) => void;
}

const QUIET_MS = 50;

/** A {@link TreeWriter} in a thread of its own, which keeps the process alive only while it works. */
export class TreeThread {
  readonly #worker: Worker;
  #pending: Pending | undefined;
  #workedMs = monotonicMs();

  constructor(path: string) {
    this.#worker = new Worker(new URL('./tree-thread-main.js', import.meta.url), {
      workerData: path,
      execArgv: [],
      // Batches lie outside of the heap.
      resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 128 },
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: CommitAnswer) => this.#settle(answer));
    this.#worker.on('error', (error) => this.#settle({ failed: error.message }));
    this.#worker.on('exit', () => this.#settle({ failed: 'the thread that writes the tree has ended' }));
  }

  commit(batch: TreeBatch, checkpoint: number, commit: number): Promise<Commit> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.ref();
      const request: CommitRequest = { batch, checkpoint, commit };
      this.#worker.postMessage(request, [batch.bytes.buffer as ArrayBuffer, batch.begins.buffer as ArrayBuffer]);
    });
  }

  /**
   * Not right after its work: V8 may still be optimising the thread's code in the background, and Node 20 aborts the whole
   * process (`ForIsolate: Assertion failed: (data.first) != nullptr`) when that asks for memory of a thread that has ended.
   * Seen once in some hundred stores that were closed at once; optimising a function takes some milliseconds.
   */
  async close(): Promise<void> {
    const restMs = this.#workedMs + QUIET_MS - monotonicMs();
    if (restMs > 0) await delay(systemClock, restMs);
    await this.#worker.terminate();
  }

  #settle(answer: CommitAnswer): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#workedMs = monotonicMs();
    this.#worker.unref();
    if ('done' in answer) pending?.resolve(answer.done);
    else pending?.reject(new Error(answer.failed));
  }
}
