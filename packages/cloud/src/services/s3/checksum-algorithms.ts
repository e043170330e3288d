import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The checksums that S3 keeps with an object, by the member of the SDK's types that carries each. */
export const CHECKSUM_MEMBERS = {
  ChecksumCRC32: 'crc32',
  ChecksumCRC32C: 'crc32c',
  ChecksumCRC64NVME: 'crc64nvme',
  ChecksumSHA1: 'sha1',
  ChecksumSHA256: 'sha256',
} as const;

export type ChecksumMember = keyof typeof CHECKSUM_MEMBERS;

export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64, as S3's headers carry it. */
  digest(): string;
}

export function runningChecksum(member: ChecksumMember): RunningChecksum {
  switch (member) {
    case 'ChecksumSHA1':
    case 'ChecksumSHA256':
      return hashed(CHECKSUM_MEMBERS[member]);
    case 'ChecksumCRC32':
      return summed((sum, chunk) => crc32(chunk, sum));
    case 'ChecksumCRC32C':
      return summed(crc32c);
    case 'ChecksumCRC64NVME':
      return crc64Nvme();
  }
}

function hashed(algorithm: string): RunningChecksum {
  const hash = createHash(algorithm);
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') };
}

function summed(step: (sum: number, chunk: Uint8Array) => number): RunningChecksum {
  let sum = 0;
  return {
    update: (chunk) => {
      sum = step(sum, chunk);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum >>> 0);
      return bytes.toString('base64');
    },
  };
}

/** CRC-32C (Castagnoli), reflected polynomial 0x82f63b78: https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4 */
const CRC32C_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function crc32c(sum: number, chunk: Uint8Array): number {
  let value = ~sum;
  for (const byte of chunk) value = (value >>> 8) ^ (CRC32C_TABLE[(value ^ byte) & 255] ?? 0);
  return ~value >>> 0;
}

/** CRC-64/NVME, reflected polynomial 0x9a6c9329ac4bc9b5, kept as two halves of 32 bits. */
const POLYNOMIAL_HIGH = 0x9a6c9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;
const [CRC64_HIGH, CRC64_LOW] = crc64Tables();

function crc64Tables(): [Uint32Array, Uint32Array] {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
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
  return [high, low];
}

function crc64Nvme(): RunningChecksum {
  let high = -1;
  let low = -1;
  return {
    update: (chunk) => {
      for (const byte of chunk) {
        const index = (low ^ byte) & 255;
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_LOW[index] ?? 0);
        high = (high >>> 8) ^ (CRC64_HIGH[index] ?? 0);
      }
    },
    digest: () => {
      const bytes = Buffer.alloc(8);
      bytes.writeUInt32BE(~high >>> 0, 0);
      bytes.writeUInt32BE(~low >>> 0, 4);
      return bytes.toString('base64');
    },
  };
}
