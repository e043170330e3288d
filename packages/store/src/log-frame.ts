import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { assert } from '@tablewright/base';
import type { LayerValue } from './layer.js';
import type { Key } from './store.js';

/*
 * A frame is what one write puts into the log: the changes of one group, all of them or none.
 *
 *    0  u32  CRC-32 of everything that follows, payload included
 *    4  u32  magic, which carries the version of this layout
 *    8  u32  the store's salt: a frame of another store, or user data that looks like a frame, is not taken for ours
 *   12  u32  number of the segment; a recycled file's old frames carry an older one
 *   16  u32  index of the frame in its segment
 *   20  u32  number of frames in the segment before
 *   24  u32  length of the payload
 *   28  payload: per write u16 key length, u32 value length + 1 (0: a deletion), key, value
 *
 * All little-endian.
 */
export const FRAME_HEADER_BYTES = 28;
const FRAME_MAGIC = 0x314c5754;
const WRITE_HEADER_BYTES = 6;

/** Where a frame stands in the log. */
export interface FramePlace {
  readonly salt: number;
  readonly segment: number;
  readonly index: number;
  readonly framesBefore: number;
}

/** Collects writes into one frame, in memory that is reused from frame to frame. */
export class FrameBuilder {
  #bytes: Buffer;
  #length = FRAME_HEADER_BYTES;

  constructor(capacityBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacityBytes);
  }

  get sizeBytes(): number {
    return this.#length;
  }

  get capacityBytes(): number {
    return this.#bytes.length;
  }

  clear(): void {
    this.#length = FRAME_HEADER_BYTES;
  }

  add(key: Key, value: LayerValue): void {
    const valueBytes = value === null ? 0 : value.length;
    this.#reserve(WRITE_HEADER_BYTES + key.length + valueBytes);
    const bytes = this.#bytes;
    let at = bytes.writeUInt16LE(key.length, this.#length);
    at = bytes.writeUInt32LE(value === null ? 0 : valueBytes + 1, at);
    at += bytes.write(key, at, 'latin1');
    if (value !== null) bytes.set(value, at);
    this.#length = at + valueBytes;
  }

  /** The finished frame; valid until the builder is used again. */
  finish(place: FramePlace): Buffer {
    const frame = this.#bytes.subarray(0, this.#length);
    frame.writeUInt32LE(FRAME_MAGIC, 4);
    frame.writeUInt32LE(place.salt, 8);
    frame.writeUInt32LE(place.segment, 12);
    frame.writeUInt32LE(place.index, 16);
    frame.writeUInt32LE(place.framesBefore, 20);
    frame.writeUInt32LE(this.#length - FRAME_HEADER_BYTES, 24);
    frame.writeUInt32LE(crc32(frame.subarray(4)), 0);
    return frame;
  }

  #reserve(moreBytes: number): void {
    const neededBytes = this.#length + moreBytes;
    if (neededBytes <= this.#bytes.length) return;
    assert(neededBytes < 2 ** 31, 'a change must stay below 2 GiB');
    const larger = Buffer.allocUnsafeSlow(Math.max(neededBytes, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

export interface Frame {
  readonly index: number;
  readonly framesBefore: number;
  readonly payload: Buffer;
  /** Offset of the byte after the frame. */
  readonly end: number;
}

/** The intact frame of `segment` that starts at `offset`, if there is one. */
export function readFrame(bytes: Buffer, offset: number, salt: number, segment: number): Frame | undefined {
  if (offset + FRAME_HEADER_BYTES > bytes.length) return undefined;
  if (bytes.readUInt32LE(offset + 4) !== FRAME_MAGIC) return undefined;
  if (bytes.readUInt32LE(offset + 8) !== salt) return undefined;
  if (bytes.readUInt32LE(offset + 12) !== segment) return undefined;
  const end = offset + FRAME_HEADER_BYTES + bytes.readUInt32LE(offset + 24);
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(offset + 4, end)) !== bytes.readUInt32LE(offset)) return undefined;
  return {
    index: bytes.readUInt32LE(offset + 16),
    framesBefore: bytes.readUInt32LE(offset + 20),
    payload: bytes.subarray(offset + FRAME_HEADER_BYTES, end),
    end,
  };
}

/** Offset of the first intact frame of `segment` at or after `from`, whatever lies before it. */
export function findFrame(bytes: Buffer, from: number, salt: number, segment: number): number | undefined {
  const mark = Buffer.alloc(12);
  mark.writeUInt32LE(FRAME_MAGIC, 0);
  mark.writeUInt32LE(salt, 4);
  mark.writeUInt32LE(segment, 8);
  for (let at = bytes.indexOf(mark, from + 4); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    if (readFrame(bytes, at - 4, salt, segment) !== undefined) return at - 4;
  }
  return undefined;
}

/** Hands each write of a frame to `apply`, in order. Values are copies. */
export function forEachWrite(payload: Buffer, apply: (key: Key, value: LayerValue) => void): void {
  for (let at = 0; at < payload.length; ) {
    const keyEnd = at + WRITE_HEADER_BYTES + payload.readUInt16LE(at);
    const lengthCode = payload.readUInt32LE(at + 2);
    const key = payload.toString('latin1', at + WRITE_HEADER_BYTES, keyEnd);
    const end = lengthCode === 0 ? keyEnd : keyEnd + lengthCode - 1;
    assert(end <= payload.length, 'an intact frame holds whole writes');
    apply(key, lengthCode === 0 ? null : Buffer.from(payload.subarray(keyEnd, end)));
    at = end;
  }
}
