/**
 * CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, kept as two halves of 32 bits and taken eight bytes at a step
 * ("slicing by eight"): S3 computes it for every object that comes without a checksum.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
const POLYNOMIAL_HIGH = 0x9a6c9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;

/** Row k: what a byte does to the sum from k bytes further on. */
const [HIGH, LOW] = tables();

function tables(): [Uint32Array, Uint32Array] {
  const high = new Uint32Array(8 * 256);
  const low = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let upper = 0;
    let lower = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = lower & 1;
      lower = (lower >>> 1) | ((upper & 1) << 31);
      upper >>>= 1;
      if (carry) {
        lower ^= POLYNOMIAL_LOW;
        upper ^= POLYNOMIAL_HIGH;
      }
    }
    high[byte] = upper;
    low[byte] = lower;
  }
  for (let index = 256; index < 8 * 256; index++) {
    const upper = high[index - 256] ?? 0;
    const lower = low[index - 256] ?? 0;
    const byte = lower & 255;
    low[index] = ((lower >>> 8) | (upper << 24)) ^ (low[byte] ?? 0);
    high[index] = (upper >>> 8) ^ (high[byte] ?? 0);
  }
  return [high, low];
}

export class Crc64Nvme {
  #high = -1;
  #low = -1;

  update(chunk: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    const whole = chunk.length - (chunk.length % 8);
    let position = 0;
    for (; position < whole; position += 8) {
      const a = low ^ view.getInt32(position, true);
      const b = high ^ view.getInt32(position + 4, true);
      const i7 = 1792 + (a & 255);
      const i6 = 1536 + ((a >>> 8) & 255);
      const i5 = 1280 + ((a >>> 16) & 255);
      const i4 = 1024 + (a >>> 24);
      const i3 = 768 + (b & 255);
      const i2 = 512 + ((b >>> 8) & 255);
      const i1 = 256 + ((b >>> 16) & 255);
      const i0 = b >>> 24;
      low =
        at(LOW, i7) ^ at(LOW, i6) ^ at(LOW, i5) ^ at(LOW, i4) ^ at(LOW, i3) ^ at(LOW, i2) ^ at(LOW, i1) ^ at(LOW, i0);
      high =
        at(HIGH, i7) ^
        at(HIGH, i6) ^
        at(HIGH, i5) ^
        at(HIGH, i4) ^
        at(HIGH, i3) ^
        at(HIGH, i2) ^
        at(HIGH, i1) ^
        at(HIGH, i0);
    }
    for (; position < chunk.length; position++) {
      const index = (low ^ (chunk[position] ?? 0)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ at(LOW, index);
      high = (high >>> 8) ^ at(HIGH, index);
    }
    this.#high = high;
    this.#low = low;
  }

  /** Base64 of the big-endian sum, as S3's headers carry it. */
  digest(): string {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(~this.#high >>> 0, 0);
    bytes.writeUInt32BE(~this.#low >>> 0, 4);
    return bytes.toString('base64');
  }
}

function at(table: Uint32Array, index: number): number {
  return table[index] ?? 0;
}
