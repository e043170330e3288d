// What runs in the thread of a TreeThread.
import { Buffer } from 'node:buffer';
import { parentPort, workerData } from 'node:worker_threads';
import type { CommitAnswer, CommitRequest } from './tree-thread.js';
import { TreeWriter } from './tree-writer.js';

const writer = new TreeWriter(workerData);

async function answer({ batch, checkpoint, commit }: CommitRequest): Promise<CommitAnswer> {
  try {
    // A buffer arrives as a plain array of bytes.
    const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
    return { done: await writer.commit({ ...batch, bytes }, checkpoint, commit) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', async (request: CommitRequest) => parentPort?.postMessage(await answer(request)));
