import { join } from 'node:path';
import { type Key, openStore, type Store } from '@tablewright/store';
import { TABLE } from './scenario.js';

/**
 * Damages the store of an endpoint that is not running, in the store's own terms; the prefixes of keys are those of the
 * engine (packages/engine/src/catalog/keys.ts).
 */
export async function damage(dataDir: string, change: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore({ dir: join(dataDir, 'store') });
  try {
    await change(store);
  } finally {
    await store.close();
  }
}

/** The keys under a prefix. */
export function keysOf(store: Store, prefix: string): Key[] {
  const keys: Key[] = [];
  for (const { key } of store.range({ start: prefix, end: `${prefix}${'\xff'.repeat(8)}` })) keys.push(key);
  return keys;
}

/** The prefix of what the scenario's table in a region has under its own storage number: `Dd` items, `Dj` journal. */
export function prefixOf(store: Store, region: string, kind: 'Dd' | 'Dj'): string {
  return kind + numberBytes(record(store, region).storageNumber);
}

/** What an item's key has in common with the keys of its other places: all behind prefix and storage number. */
export function suffixOf(key: Key): string {
  return key.slice('Dd'.length + numberBytes(0).length);
}

export function streamPrefix(store: Store, region: string): string {
  return `Dr${numberBytes(record(store, region).stream.storageNumber)}`;
}

interface Record {
  readonly storageNumber: number;
  readonly stream: { readonly storageNumber: number };
}

function record(store: Store, region: string): Record {
  return JSON.parse(String(store.get(`Dc000000000000/${region}/${TABLE}`))) as Record;
}

function numberBytes(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes.toString('latin1');
}
