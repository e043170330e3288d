import type { Buffer } from 'node:buffer';
import { readPage, readTrustedPage } from './read-page.js';
import { BRANCH, kindOf, newFrames, type PageFrame } from './tree-page.js';

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
  /** By page number: whether this process has written the page, or found it whole. */
  #trusted = new Uint8Array(START_NUMBERS);

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
      this.#trust(number);
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
    this.#fill(number, this.#passing);
    if (kindOf(this.#passing.bytes) === BRANCH) return this.#keep(number, this.#freeFrame());
    this.#passingNumber = number;
    return this.#passing.bytes;
  }

  #keep(number: number, frame: number): Buffer {
    const page = this.#contents[frame] as PageFrame;
    this.#numbers[frame] = NO_PAGE;
    this.#weights[frame] = 0;
    this.#fill(number, page);
    this.#numbers[frame] = number;
    this.#frames[number] = frame + 1;
    return page.bytes;
  }

  #fill(number: number, frame: PageFrame): void {
    if (this.#trusted[number] === 1) {
      readTrustedPage(this.descriptor, number, frame);
    } else {
      readPage(this.descriptor, number, frame);
      this.#trust(number);
    }
  }

  #trust(number: number): void {
    if (number >= this.#trusted.length) this.#grow(number);
    this.#trusted[number] = 1;
  }

  #grow(number: number): void {
    const count = Math.max(number + 1, this.#trusted.length * 2);
    const [frames, trusted] = [this.#frames, this.#trusted];
    this.#frames = new Uint16Array(count);
    this.#frames.set(frames);
    this.#trusted = new Uint8Array(count);
    this.#trusted.set(trusted);
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
