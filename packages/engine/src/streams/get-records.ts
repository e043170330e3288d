import { StoredItem } from '../data/stored-item.js';
import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { findStream, trimmed } from './find-stream.js';
import { hasLostRecords } from './get-shard-iterator.js';
import type { LiveStream } from './live-stream.js';
import { decodeIterator, encodeIterator, iteratorArn, type Position } from './shard-iterator.js';
import type { StoredShard } from './stored-stream.js';
import { recordRange, sequenceOf, shardPrefix } from './stream-keys.js';
import type { StreamContext } from './stream-operations.js';

const MAX_RECORDS = 1000;
const MAX_BYTES = 1024 * 1024;

interface Page {
  readonly records: readonly StoredItem[];
  /** Of the records, as the limit of a page counts. */
  readonly sizeBytes: number;
  readonly next: Position;
  /** Whether the page reached the last record that there is. */
  readonly isLast: boolean;
}

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html. Records are given out
 * once they are durable.
 */
export function getRecords(context: StreamContext): Handler {
  return async (caller, input) => {
    const iterator = input.ShardIterator as string;
    const limit = (input.Limit as number | undefined) ?? MAX_RECORDS;
    if (limit > MAX_RECORDS) {
      throw validationError(
        `One or more parameter values were invalid: Limit should be less than or equal to ${MAX_RECORDS}`,
      );
    }
    const stream = findStream(context.streams, caller, iteratorArn(iterator));
    const nowMs = context.clock.nowMs();
    const position = decodeIterator(stream.stored, iterator, nowMs);
    const shard = stream.stored.shards.find(({ number }) => number === position.shardNumber);
    // A shard goes when all that it held has been trimmed.
    if (shard === undefined || hasLostRecords(context.store, stream, shard, position.from, nowMs)) throw trimmed();
    const page = readPage(context, stream, shard, position, limit);
    if (page.records.length > 0) {
      await context.store.flush();
      context.reads?.recordsRead(stream.stored, page.records.length, page.sizeBytes);
    }
    const isEnd = page.isLast && shard.endSequence !== undefined;
    return {
      Records: page.records,
      ...(!isEnd && { NextShardIterator: encodeIterator(stream.stored, page.next, nowMs) }),
    };
  };
}

function readPage(
  { store }: StreamContext,
  stream: LiveStream,
  shard: StoredShard,
  position: Position,
  limit: number,
): Page {
  const records: StoredItem[] = [];
  const prefix = shardPrefix(stream.stored.storageNumber, shard.number);
  let { from } = position;
  let sizeBytes = 0;
  let isLast = true;
  for (const { key, value } of store.range(recordRange(prefix, position.from))) {
    const record = new StoredItem(value);
    sizeBytes += record.sizeBytes;
    if (records.length === limit || (records.length > 0 && sizeBytes > MAX_BYTES)) {
      sizeBytes -= record.sizeBytes;
      isLast = false;
      break;
    }
    records.push(record);
    from = sequenceOf(key) + 1;
  }
  return { records, sizeBytes, next: { shardNumber: shard.number, from }, isLast };
}
