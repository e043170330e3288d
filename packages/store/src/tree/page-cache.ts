import type { Buffer } from 'node:buffer';
import { readPage } from './read-page.js';
import { BRANCH, kindOf, newFrames, type PageFrame } from './tree-page.js';
import { TrustedPages } from './trusted-pages.js';

const SLAB_PAGES = 128;
const NO_PAGE = -1;
const START_NUMBERS = 1024;
/** How many rounds of the hand a page outlives without being read. */
const BRANCH_WEIGHT = 3;
const LEAF_WEIGHT = 1;
/** Pages that were read once of late; one that is read again is worth keeping. A power of two. */
const REMEMBERED = 1 << 15;

/**
 * Pages of the tree in memory, up to a number of them; memory is taken as it is needed. Once it is full, a leaf must be
 * read twice to come in, so that look-ups all over a large tree cost no more than reading. The hand goes round and
 * replaces what was not read since it came by last; branches, of which every look-up needs some, stay longer.
 */
export class PageCache {
  /** By page number: the frame that holds it, plus one. */
  #frames = new Uint16Array(START_NUMBERS);
  readonly #contents: PageFrame[] = [];
  /** Frames that have ever held a page. */
  #taken = 0;
  readonly #numbers: Int32Array;
  readonly #weights: Uint8Array;
  /** Frames whose pages were forgotten. */
  readonly #free: number[] = [];
  #hand = 0;
  /** The last page that did not come in. */
  readonly #passing = newFrames(1)[0] as PageFrame;
  #passingNumber = NO_PAGE;
  readonly #remembered = new Int32Array(REMEMBERED);
  readonly #trusted = new TrustedPages();

  /** @param maxPages below 2^16 */
  constructor(
    private readonly descriptor: number,
    private readonly maxPages: number,
  ) {
    this.#numbers = new Int32Array(maxPages).fill(NO_PAGE);
    this.#weights = new Uint8Array(maxPages);
  }

  /** The page; what is answered stays so until the next call. */
  load(number: number): Buffer {
    const frame = (this.#frames[number] ?? 0) - 1;
    if (frame < 0) return number === this.#passingNumber ? this.#passing.bytes : this.#read(number);
    const page = (this.#contents[frame] as PageFrame).bytes;
    this.#weights[frame] = kindOf(page) === BRANCH ? BRANCH_WEIGHT : LEAF_WEIGHT;
    return page;
  }

  /** Forgets pages that have just been written. */
  forget(numbers: Iterable<number>): void {
    this.#passingNumber = NO_PAGE;
    for (const number of numbers) {
      this.#trusted.add(number);
      const frame = (this.#frames[number] ?? 0) - 1;
      if (frame < 0) continue;
      this.#frames[number] = 0;
      this.#numbers[frame] = NO_PAGE;
      this.#free.push(frame);
    }
  }

  #read(number: number): Buffer {
    if (this.#hasRoom()) return this.#keep(number, this.#freeFrame());
    const place = number & (REMEMBERED - 1);
    if (this.#remembered[place] === number) return this.#keep(number, this.#freeFrame());
    this.#remembered[place] = number;
    this.#passingNumber = NO_PAGE;
    readPage(this.descriptor, number, this.#passing, this.#trusted);
    if (kindOf(this.#passing.bytes) === BRANCH) return this.#keep(number, this.#freeFrame());
    this.#passingNumber = number;
    return this.#passing.bytes;
  }

  #keep(number: number, frame: number): Buffer {
    const page = this.#contents[frame] as PageFrame;
    this.#numbers[frame] = NO_PAGE;
    this.#weights[frame] = 0;
    readPage(this.descriptor, number, page, this.#trusted);
    this.#numbers[frame] = number;
    if (number >= this.#frames.length) this.#grow(number);
    this.#frames[number] = frame + 1;
    return page.bytes;
  }

  #grow(number: number): void {
    const before = this.#frames;
    this.#frames = new Uint16Array(Math.max(number + 1, before.length * 2));
    this.#frames.set(before);
  }

  #hasRoom(): boolean {
    return this.#free.length > 0 || this.#taken < this.maxPages;
  }

  #freeFrame(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#taken < this.maxPages) return this.#newFrame();
    while ((this.#weights[this.#hand] as number) > 0) {
      this.#weights[this.#hand] = (this.#weights[this.#hand] as number) - 1;
      this.#hand = (this.#hand + 1) % this.maxPages;
    }
    const frame = this.#hand;
    this.#hand = (frame + 1) % this.maxPages;
    const before = this.#numbers[frame] as number;
    if (before !== NO_PAGE) this.#frames[before] = 0;
    return frame;
  }

  #newFrame(): number {
    const frame = this.#taken++;
    if (frame === this.#contents.length) {
      this.#contents.push(...newFrames(Math.min(SLAB_PAGES, this.maxPages - frame)));
    }
    return frame;
  }
}
