import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import type { PageMap } from './page-map.js';
import { newFrames, PAGE_BYTES, type PageFrame } from './tree-page.js';

const STAGED_PAGES = 64;

/** New pages on their way into the file: neighbours go out in one write. */
export class PageOutput {
  /** Next to each other in memory. */
  readonly #staged = newFrames(STAGED_PAGES);
  #first = 0;
  #count = 0;
  /** Number of the page that {@link next} gave last. */
  page = 0;

  constructor(
    private readonly descriptor: number,
    private readonly map: PageMap,
  ) {}

  /** A new page to be filled before the next call; its number is in {@link page}. */
  next(): PageFrame {
    this.page = this.map.take();
    if (this.#count === STAGED_PAGES || this.page !== this.#first + this.#count) this.flush();
    if (this.#count === 0) this.#first = this.page;
    this.#count++;
    return this.#staged[this.#count - 1] as PageFrame;
  }

  /** Writes bytes to pages of their own and answers the first one's number. */
  writeRun(bytes: Uint8Array): number {
    const page = this.map.takeRun(Math.ceil(bytes.length / PAGE_BYTES));
    this.writeAt(page, bytes);
    return page;
  }

  /** Writes whole pages: what is behind the bytes on the last one is of no meaning, and the file never ends within. */
  writeAt(page: number, bytes: Uint8Array): void {
    const rest = bytes.length % PAGE_BYTES;
    writeFully(this.descriptor, bytes, page * PAGE_BYTES);
    if (rest !== 0) writeFully(this.descriptor, ZEROS.subarray(rest), page * PAGE_BYTES + bytes.length);
  }

  flush(): void {
    if (this.#count === 0) return;
    const { buffer } = (this.#staged[0] as PageFrame).bytes;
    writeFully(this.descriptor, new Uint8Array(buffer, 0, this.#count * PAGE_BYTES), this.#first * PAGE_BYTES);
    this.#count = 0;
  }
}

const ZEROS = Buffer.alloc(PAGE_BYTES);

function writeFully(descriptor: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}
