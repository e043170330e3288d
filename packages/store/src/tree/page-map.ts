import { Buffer } from 'node:buffer';
import { assert } from '@tablewright/base';

const START_BYTES = 64;
/**
 * The file grows until this share of its pages is free. Free pages are used again in a circle, each when the circle
 * comes round, and by then its neighbours have become free as well: pages next to each other go out in one write, and
 * the disk takes them at once. Measured, for random changes in 2 GB: 5.4 µs of the system's time for each change, where
 * it takes 7.2 to use the first free one each time.
 */
const FREE_SHARE = 1 / 4;

/**
 * Which pages of the file are used: a bit each. What a commit gives up stays used until the commit is on disk, because
 * the state before it may still be needed.
 */
export class PageMap {
  #bits: Buffer;
  #pages: number;
  #used = 0;
  readonly #given: number[] = [];
  readonly #taken: number[] = [];
  /** Where the next page is looked for. */
  #from = 0;
  /** Whether free pages before {@link #from} are used again before the file grows. */
  #mayTurn = false;
  /** Runs before this page have been looked at. */
  #runFrom = 0;
  /** There is no run of so many pages. */
  #shortestMissing = Number.POSITIVE_INFINITY;

  /** `bits`: the used pages, as {@link freeze} gives them. */
  constructor(pages: number, bits: Uint8Array | undefined, reserved: number) {
    this.#pages = pages;
    this.#bits = Buffer.alloc(Math.max(START_BYTES, bits?.length ?? 0));
    if (bits !== undefined) this.#bits.set(bits);
    for (let page = 0; page < this.#pages; page++) if (this.#isUsed(page)) this.#used++;
    for (let page = 0; page < reserved; page++) this.#set(page);
  }

  /** Pages in the file, used or not. */
  get pages(): number {
    return this.#pages;
  }

  /** Numbers of the pages taken since the last {@link settle}. */
  get taken(): readonly number[] {
    return this.#taken;
  }

  take(): number {
    let page = this.#nextFree(this.#from);
    if (page === this.#pages && this.#mayTurn) {
      this.#mayTurn = false;
      page = this.#nextFree(0);
    }
    this.#from = page + 1;
    return this.#claim(page, 1);
  }

  /** The first of `count` pages in a row. */
  takeRun(count: number): number {
    if (count === 1) return this.take();
    return this.#claim(this.#findRun(count), count);
  }

  giveUp(page: number, count = 1): void {
    for (let n = 0; n < count; n++) this.#given.push(page + n);
  }

  /** The map as it is to be after the commit, in pages that it has taken itself: their first, and its bytes. */
  freeze(pageBytes: number): { page: number; bytes: Buffer } {
    let count = 1;
    while (count * pageBytes * 8 < this.#pages + count) count++;
    const page = this.takeRun(count);
    const bytes = Buffer.from(this.#bits.subarray(0, Math.ceil(this.#pages / 8)));
    for (const given of this.#given) bytes[given >>> 3] = (bytes[given >>> 3] as number) & ~(1 << (given & 7));
    return { page, bytes };
  }

  /** The commit is on disk: what it has given up is free. */
  settle(): void {
    for (const page of this.#given) {
      assert(this.#isUsed(page), 'a page is given up once');
      this.#bits[page >>> 3] = (this.#bits[page >>> 3] as number) & ~(1 << (page & 7));
    }
    this.#used -= this.#given.length;
    this.#given.length = 0;
    this.#taken.length = 0;
    this.#mayTurn = this.#pages - this.#used >= this.#pages * FREE_SHARE;
    this.#runFrom = 0;
    this.#shortestMissing = Number.POSITIVE_INFINITY;
  }

  /** The first free page from `page` on, or the one behind the file's last. */
  #nextFree(page: number): number {
    let at = page;
    while (at < this.#pages && this.#isUsed(at)) {
      at += at % 8 === 0 && this.#bits[at >>> 3] === 0xff ? 8 : 1;
    }
    return Math.min(at, this.#pages);
  }

  #findRun(count: number): number {
    if (count >= this.#shortestMissing) return this.#pages;
    let length = 0;
    for (let page = this.#runFrom; page < this.#pages; page++) {
      if (length === 0 && page % 8 === 0 && this.#bits[page >>> 3] === 0xff) {
        page += 7;
        continue;
      }
      length = this.#isUsed(page) ? 0 : length + 1;
      if (length < count) continue;
      this.#runFrom = page + 1;
      return page + 1 - count;
    }
    this.#shortestMissing = count;
    this.#runFrom = 0;
    return this.#pages - length;
  }

  #claim(page: number, count: number): number {
    this.#pages = Math.max(this.#pages, page + count);
    while (this.#bits.length * 8 < this.#pages)
      this.#bits = Buffer.concat([this.#bits, Buffer.alloc(this.#bits.length)]);
    for (let n = page; n < page + count; n++) {
      this.#set(n);
      this.#taken.push(n);
    }
    return page;
  }

  #isUsed(page: number): boolean {
    return ((this.#bits[page >>> 3] as number) & (1 << (page & 7))) !== 0;
  }

  #set(page: number): void {
    if (!this.#isUsed(page)) this.#used++;
    this.#bits[page >>> 3] = (this.#bits[page >>> 3] as number) | (1 << (page & 7));
  }
}
