import { Buffer } from 'node:buffer';
import { readPage } from './read-page.js';
import { BRANCH, kindOf, PAGE_BYTES } from './tree-page.js';

const SLAB_PAGES = 128;
const NO_PAGE = -1;
/** How many rounds of the hand a page outlives without being read. */
const BRANCH_WEIGHT = 3;
const LEAF_WEIGHT = 1;

/**
 * Pages of the tree in memory, up to a number of them. The hand goes round and replaces what was not read since it came
 * by last; branches, of which every look-up needs some, stay longer. Memory is taken as it is needed.
 */
export class PageCache {
  readonly #frames = new Map<number, number>();
  readonly #contents: Buffer[] = [];
  readonly #numbers: Int32Array;
  readonly #weights: Uint8Array;
  /** Frames whose pages were forgotten. */
  readonly #free: number[] = [];
  #slab = Buffer.alloc(0);
  #hand = 0;

  constructor(
    private readonly descriptor: number,
    private readonly maxPages: number,
  ) {
    this.#numbers = new Int32Array(maxPages).fill(NO_PAGE);
    this.#weights = new Uint8Array(maxPages);
  }

  /** The page; what is answered stays so until the next call. */
  load(number: number): Buffer {
    const frame = this.#frames.get(number);
    if (frame === undefined) return this.#read(number);
    const page = this.#contents[frame] as Buffer;
    this.#weights[frame] = kindOf(page) === BRANCH ? BRANCH_WEIGHT : LEAF_WEIGHT;
    return page;
  }

  /** Forgets pages whose contents in the file are new. */
  forget(numbers: Iterable<number>): void {
    for (const number of numbers) {
      const frame = this.#frames.get(number);
      if (frame === undefined) continue;
      this.#frames.delete(number);
      this.#numbers[frame] = NO_PAGE;
      this.#free.push(frame);
    }
  }

  #read(number: number): Buffer {
    const frame = this.#freeFrame();
    const page = this.#contents[frame] as Buffer;
    this.#numbers[frame] = NO_PAGE;
    readPage(this.descriptor, number, page);
    this.#numbers[frame] = number;
    this.#weights[frame] = 0;
    this.#frames.set(number, frame);
    return page;
  }

  #freeFrame(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#contents.length < this.maxPages) return this.#newFrame();
    while ((this.#weights[this.#hand] as number) > 0) {
      this.#weights[this.#hand] = (this.#weights[this.#hand] as number) - 1;
      this.#hand = (this.#hand + 1) % this.maxPages;
    }
    const frame = this.#hand;
    this.#hand = (frame + 1) % this.maxPages;
    this.#frames.delete(this.#numbers[frame] as number);
    return frame;
  }

  #newFrame(): number {
    const frame = this.#contents.length;
    const inSlab = frame % SLAB_PAGES;
    if (inSlab === 0) this.#slab = Buffer.allocUnsafeSlow(Math.min(SLAB_PAGES, this.maxPages - frame) * PAGE_BYTES);
    this.#contents.push(this.#slab.subarray(inSlab * PAGE_BYTES, (inSlab + 1) * PAGE_BYTES));
    return frame;
  }
}
