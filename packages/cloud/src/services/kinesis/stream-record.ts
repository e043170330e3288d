import type { Caller } from '../../kernel/caller.js';

/** A shard: the hash keys of its range, from its first sequence number to its last. Bounds are decimal. */
export interface ShardRecord {
  readonly number: number;
  readonly firstHash: string;
  readonly lastHash: string;
  readonly parents: readonly number[];
  readonly openedMs: number;
  readonly startSequence: number;
  /** Set once the shard is closed. */
  readonly closedMs?: number;
  readonly endSequence?: number;
}

/** A stream as the store keeps it. Times in epoch milliseconds. */
export interface StreamRecord {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** Names the records in the store; a later stream of the same name has another. */
  readonly id: string;
  readonly createdMs: number;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly retentionHours: number;
  readonly shards: readonly ShardRecord[];
  /** The key as it was given, and what it stood for. */
  readonly encryption?: { readonly keyId: string; readonly keyArn: string };
  /** Shard-level metrics. */
  readonly monitoring: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly maxRecordKiB: number;
}

export function streamArn(stream: Caller & { readonly name: string }): string {
  return `arn:aws:kinesis:${stream.region}:${stream.accountId}:stream/${stream.name}`;
}

export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`;
}

export function openShards(stream: StreamRecord): ShardRecord[] {
  return stream.shards.filter(({ closedMs }) => closedMs === undefined);
}

const CREATED_DIGITS = 12;
const SEQUENCE_DIGITS = 30;
const SHARD_DIGITS = 12;

/**
 * 56 digits as on AWS, made of the time of the shard's opening, the stream's count, and the shard: they grow along a
 * shard and from a shard to its children.
 */
export function sequenceText(shard: ShardRecord, sequence: number): string {
  const created = String(Math.floor(shard.openedMs / 1000)).padStart(CREATED_DIGITS, '0');
  const count = String(sequence).padStart(SEQUENCE_DIGITS, '0');
  return `49${created}${count}${String(shard.number).padStart(SHARD_DIGITS, '0')}`;
}

/** Undefined for what is no sequence number of the shard. */
export function parseSequence(shard: ShardRecord, text: string): number | undefined {
  const length = 2 + CREATED_DIGITS + SEQUENCE_DIGITS + SHARD_DIGITS;
  if (text.length !== length || !/^\d+$/.test(text)) return undefined;
  const sequence = Number(text.slice(2 + CREATED_DIGITS, 2 + CREATED_DIGITS + SEQUENCE_DIGITS));
  return sequenceText(shard, sequence) === text ? sequence : undefined;
}
