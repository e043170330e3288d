import type { Writer } from '@tablewright/store';
import { covers, evenRanges } from './hash-ranges.js';
import { openShards, type ShardRecord, type StreamRecord } from './stream-record.js';
import type { StreamStore } from './stream-store.js';

/** What takes the place of open shards. */
interface NewShard extends Pick<ShardRecord, 'firstHash' | 'lastHash'> {
  readonly parents: readonly ShardRecord[];
}

/** Closes the parents of the new shards, and opens those. */
export function replaced(
  store: StreamStore,
  writer: Writer,
  stream: StreamRecord,
  children: readonly NewShard[],
): StreamRecord {
  const parents = children.flatMap((child) => child.parents);
  const nowMs = store.kernel.clock.nowMs();
  const endSequence = store.nextSequence(writer, stream);
  const startSequence = store.nextSequence(writer, stream);
  const first = Math.max(...stream.shards.map(({ number }) => number)) + 1;
  const shards = stream.shards.map((shard) =>
    parents.includes(shard) ? { ...shard, closedMs: nowMs, endSequence } : shard,
  );
  const opened = children.map((child, index) => ({
    number: first + index,
    firstHash: child.firstHash,
    lastHash: child.lastHash,
    parents: child.parents.map(({ number }) => number),
    openedMs: nowMs,
    startSequence,
  }));
  return { ...stream, shards: [...shards, ...opened] };
}

/**
 * Shares the hash keys out anew, by splits and merges, which may make shards that live for a moment only: a shard has two
 * parents at most. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
 */
export function rescaled(store: StreamStore, writer: Writer, before: StreamRecord, count: number): StreamRecord {
  const ranges = evenRanges(count);
  let stream = before;
  for (const { firstHash } of ranges) {
    const shard = openShards(stream).find((one) => covers(one, BigInt(firstHash)));
    if (shard === undefined || shard.firstHash === firstHash) continue;
    stream = replaced(store, writer, stream, [
      { firstHash: shard.firstHash, lastHash: String(BigInt(firstHash) - 1n), parents: [shard] },
      { firstHash, lastHash: shard.lastHash, parents: [shard] },
    ]);
  }
  for (const { firstHash, lastHash } of ranges) {
    for (;;) {
      const first = openShards(stream).find((one) => one.firstHash === firstHash);
      if (first === undefined || first.lastHash === lastHash) break;
      const next = openShards(stream).find((one) => BigInt(one.firstHash) === BigInt(first.lastHash) + 1n);
      if (next === undefined) break;
      const merged = { firstHash, lastHash: next.lastHash, parents: [first, next] };
      stream = replaced(store, writer, stream, [merged]);
    }
  }
  return stream;
}
