import type { Random } from '@tablewright/base';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes */
export type IdPrefix = 'AROA' | 'AIDA' | 'AGPA' | 'ANPA' | 'AIPA';

/** A unique id: the prefix of its kind and 17 characters. */
export function uniqueId(random: Random, prefix: IdPrefix): string {
  return prefix + letters(random.bytes(17), BASE32);
}

/**
 * An access key id: `AKIA` (of a user) or `ASIA` (of a session) and 16 characters in base 32, the first of which hold the
 * account's number as those of AWS do.
 */
export function accessKeyId(random: Random, prefix: 'AKIA' | 'ASIA', accountId: string): string {
  const chance = random.bytes(10);
  // Bit 47 is always set and bits 7 to 46 are the account.
  const head = (1n << 47n) | (BigInt(accountId) << 7n) | BigInt((chance[0] ?? 0) & 0x7f);
  const bytes = Buffer.alloc(10);
  bytes.writeUIntBE(Number(head), 0, 6);
  bytes.set(chance.subarray(6), 6);
  return prefix + base32(bytes);
}

/** 40 characters. */
export function secretKey(random: Random): string {
  return letters(random.bytes(40), BASE64);
}

function letters(bytes: Uint8Array, alphabet: string): string {
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
}

/** Of a number of bytes that five divides. */
function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  for (let at = (bytes.length * 8) / 5 - 1; at >= 0; at--) text += BASE32[Number((bits >> BigInt(at * 5)) & 31n)];
  return text;
}
