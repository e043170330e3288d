import type { StreamRecord } from './stream-reader.js';

/** A record as functions get it, encoded once. */
export interface EventRecord {
  readonly sequenceNumber: string;
  /** When the item changed, or the record arrived. */
  readonly createdMs: number;
  /** JSON. */
  readonly json: string;
  readonly sizeBytes: number;
}

export function encodeEvent({ sequenceNumber, createdMs, event }: StreamRecord): EventRecord {
  const json = JSON.stringify(event);
  return { sequenceNumber, createdMs, json, sizeBytes: Buffer.byteLength(json) };
}
