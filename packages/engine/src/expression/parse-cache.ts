/** The results of a parser by text; when full, the text not used for longest makes room. */
export class ParseCache<T> {
  private readonly entries = new Map<string, T>();

  constructor(
    private readonly capacity: number,
    private readonly parse: (text: string) => T,
  ) {}

  get(text: string): T {
    const cached = this.entries.get(text);
    if (cached !== undefined) {
      this.touch(text, cached);
      return cached;
    }
    const parsed = this.parse(text);
    if (this.entries.size >= this.capacity) this.dropOldest();
    this.entries.set(text, parsed);
    return parsed;
  }

  /** A map keeps the order of insertion. While there is room to spare, that order does not matter. */
  private touch(text: string, value: T): void {
    if (this.entries.size < this.capacity) return;
    this.entries.delete(text);
    this.entries.set(text, value);
  }

  private dropOldest(): void {
    for (const text of this.entries.keys()) {
      this.entries.delete(text);
      return;
    }
  }
}
