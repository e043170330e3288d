import type { Clock, Random } from '@tablewright/base';
import type { Key, Store } from '@tablewright/store';
import type { Caller, TableLookup } from './catalog/table.js';

/** Keeps the running item count and size of every table and index. */
export interface StatisticsSink {
  /**
   * Notes that the entry under `key` changed. Call it inside the store's change, as the last thing that cannot
   * fail: it works on memory, and is not undone when the change throws.
   *
   * @param storageNumber of the table or of the index
   * @param key the full store key of the item or index entry
   * @param items +1 for a new entry, -1 for a deleted one, 0 for a replaced one
   * @param bytes change of the entry's size in DynamoDB's size arithmetic
   */
  add(storageNumber: number, key: Key, items: number, bytes: number): void;
}

/** What an operation may use. One per engine. */
export interface EngineContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly tables: TableLookup;
  readonly statistics: StatisticsSink;
}

/**
 * One operation. The engine has checked `input` with `checkInput` before (required members, JSON types, lengths,
 * patterns, enums), except for what lies inside attribute values and items.
 */
export type Handler = (caller: Caller, input: Record<string, unknown>) => unknown | Promise<unknown>;
