import { s3Error } from './s3-errors.js';

export interface ByteRange {
  readonly first: number;
  /** Included. */
  readonly last: number;
}

/**
 * One range of a `Range` header over `sizeBytes` bytes; undefined when the whole is to be sent: no header, one that
 * is malformed, or several ranges, which S3 does not serve. Throws InvalidRange when the range lies outside.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') {
    const length = Math.min(Number(match[2]), sizeBytes);
    if (length === 0) throw outside(header, sizeBytes);
    return { first: sizeBytes - length, last: sizeBytes - 1 };
  }
  const first = Number(match[1]);
  const last = match[2] === '' ? sizeBytes - 1 : Math.min(Number(match[2]), sizeBytes - 1);
  if (match[2] !== '' && Number(match[2]) < first) return undefined;
  if (first >= sizeBytes) throw outside(header, sizeBytes);
  return { first, last };
}

function outside(header: string | undefined, sizeBytes: number): Error {
  return s3Error('InvalidRange', undefined, { RangeRequested: header, ActualObjectSize: String(sizeBytes) });
}
