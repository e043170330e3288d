import type { Random } from '@tablewright/base';
import { type Sequence, trimHorizon } from './sequence-number.js';
import type { StoredShard } from './stored-stream.js';

/** A stream's shards take records for about four hours (observed on AWS; the docs only say that they are ephemeral). */
export const SHARD_LIFE_MS = 4 * 3600 * 1000;

interface NewShards {
  readonly shards: readonly StoredShard[];
  readonly nowMs: number;
  readonly random: Random;
  readonly nextSequence: () => Sequence;
}

/** The first shards of a stream: `count` equal parts of the range of hashes. */
export function firstShards(count: number, options: NewShards): StoredShard[] {
  const slots = Array.from({ length: count }, (_, slot) => ({ slot }));
  return withShards(slots, options);
}

/** A closed shard, all records of which are beyond the trim horizon: it is no longer listed, and about to be removed. */
export function isShardExpired(shard: StoredShard, nowMs: number): boolean {
  return shard.endSequence !== undefined && shard.endSequence < trimHorizon(nowMs);
}

/** Every open shard is closed, with all that it may ever hold behind it. */
export function closedShards(shards: readonly StoredShard[], nextSequence: () => Sequence): StoredShard[] {
  return shards.map((shard) => (shard.endSequence === undefined ? { ...shard, endSequence: nextSequence() } : shard));
}

/** The shards with a child for each of `parents`, which were open until now. */
export function withChildren(parents: readonly StoredShard[], options: NewShards): StoredShard[] {
  return withShards(
    parents.map(({ slot, id }) => ({ slot, parentId: id })),
    options,
  );
}

function withShards(added: readonly Pick<StoredShard, 'slot' | 'parentId'>[], options: NewShards): StoredShard[] {
  const { shards, nowMs, random, nextSequence } = options;
  const result = [...shards];
  // A child sorts after every shard before it, even when the clock was put back.
  const createdMs = Math.max(nowMs, ...shards.map(({ id }) => createdMsOf(id) + 1));
  let number = Math.max(-1, ...shards.map((shard) => shard.number));
  for (const shard of added) {
    number += 1;
    result.push({ ...shard, id: shardId(createdMs, result, random), number, startSequence: nextSequence() });
  }
  return result.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** `shardId-00000001414562045508-2bac9cd2`: the time of creation in milliseconds and eight hex digits. */
function shardId(createdMs: number, shards: readonly StoredShard[], random: Random): string {
  for (;;) {
    const suffix = Buffer.from(random.bytes(4)).toString('hex');
    const id = `shardId-${String(createdMs).padStart(20, '0')}-${suffix}`;
    if (!shards.some((shard) => shard.id === id)) return id;
  }
}

function createdMsOf(id: string): number {
  return Number(id.split('-')[1]);
}
