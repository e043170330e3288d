const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;
const FOREIGN_CHARACTER = /[^A-Za-z0-9+/=]/;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The number of bytes that base64 text stands for. The text must be well formed. */
export function base64SizeBytes(text: string): number {
  if (text === '') return 0;
  return (text.length / 4) * 3 - paddingLength(text);
}

function paddingLength(text: string): number {
  if (text.endsWith('==')) return 2;
  return text.endsWith('=') ? 1 : 0;
}

/** What is wrong with base64 text in AWS's words (misspelling included), or undefined. Only canonical text passes. */
export function base64Fault(text: string): string | undefined {
  if (text.length % 4 !== 0) {
    return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
  }
  if (ALPHABET.test(text) && lastBitsAreZero(text)) return undefined;
  const foreign = FOREIGN_CHARACTER.exec(text);
  if (foreign !== null) return `Invalid Base64 character: '${foreign[0]}'`;
  return 'Invalid last non-pad Base64 character dectected';
}

/** Two equal byte strings must have equal text, so the bits that padding leaves unused must be zero. */
function lastBitsAreZero(text: string): boolean {
  const padding = paddingLength(text);
  if (padding === 0) return true;
  const last = LETTERS.indexOf(text.charAt(text.length - padding - 1));
  return (last & (padding === 1 ? 0b11 : 0b1111)) === 0;
}
