/**
 * The CRC of two pieces put together, from the CRC of each and the length of the second: the first sum is moved by that
 * many zero bytes, which is a multiplication by x^(8·length) modulo the polynomial. A multipart upload's checksum of
 * the whole object comes from its parts in this way, without reading a byte.
 */

/** Reflected polynomials by the width of the sum in bits. */
export const CRC_POLYNOMIALS = {
  ChecksumCRC32: { width: 32n, polynomial: 0xedb88320n },
  ChecksumCRC32C: { width: 32n, polynomial: 0x82f63b78n },
  ChecksumCRC64NVME: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

export type CrcMember = keyof typeof CRC_POLYNOMIALS;

/** Sums in base64, as S3 keeps them. */
export function combineCrcs(
  member: CrcMember,
  pieces: readonly { readonly sum: string; readonly sizeBytes: number }[],
): string {
  const { width, polynomial } = CRC_POLYNOMIALS[member];
  let combined = 0n;
  // Parts are mostly of one size, and the power is what takes time.
  const shifts = new Map<number, bigint>();
  for (const { sum, sizeBytes } of pieces) {
    const shift = shifts.get(sizeBytes) ?? powerOfX(BigInt(sizeBytes) * 8n, polynomial, width);
    shifts.set(sizeBytes, shift);
    combined = multiply(shift, combined, polynomial, width) ^ fromBase64(sum);
  }
  const hex = combined.toString(16).padStart(Number(width / 4n), '0');
  return Buffer.from(hex, 'hex').toString('base64');
}

function fromBase64(sum: string): bigint {
  return BigInt(`0x${Buffer.from(sum, 'base64').toString('hex')}`);
}

/** In the reflected form the highest bit stands for x^0. */
function multiply(a: bigint, b: bigint, polynomial: bigint, width: bigint): bigint {
  let product = 0n;
  let factor = b;
  for (let bit = 1n << (width - 1n); bit > 0n; bit >>= 1n) {
    if ((a & bit) !== 0n) product ^= factor;
    factor = (factor & 1n) === 1n ? (factor >> 1n) ^ polynomial : factor >> 1n;
  }
  return product;
}

function powerOfX(exponent: bigint, polynomial: bigint, width: bigint): bigint {
  let power = 1n << (width - 1n);
  let square = 1n << (width - 2n);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) power = multiply(square, power, polynomial, width);
    square = multiply(square, square, polynomial, width);
  }
  return power;
}
