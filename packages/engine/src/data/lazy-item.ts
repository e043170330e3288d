import { StoredItem } from './stored-item.js';

/** An item that is stored as it was stored elsewhere; parsed only where an index asks for its attributes. */
export class LazyItem {
  constructor(readonly stored: Buffer) {}

  get item(): StoredItem['item'] {
    return new StoredItem(this.stored).item;
  }
}
