import type { LayerCursor, LayerValue } from './layer.js';
import { SortedMap } from './sorted-map.js';
import type { Key, KeyRange } from './store.js';

/** Up to here a search through all keys is quicker than making a map. */
const MAX_FLAT_WRITES = 8;

/** The writes of one change: the last one to each key. Most changes have a handful; a map comes in beyond that. */
export class WriteSet {
  readonly #keys: Key[] = [];
  readonly #values: LayerValue[] = [];
  #map: SortedMap<LayerValue> | undefined;

  get size(): number {
    return this.#map?.size ?? this.#keys.length;
  }

  get(key: Key): LayerValue | undefined {
    if (this.#map !== undefined) return this.#map.get(key);
    return this.#values[this.#keys.indexOf(key)];
  }

  set(key: Key, value: LayerValue): void {
    if (this.#map !== undefined) {
      this.#map.set(key, value);
      return;
    }
    const at = this.#keys.indexOf(key);
    if (at !== -1) this.#values[at] = value;
    else if (this.#keys.length < MAX_FLAT_WRITES) this.#append(key, value);
    else this.#toMap().set(key, value);
  }

  visit(action: (key: Key, value: LayerValue) => void): void {
    if (this.#map !== undefined) {
      for (const [key, value] of this.#map.entries()) action(key, value);
      return;
    }
    for (let at = 0; at < this.#keys.length; at++) action(this.#keys[at] as Key, this.#values[at] as LayerValue);
  }

  cursor(range: KeyRange): LayerCursor {
    return this.#toMap().cursor(range);
  }

  #append(key: Key, value: LayerValue): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  #toMap(): SortedMap<LayerValue> {
    if (this.#map !== undefined) return this.#map;
    const map = new SortedMap<LayerValue>();
    this.visit((key, value) => map.set(key, value));
    this.#map = map;
    return map;
  }
}
