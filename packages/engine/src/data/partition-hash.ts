// The place of a partition key in DynamoDB's key space. It decides the order of a Scan and what a segment of a parallel
// Scan holds. AWS does not describe it; tests of a public emulator (architect/dynalite, test/scan.js), which were run
// against DynamoDB, show an MD5 of the word "Outliers" and the key's bytes. Part of the storage format: another
// function would not find the items that this one placed.

/** "Outliers" as MD5 reads it: words whose first byte is the lowest. */
const WORD_0 = 0x6c74754f;
const WORD_1 = 0x73726569;
const SALT_BYTES = 8;

const SINES = Int32Array.from({ length: 64 }, (_, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32) | 0);

const block = new Int32Array(16);
let stateA = 0;
let stateB = 0;
let stateC = 0;
let stateD = 0;

/** The first 32 bits of the MD5 (RFC 1321) of "Outliers" and the bytes. */
export function partitionHash(bytes: string): number {
  const sizeBytes = SALT_BYTES + bytes.length;
  const blocks = ((sizeBytes + 8) >>> 6) + 1;
  stateA = 0x67452301;
  stateB = 0xefcdab89 | 0;
  stateC = 0x98badcfe | 0;
  stateD = 0x10325476;
  for (let number = 0; number < blocks; number++) {
    const start = number * 64 - SALT_BYTES;
    for (let at = number === 0 ? 2 : 0; at < 16; at++) block[at] = word(bytes, start + at * 4);
    if (number === 0) {
      block[0] = WORD_0;
      block[1] = WORD_1;
    }
    if (number === blocks - 1) {
      block[14] = sizeBytes * 8;
      block[15] = 0;
    }
    compress();
  }
  return ((stateA << 24) | ((stateA & 0xff00) << 8) | ((stateA >>> 8) & 0xff00) | (stateA >>> 24)) >>> 0;
}

/** Four bytes of the message, of the bit that ends it, or of the zeros behind that. */
function word(bytes: string, at: number): number {
  const length = bytes.length;
  if (at + 4 <= length) {
    return (
      bytes.charCodeAt(at) |
      (bytes.charCodeAt(at + 1) << 8) |
      (bytes.charCodeAt(at + 2) << 16) |
      (bytes.charCodeAt(at + 3) << 24)
    );
  }
  if (at > length) return 0;
  let last = 0x80 << ((length - at) * 8);
  for (let place = at; place < length; place++) last |= bytes.charCodeAt(place) << ((place - at) * 8);
  return last;
}

function turned(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** What a step adds: its number of the sines, and a word of the block, which are taken in turns. */
function step(at: number, place: number): number {
  return (SINES[at] ?? 0) + (block[place & 15] ?? 0);
}

/** Mixes the block into the state, in four rounds of sixteen steps. */
function compress(): void {
  let a = stateA;
  let b = stateB;
  let c = stateC;
  let d = stateD;
  for (let at = 0; at < 16; at += 4) {
    a = (b + turned((a + (d ^ (b & (c ^ d))) + step(at, at)) | 0, 7)) | 0;
    d = (a + turned((d + (c ^ (a & (b ^ c))) + step(at + 1, at + 1)) | 0, 12)) | 0;
    c = (d + turned((c + (b ^ (d & (a ^ b))) + step(at + 2, at + 2)) | 0, 17)) | 0;
    b = (c + turned((b + (a ^ (c & (d ^ a))) + step(at + 3, at + 3)) | 0, 22)) | 0;
  }
  for (let at = 16; at < 32; at += 4) {
    a = (b + turned((a + (c ^ (d & (b ^ c))) + step(at, 5 * at + 1)) | 0, 5)) | 0;
    d = (a + turned((d + (b ^ (c & (a ^ b))) + step(at + 1, 5 * at + 6)) | 0, 9)) | 0;
    c = (d + turned((c + (a ^ (b & (d ^ a))) + step(at + 2, 5 * at + 11)) | 0, 14)) | 0;
    b = (c + turned((b + (d ^ (a & (c ^ d))) + step(at + 3, 5 * at + 16)) | 0, 20)) | 0;
  }
  for (let at = 32; at < 48; at += 4) {
    a = (b + turned((a + (b ^ c ^ d) + step(at, 3 * at + 5)) | 0, 4)) | 0;
    d = (a + turned((d + (a ^ b ^ c) + step(at + 1, 3 * at + 8)) | 0, 11)) | 0;
    c = (d + turned((c + (d ^ a ^ b) + step(at + 2, 3 * at + 11)) | 0, 16)) | 0;
    b = (c + turned((b + (c ^ d ^ a) + step(at + 3, 3 * at + 14)) | 0, 23)) | 0;
  }
  for (let at = 48; at < 64; at += 4) {
    a = (b + turned((a + (c ^ (b | ~d)) + step(at, 7 * at)) | 0, 6)) | 0;
    d = (a + turned((d + (b ^ (a | ~c)) + step(at + 1, 7 * at + 7)) | 0, 10)) | 0;
    c = (d + turned((c + (a ^ (d | ~b)) + step(at + 2, 7 * at + 14)) | 0, 15)) | 0;
    b = (c + turned((b + (d ^ (c | ~a)) + step(at + 3, 7 * at + 21)) | 0, 21)) | 0;
  }
  stateA = (stateA + a) | 0;
  stateB = (stateB + b) | 0;
  stateC = (stateC + c) | 0;
  stateD = (stateD + d) | 0;
}
