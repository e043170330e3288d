import { Buffer } from 'node:buffer';
import { assert } from '@tablewright/base';

const START_BYTES = 64;

/**
 * Which pages of the file are used: a bit each. What a commit gives up stays used until the commit is on disk, because
 * the state before it may still be needed.
 */
export class PageMap {
  #bits: Buffer;
  #pages: number;
  readonly #given: number[] = [];
  readonly #taken: number[] = [];
  /** No page below is free. */
  #from = 0;
  /** Runs before this page have been looked at. */
  #runFrom = 0;
  /** There is no run of so many pages. */
  #shortestMissing = Number.POSITIVE_INFINITY;

  /** `bits`: the used pages, as {@link freeze} gives them. */
  constructor(pages: number, bits: Uint8Array | undefined, reserved: number) {
    this.#pages = pages;
    this.#bits = Buffer.alloc(Math.max(START_BYTES, bits?.length ?? 0));
    if (bits !== undefined) this.#bits.set(bits);
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
    let page = this.#from;
    while (page < this.#pages && this.#isUsed(page)) {
      page += page % 8 === 0 && this.#bits[page >>> 3] === 0xff ? 8 : 1;
    }
    page = Math.min(page, this.#pages);
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
    this.#given.length = 0;
    this.#taken.length = 0;
    this.#from = 0;
    this.#runFrom = 0;
    this.#shortestMissing = Number.POSITIVE_INFINITY;
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
    this.#bits[page >>> 3] = (this.#bits[page >>> 3] as number) | (1 << (page & 7));
  }
}
