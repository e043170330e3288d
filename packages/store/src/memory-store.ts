import { assert } from '@tablewright/base';
import { runChange } from './change-writer.js';
import { type LayerCursor, mergeLayers, visitLayers } from './layer.js';
import { SortedMap } from './sorted-map.js';
import type { Entry, Key, KeyRange, Store, ValueVisitor, Writer } from './store.js';

/** A {@link Store} that keeps everything in memory and nothing on disk; for tests and throw-away endpoints. */
export class MemoryStore implements Store {
  readonly #entries = new SortedMap<Buffer>();
  #isOpen = true;
  #isChanging = false;

  get(key: Key): Buffer | undefined {
    return this.#entries.get(key);
  }

  range(range: KeyRange): Iterable<Entry> {
    return mergeLayers((wanted) => this.cursors(wanted), range);
  }

  visit(range: KeyRange, visitor: ValueVisitor): void {
    visitLayers((wanted) => this.cursors(wanted), range, visitor);
  }

  cursors(range: KeyRange): LayerCursor[] {
    return [this.#entries.cursor(range)];
  }

  async change<T>(action: (writer: Writer) => T): Promise<T> {
    assert(this.#isOpen, 'the store is closed');
    assert(!this.#isChanging, 'a change must not start another one');
    this.#isChanging = true;
    try {
      const { result, writes } = runChange(this, action);
      writes.visit((key, value) => {
        if (value === null) this.#entries.delete(key);
        else this.#entries.set(key, value);
      });
      return result;
    } finally {
      this.#isChanging = false;
    }
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#isOpen = false;
  }
}
