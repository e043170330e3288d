/** Up to this length a loop beats the call into the runtime. */
const SHORT_LENGTH = 32;
const FIRST_NON_ASCII = 0x80;
const FIRST_SURROGATE = 0xd800;
const FIRST_AFTER_SURROGATES = 0xe000;

/** The length of a string in UTF-8, in bytes. */
export function utf8SizeBytes(text: string): number {
  const { length } = text;
  if (length > SHORT_LENGTH) return Buffer.byteLength(text);
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) >= FIRST_NON_ASCII) return Buffer.byteLength(text);
  }
  return length;
}

/** Compares two strings by their UTF-8 bytes, which is DynamoDB's order of strings. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const aUnit = a.charCodeAt(index);
    const bUnit = b.charCodeAt(index);
    if (aUnit !== bUnit) return codePointRank(aUnit) - codePointRank(bUnit);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates (characters beyond U+FFFF) before U+E000 to U+FFFF; UTF-8 puts them after. */
function codePointRank(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit < FIRST_AFTER_SURROGATES ? unit + 0x10000 : unit;
}
