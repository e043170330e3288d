import { createHash } from 'node:crypto';
import type { Reader, Writer } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import { DynamoError } from '../errors.js';
import { normalizeNumber } from '../value/index.js';

// Records of client request tokens lie in the store under "Di" account "/" region "/" token, so that they are made
// durable with the transaction: six bytes big-endian with the time of the transaction in milliseconds, the SHA-256 of the
// request, then, for each action in two bytes big-endian, how many read units its item costs.

const PREFIX = 'Di';
const PREFIX_END = 'Dj';
const TIME_BYTES = 6;
const DIGEST_END = TIME_BYTES + 32;
/** Docs: TransactWriteItems, "Idempotency". */
const VALID_MS = 10 * 60 * 1000;
/** Every so many transactions, so many records are looked at: more than that many transactions have left behind. */
const SWEEP_INTERVAL = 32;
const SWEPT_RECORDS = 64;
/** More cancelled requests than that are not kept in mind. */
const CANCELLED_REQUESTS = 10_000;

interface CancelledRequest {
  readonly digest: Buffer;
  readonly atMs: number;
}

/** The client request tokens of the last ten minutes. */
export class IdempotencyTokens {
  #sinceSweep = 0;
  #sweptTo = PREFIX;
  /** By key, the oldest first. In memory alone: nothing was changed that a restart could repeat. */
  readonly #cancelled = new Map<string, CancelledRequest>();

  /**
   * What the items of the same request cost to read, by action, where it has been carried out under this token. Throws
   * IdempotentParameterMismatchException when it was another request, also one that was cancelled (recorded on AWS).
   */
  unitsOfRepetition(reader: Reader, key: string, digest: Buffer, nowMs: number): readonly number[] | undefined {
    const record = reader.get(key);
    if (record !== undefined && !isExpired(record, nowMs)) {
      if (record.subarray(TIME_BYTES, DIGEST_END).equals(digest)) return unitsIn(record);
      throw mismatch();
    }
    const cancelled = this.#cancelled.get(key);
    if (cancelled === undefined || cancelled.atMs + VALID_MS <= nowMs || cancelled.digest.equals(digest)) {
      return undefined;
    }
    throw mismatch();
  }

  /** Notes a request that was cancelled: it may come again under its token, another may not. */
  noteCancelled(key: string, digest: Buffer, atMs: number): void {
    this.#cancelled.delete(key);
    this.#cancelled.set(key, { digest, atMs });
    for (const [oldest, { atMs: thenMs }] of this.#cancelled) {
      if (this.#cancelled.size <= CANCELLED_REQUESTS && thenMs + VALID_MS > atMs) return;
      this.#cancelled.delete(oldest);
    }
  }

  /** Notes a request that has been carried out, in the same change, and drops some records that have expired. */
  note(writer: Writer, key: string, digest: Buffer, nowMs: number, units: readonly number[]): void {
    const record = Buffer.allocUnsafe(DIGEST_END + 2 * units.length);
    record.writeUIntBE(nowMs, 0, TIME_BYTES);
    digest.copy(record, TIME_BYTES);
    for (const [at, one] of units.entries()) record.writeUInt16BE(one, DIGEST_END + 2 * at);
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

function mismatch(): DynamoError {
  return new DynamoError(
    'IdempotentParameterMismatchException',
    'Specified idempotent token was used with different request parameters within the idempotency window',
  );
}

function unitsIn(record: Buffer): readonly number[] {
  const units: number[] = [];
  for (let at = DIGEST_END; at < record.length; at += 2) units.push(record.readUInt16BE(at));
  return units;
}

function isExpired(record: Buffer, nowMs: number): boolean {
  return record.readUIntBE(0, TIME_BYTES) + VALID_MS <= nowMs;
}

/** Where the record of a token lies. Any token is a valid key: at most 36 characters, so at most 108 bytes. */
export function tokenKey({ accountId, region }: Caller, token: string): string {
  return `${PREFIX}${accountId}/${region}/${Buffer.from(token, 'utf8').toString('latin1')}`;
}

/**
 * The same for the same request. What AWS takes for the same (recorded): members in another order, a number written in
 * another way, `NONE` where a member is left out, blanks at the end of a statement. Actions in another order and another
 * answer asked for make another request.
 */
export function requestDigest(request: object): Buffer {
  return createHash('sha256').update(JSON.stringify(request, canonical)).digest();
}

function canonical(name: string, value: unknown): unknown {
  if (value === 'NONE' && name.startsWith('Return')) return undefined;
  if (typeof value === 'string') {
    if (name === 'Statement') return value.trimEnd();
    return name === 'N' ? normalizeNumber(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return name === 'NS' ? value.map((one) => (typeof one === 'string' ? normalizeNumber(one) : one)) : value;
}
