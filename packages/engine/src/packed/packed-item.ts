import type { StoredItem } from '../data/stored-item.js';

/** An item of a request that was read straight into its stored form; stands in the input where its JSON stood. */
export class PackedItem {
  /** The item's JSON lies in `body` from `start` to `end`. */
  constructor(
    readonly stored: StoredItem,
    private readonly body: Buffer,
    private readonly start: number,
    private readonly end: number,
  ) {}

  /** The item as the request has it, for what repeats or compares requests. */
  toJSON(): unknown {
    return JSON.parse(this.body.toString('utf8', this.start, this.end));
  }
}
