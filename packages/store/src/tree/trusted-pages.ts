const START_PAGES = 1024;

/** Which pages of the tree's file are known to be whole: this process has written them, or found them so. */
export class TrustedPages {
  /** By page number. */
  #trusted = new Uint8Array(START_PAGES);

  has(page: number): boolean {
    return this.#trusted[page] === 1;
  }

  add(page: number): void {
    if (page >= this.#trusted.length) this.#grow(page);
    this.#trusted[page] = 1;
  }

  #grow(page: number): void {
    const before = this.#trusted;
    this.#trusted = new Uint8Array(Math.max(page + 1, before.length * 2));
    this.#trusted.set(before);
  }
}
