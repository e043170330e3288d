import { createHash } from 'node:crypto';
import type { Reader, Writer } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import { DynamoError } from '../errors.js';

// Records of client request tokens lie in the store under "Di" account "/" region "/" token, so that they are made
// durable with the transaction: six bytes big-endian with the time of the transaction in milliseconds, then the SHA-256
// of the request's actions.

const PREFIX = 'Di';
const PREFIX_END = 'Dj';
const TIME_BYTES = 6;
/** Docs: TransactWriteItems, "Idempotency". */
const VALID_MS = 10 * 60 * 1000;
/** Every so many transactions, so many records are looked at: more than that many transactions have left behind. */
const SWEEP_INTERVAL = 32;
const SWEPT_RECORDS = 64;

/** The client request tokens of the last ten minutes. */
export class IdempotencyTokens {
  #sinceSweep = 0;
  #sweptTo = PREFIX;

  /**
   * Whether the same request has been carried out under this token. Throws IdempotentParameterMismatchException when
   * it was another request.
   */
  isRepetition(reader: Reader, key: string, digest: Buffer, nowMs: number): boolean {
    const record = reader.get(key);
    if (record === undefined || isExpired(record, nowMs)) return false;
    if (record.subarray(TIME_BYTES).equals(digest)) return true;
    throw new DynamoError(
      'IdempotentParameterMismatchException',
      'Specified idempotent token was used with different request parameters within the idempotency window',
    );
  }

  /** Notes a request that has been carried out, in the same change, and drops some records that have expired. */
  note(writer: Writer, key: string, digest: Buffer, nowMs: number): void {
    const record = Buffer.allocUnsafe(TIME_BYTES + digest.length);
    record.writeUIntBE(nowMs, 0, TIME_BYTES);
    digest.copy(record, TIME_BYTES);
    writer.put(key, record);
    this.#sinceSweep++;
    if (this.#sinceSweep >= SWEEP_INTERVAL) this.#sweep(writer, nowMs);
  }

  /** Goes on where the last sweep ended, so that every record is looked at in its turn. */
  #sweep(writer: Writer, nowMs: number): void {
    this.#sinceSweep = 0;
    const expired: string[] = [];
    let seen = 0;
    let last = PREFIX;
    for (const { key, value } of writer.range({ start: this.#sweptTo, end: PREFIX_END })) {
      if (isExpired(value, nowMs)) expired.push(key);
      last = `${key}\0`;
      seen++;
      if (seen === SWEPT_RECORDS) break;
    }
    this.#sweptTo = seen < SWEPT_RECORDS ? PREFIX : last;
    for (const key of expired) writer.delete(key);
  }
}

function isExpired(record: Buffer, nowMs: number): boolean {
  return record.readUIntBE(0, TIME_BYTES) + VALID_MS <= nowMs;
}

/** Where the record of a token lies. Any token is a valid key: at most 36 characters, so at most 108 bytes. */
export function tokenKey({ accountId, region }: Caller, token: string): string {
  return `${PREFIX}${accountId}/${region}/${Buffer.from(token, 'utf8').toString('latin1')}`;
}

/** The same for the same actions, whatever the order of members in their JSON. */
export function requestDigest(actions: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(actions, inOrder)).digest();
}

function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
