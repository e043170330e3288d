import { Worker } from 'node:worker_threads';
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

/** A {@link TreeWriter} in a thread of its own, which keeps the process alive only while it works. */
export class TreeThread {
  readonly #worker: Worker;
  #pending: Pending | undefined;

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

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(answer: CommitAnswer): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#worker.unref();
    if ('done' in answer) pending?.resolve(answer.done);
    else pending?.reject(new Error(answer.failed));
  }
}
