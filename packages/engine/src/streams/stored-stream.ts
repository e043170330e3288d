import type { KeySchemaElement, PolicyRecord, StreamRecord } from '../catalog/table-record.js';

/**
 * A stream as the store keeps it (JSON, replaced whole by every change), from its creation until a day after it was
 * disabled, whatever becomes of its table. Sequence numbers are plain numbers here, see `sequence-number.ts`.
 */
export interface StoredStream {
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly label: string;
  /** Names the records in the store. */
  readonly storageNumber: number;
  readonly viewType: StreamRecord['viewType'];
  readonly keySchema: readonly KeySchemaElement[];
  readonly createdMs: number;
  readonly disabledMs?: number;
  /** When ENABLING or DISABLING ends; absent when it ended with the change. */
  readonly settlesMs?: number;
  readonly policy?: PolicyRecord;
  /** When the open shards are closed and followed by new ones. */
  readonly rollsMs: number;
  /** 32 random bytes, hex: makes event ids unique, and signs shard iterators. */
  readonly secret: string;
  /** In the order of their ids. */
  readonly shards: readonly StoredShard[];
}

export interface StoredShard {
  readonly id: string;
  /** Names the shard's records in the store; unique within the stream. */
  readonly number: number;
  /** The shard that this one follows; it may be gone already. */
  readonly parentId?: string;
  /** Which part of the hash range is the shard's: `slot` of as many as the stream has open shards. */
  readonly slot: number;
  readonly startSequence: number;
  /** Set once the shard is closed. */
  readonly endSequence?: number;
  /** The last record that was trimmed. */
  readonly trimmedTo?: number;
}
