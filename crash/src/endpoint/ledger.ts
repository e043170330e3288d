import { canonicalText } from './canonical-text.js';
import type { Json } from './client.js';

export type Item = Json;

/** What a request makes of items: by key, the item as it is after it; undefined for none. */
export type Effects = ReadonlyMap<string, Item | undefined>;

/** A request that writes, from its sending. */
export interface Operation {
  readonly writer: number;
  /** Whether all its effects happen, or none. */
  readonly isAtomic: boolean;
  readonly begunMs: number;
  /** When the answer was there; undefined for what was under way when the process was killed. */
  ackedMs: number | undefined;
  readonly effects: Effects;
}

/** One state of an item. */
export interface Version {
  readonly item: Item | undefined;
  /** Undefined for no item; equal texts are equal items. */
  readonly text: string | undefined;
  /** Undefined for the state before the first. */
  readonly operation: Operation | undefined;
}

/** A span of time on the endpoint's clock, in milliseconds, within which something looked at all items at once. */
export interface Instant {
  readonly fromMs: number;
  readonly toMs: number;
}

const ABSENT: Version = { item: undefined, text: undefined, operation: undefined };

/** All that was sent and acknowledged: for each key every state that its item has had, in order. */
export class Ledger {
  readonly #histories = new Map<string, Version[]>();
  readonly #operations: Operation[] = [];
  acknowledged = 0;

  keys(): Iterable<string> {
    return this.#histories.keys();
  }

  history(key: string): readonly Version[] {
    return this.#histories.get(key) ?? [ABSENT];
  }

  current(key: string): Item | undefined {
    return this.history(key).at(-1)?.item;
  }

  begin(writer: number, isAtomic: boolean, effects: Effects, nowMs: number): Operation {
    const operation: Operation = { writer, isAtomic, begunMs: nowMs, ackedMs: undefined, effects };
    this.#operations.push(operation);
    for (const [key, item] of effects) {
      const versions = this.#histories.get(key) ?? [ABSENT];
      versions.push({ item, text: item && canonicalText(item), operation });
      this.#histories.set(key, versions);
    }
    return operation;
  }

  acknowledge(operation: Operation, nowMs: number): void {
    operation.ackedMs = nowMs;
    this.acknowledged += 1;
  }

  /** Operations without an answer. */
  pending(): Operation[] {
    return this.#operations.filter(({ ackedMs }) => ackedMs === undefined);
  }

  atomicOperations(): Operation[] {
    return this.#operations.filter(({ isAtomic }) => isAtomic);
  }

  /**
   * Decides, by the items that are there after a kill, what became of the requests under way: those that left their
   * mark count as acknowledged from now on, the others never were.
   *
   * @param expired keys of items that the stream tells of: one that expires is written once, and may be gone by now
   */
  settle(texts: ReadonlyMap<string, string>, expired: ReadonlySet<string>, nowMs: number): void {
    for (const operation of this.pending()) {
      const keys = [...operation.effects.keys()];
      const missing = keys.filter((key) => {
        const last = this.history(key).at(-1);
        if (expirySecond(last?.item) !== undefined && expired.has(key)) return false;
        return last?.text !== texts.get(key);
      });
      // A deletion of what was not there looks the same with and without it.
      const lost = operation.isAtomic && missing.length > 0 ? keys : missing;
      for (const key of lost) this.#histories.get(key)?.pop();
      operation.ackedMs = nowMs;
    }
  }

  /** The states that the item may have been in at an instant: the first is the last that was acknowledged before it. */
  possible(key: string, { fromMs, toMs }: Instant): readonly Version[] {
    const versions = this.history(key);
    let first = 0;
    let last = 0;
    for (const [at, { operation }] of versions.entries()) {
      if (operation === undefined) continue;
      if (operation.ackedMs !== undefined && operation.ackedMs <= fromMs) first = at;
      if (operation.begunMs <= toMs) last = at;
    }
    return versions.slice(first, Math.max(first, last) + 1);
  }
}

/** The second from which on time to live deletes the item; undefined when it never does. */
export function expirySecond(item: Item | undefined): number | undefined {
  const value = (item?.expires as { N?: string } | undefined)?.N;
  return value === undefined ? undefined : Number(value);
}
