import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc64Nvme } from './crc64-nvme.js';

/** The checksums that S3 keeps with an object, by the member of the SDK's types that carries each. */
export const CHECKSUM_MEMBERS = {
  ChecksumCRC32: 'crc32',
  ChecksumCRC32C: 'crc32c',
  ChecksumCRC64NVME: 'crc64nvme',
  ChecksumSHA1: 'sha1',
  ChecksumSHA256: 'sha256',
  ChecksumSHA512: 'sha512',
  ChecksumMD5: 'md5',
} as const;

export type ChecksumMember = keyof typeof CHECKSUM_MEMBERS;
export const ALL_CHECKSUMS = Object.keys(CHECKSUM_MEMBERS) as readonly ChecksumMember[];

/** The member for an algorithm's name as S3 writes it (`CRC64NVME`); undefined for none that S3 computes here. */
export function checksumMember(algorithm: string | undefined): ChecksumMember | undefined {
  const name = algorithm?.toLowerCase();
  return ALL_CHECKSUMS.find((member) => CHECKSUM_MEMBERS[member] === name);
}

/** `CRC64NVME`, as S3's listings and answers name the algorithm. */
export function algorithmName(member: ChecksumMember): string {
  return CHECKSUM_MEMBERS[member].toUpperCase();
}

export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  /** Base64, as S3's headers carry it. */
  digest(): string;
}

export function runningChecksum(member: ChecksumMember): RunningChecksum {
  switch (member) {
    case 'ChecksumSHA1':
    case 'ChecksumSHA256':
    case 'ChecksumSHA512':
    case 'ChecksumMD5':
      return hashed(CHECKSUM_MEMBERS[member]);
    case 'ChecksumCRC32':
      return summed((sum, chunk) => crc32(chunk, sum));
    case 'ChecksumCRC32C':
      return summed(crc32c);
    case 'ChecksumCRC64NVME':
      return new Crc64Nvme();
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
