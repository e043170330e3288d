import type { Caller } from './catalog/table.js';

/** A new index on its way to being filled. */
export interface IndexFilling {
  readonly table: Caller & { readonly name: string };
  readonly indexName: string;
  /** Of the entries that were added just now. */
  readonly writeUnits: number;
  /** How much is done, from 0 to 1. */
  readonly share: number;
}

/** Changes of a table's items that went to Kinesis, or did not. */
export interface ChangeDelivery {
  readonly table: Caller & { readonly name: string };
  readonly outcome: 'delivered' | 'throttled' | 'refused' | 'lost';
  readonly records: number;
  /** Of what was delivered: one for each KB of a record. */
  readonly units: number;
  /** Of the oldest that waits, or waited until now, on the clock. */
  readonly oldestAgeMs: number;
}

/** Called from the work in the background: must be quick and not throw. */
export interface BackgroundListener {
  indexFilling(filling: IndexFilling): void;
  changesSent(delivery: ChangeDelivery): void;
}

/** What the engine tells of its work in the background, for metrics. */
export class BackgroundFeed implements BackgroundListener {
  #listeners: readonly BackgroundListener[] = [];

  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  observe(listener: BackgroundListener): void {
    this.#listeners = [...this.#listeners, listener];
  }

  indexFilling(filling: IndexFilling): void {
    for (const listener of this.#listeners) listener.indexFilling(filling);
  }

  changesSent(delivery: ChangeDelivery): void {
    for (const listener of this.#listeners) listener.changesSent(delivery);
  }
}
