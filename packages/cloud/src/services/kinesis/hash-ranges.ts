import { createHash } from 'node:crypto';
import type { ShardRecord } from './stream-record.js';

const HASH_COUNT = 2n ** 128n;

/** The ranges of `count` shards that share the hash keys evenly. */
export function evenRanges(count: number): { readonly firstHash: string; readonly lastHash: string }[] {
  const bound = (index: number): bigint => (HASH_COUNT * BigInt(index)) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    firstHash: String(bound(index)),
    lastHash: String(bound(index + 1) - 1n),
  }));
}

/** A partition key's hash key: its MD5, as a number. */
export function hashOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash('md5').update(partitionKey, 'utf8').digest('hex')}`);
}

/** Undefined for what is no hash key: decimal, below 2 to the 128th. */
export function parseHash(text: string): bigint | undefined {
  if (!/^(0|[1-9]\d{0,38})$/.test(text)) return undefined;
  const hash = BigInt(text);
  return hash < HASH_COUNT ? hash : undefined;
}

export function covers(shard: ShardRecord, hash: bigint): boolean {
  return BigInt(shard.firstHash) <= hash && hash <= BigInt(shard.lastHash);
}

export function areAdjacent(one: ShardRecord, other: ShardRecord): boolean {
  return BigInt(one.lastHash) + 1n === BigInt(other.firstHash) || BigInt(other.lastHash) + 1n === BigInt(one.firstHash);
}
