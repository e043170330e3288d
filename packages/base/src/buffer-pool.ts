import { Buffer } from 'node:buffer';
import { Slab } from './slab.js';

/** Smaller buffers come from a slab and are not taken back: they cost little. */
const MIN_POOLED_BYTES = 8 * 1024;
/** Larger ones are not taken back either: they are rare, and too much to keep. */
const MAX_POOLED_BYTES = 2 * 1024 * 1024;
/** What is kept of each size; sizes are powers of two. */
const MAX_FREE_BYTES = 2 * 1024 * 1024;
/** Left free before each pooled buffer. */
const HEADROOM_BYTES = 512;

/** What can be done with a pooled buffer besides using it. */
export interface Loan {
  /** `head`, in ASCII, and the buffer's bytes as one buffer, without copying the latter; undefined if `head` is too long. */
  behind(head: string): Buffer | undefined;
  /** Gives the memory back: nobody may look at it from then on. */
  readonly release: () => void;
}

/**
 * Uninitialised buffers that are used again once they are given back, for short-lived data of many kilobytes. The
 * collector of garbage takes memory behind buffers for as pressing as objects: making such a buffer for each large answer
 * took more processor time in collections than filling them.
 *
 * What is never given back is collected as any buffer is.
 */
export class BufferPool {
  readonly #small = new Slab();
  /** By the binary logarithm of the size. */
  readonly #free: ArrayBuffer[][] = [];
  /** What may be given back: each once. */
  readonly #lent = new WeakSet<object>();

  allocate(sizeBytes: number): Buffer {
    if (sizeBytes < MIN_POOLED_BYTES) return this.#small.allocate(sizeBytes);
    if (sizeBytes > MAX_POOLED_BYTES) return Buffer.allocUnsafeSlow(sizeBytes);
    const power = 32 - Math.clz32(HEADROOM_BYTES + sizeBytes - 1);
    const memory = this.#free[power]?.pop() ?? uninitialised(2 ** power);
    this.#lent.add(memory);
    return Buffer.from(memory, HEADROOM_BYTES, sizeBytes);
  }

  /** Undefined for a buffer that need not be given back. */
  loanOf(buffer: Buffer): Loan | undefined {
    if (!this.#lent.has(buffer.buffer)) return undefined;
    return { behind: (head) => prefixed(buffer, head), release: () => this.release(buffer) };
  }

  /** Takes back a buffer that `allocate` gave, which nobody may look at from now on; others are left alone. */
  release({ buffer }: Buffer): void {
    if (!this.#lent.delete(buffer)) return;
    const power = 31 - Math.clz32(buffer.byteLength);
    const free = this.#free[power] ?? [];
    this.#free[power] = free;
    if ((free.length + 1) * buffer.byteLength <= MAX_FREE_BYTES) free.push(buffer as ArrayBuffer);
  }
}

function prefixed({ buffer, length }: Buffer, head: string): Buffer | undefined {
  if (head.length > HEADROOM_BYTES) return undefined;
  const start = HEADROOM_BYTES - head.length;
  const whole = Buffer.from(buffer, start, head.length + length);
  whole.write(head, 0, 'latin1');
  return whole;
}

/** `new ArrayBuffer` would fill it with zeros first. */
function uninitialised(sizeBytes: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(sizeBytes).buffer as ArrayBuffer;
}
