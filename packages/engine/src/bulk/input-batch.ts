import { type TableLayout, writtenUnits } from '../data/index.js';
import type { InputRecord } from '../import/input-record.js';
import { type CheckedPut, checkPut } from './checked-put.js';

/** A record of the input, and where it stands in its object. */
interface Numbered {
  readonly itemIndex: number;
  readonly record: InputRecord;
}

export type BatchPut = CheckedPut & Numbered;

/** What cannot be put; without a record when the object could not be read any further. */
export interface BatchFault {
  readonly itemIndex: number;
  readonly message: string;
  readonly record?: InputRecord;
}

/** Records, and bytes of items, that are dealt with in one change, so that requests wait some milliseconds at most. */
const MAX_RECORDS = 200;
const MAX_BYTES = 1024 * 1024;

/** The records that are dealt with in one store change. */
export class InputBatch {
  readonly puts: BatchPut[] = [];
  readonly faults: BatchFault[] = [];
  readonly #records: Numbered[] = [];
  #bytes = 0;
  #units = 0;

  /** @param maxUnits write request units after which it is full; it takes one record in any case */
  constructor(
    readonly layout: TableLayout,
    private readonly maxUnits: number,
  ) {}

  /** Adds the record; false when it is such that the rest of its object is not to be read. */
  add(itemIndex: number, record: InputRecord): boolean {
    this.#records.push({ itemIndex, record });
    const checked = checkPut(this.layout, record);
    if ('fault' in checked) {
      this.faults.push({ itemIndex, message: checked.fault, record });
      // An item may have been refused for its size.
      this.#bytes += JSON.stringify(record).length;
      return !checked.isMalformed;
    }
    this.puts.push({ ...checked, itemIndex, record });
    this.#bytes += checked.item.bytes.length;
    this.#units += writtenUnits(this.layout, checked.item);
    return true;
  }

  /** The object cannot be read any further. */
  addFault(itemIndex: number, message: string): void {
    this.faults.push({ itemIndex, message });
  }

  /** The same records, held to the table as it is by now. */
  asOf(layout: TableLayout): InputBatch {
    if (layout === this.layout) return this;
    const again = new InputBatch(layout, this.maxUnits);
    for (const { itemIndex, record } of this.#records) again.add(itemIndex, record);
    again.faults.push(...this.faults.filter(({ record }) => record === undefined));
    return again;
  }

  isFull(): boolean {
    return this.#records.length >= MAX_RECORDS || this.#bytes >= MAX_BYTES || this.#units >= this.maxUnits;
  }
}
