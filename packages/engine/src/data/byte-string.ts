import { createHash } from 'node:crypto';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is exactly that of one-byte UTF-8.
const ASCII = /^[\x00-\x7f]*$/;

/** The UTF-8 bytes of `text` as a byte string (every char code 0 to 255). */
export function utf8Bytes(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** The bytes that base64 `text` stands for, as a byte string. */
export function base64Bytes(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1');
}

/** Four bytes, most significant first. */
export function uint32Bytes(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}

/** The SHA-256 digest of a byte string, as 32 bytes. */
export function sha256Bytes(bytes: string): string {
  return createHash('sha256').update(bytes, 'latin1').digest().toString('latin1');
}

/**
 * The first byte string after all those that begin with `prefix`. `prefix` must hold a byte below 255,
 * which every key of the engine does (it begins with a letter).
 */
export function prefixEnd(prefix: string): string {
  let last = prefix.length - 1;
  while (prefix.charCodeAt(last) === 255) last--;
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1);
}
