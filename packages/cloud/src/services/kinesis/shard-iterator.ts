import { ServiceError } from '../../wire/index.js';
import { invalidArgument } from './kinesis-errors.js';

/** A place in a shard, as it is handed out: opaque to clients. The first three say which stream policies are asked for. */
export interface ShardIterator {
  readonly accountId: string;
  readonly region: string;
  readonly stream: string;
  readonly streamId: string;
  readonly shard: number;
  /** The first sequence number to read. */
  readonly from: number;
  readonly madeMs: number;
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFE_MS = 5 * 60_000;

export function iteratorText(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify(Object.values(inOrder(iterator)))).toString('base64');
}

export function parseIterator(text: string, nowMs: number): ShardIterator {
  const iterator = read(text);
  if (iterator === undefined) throw invalidArgument('Invalid ShardIterator.');
  if (nowMs - iterator.madeMs > LIFE_MS) {
    throw new ServiceError(
      'ExpiredIteratorException',
      `Iterator expired. The iterator was created at time ${new Date(iterator.madeMs).toUTCString()} while right now it ` +
        `is ${new Date(nowMs).toUTCString()} which is further in the future than the tolerated delay of ${LIFE_MS} ` +
        'milliseconds.',
    );
  }
  return iterator;
}

function inOrder({ accountId, region, stream, streamId, shard, from, madeMs }: ShardIterator): ShardIterator {
  return { accountId, region, stream, streamId, shard, from, madeMs };
}

function read(text: string): ShardIterator | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [accountId, region, stream, streamId, shard, from, madeMs] = parts as unknown[];
  if (![accountId, region, stream, streamId].every((part) => typeof part === 'string')) return undefined;
  if (![shard, from, madeMs].every((part) => typeof part === 'number')) return undefined;
  return { accountId, region, stream, streamId, shard, from, madeMs } as ShardIterator;
}
