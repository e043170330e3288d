import type { ObjectRecord } from './object-record.js';
import { s3Error } from './s3-errors.js';

/** Conditional headers as the SDK's input types carry them. */
export interface Conditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/**
 * Conditional reads: 412 or 304 as RFC 9110 §13.2.2 orders the conditions.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 */
export function checkRead(conditions: Conditions, object: ObjectRecord): void {
  const modifiedMs = wholeSeconds(object.modifiedMs);
  if (conditions.IfMatch !== undefined) {
    if (!matches(conditions.IfMatch, object)) throw failed('If-Match');
  } else if (conditions.IfUnmodifiedSince !== undefined && modifiedMs > conditions.IfUnmodifiedSince.getTime()) {
    throw failed('If-Unmodified-Since');
  }
  if (conditions.IfNoneMatch !== undefined) {
    if (matches(conditions.IfNoneMatch, object)) throw s3Error('NotModified');
  } else if (conditions.IfModifiedSince !== undefined && modifiedMs <= conditions.IfModifiedSince.getTime()) {
    throw s3Error('NotModified');
  }
}

/**
 * Conditional writes: `If-None-Match: *` writes only where nothing is, `If-Match` only over the named version.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(conditions: Conditions, key: string, present: ObjectRecord | undefined): void {
  if (conditions.IfNoneMatch !== undefined && present !== undefined && matches(conditions.IfNoneMatch, present)) {
    throw failed('If-None-Match');
  }
  if (conditions.IfMatch === undefined) return;
  if (present === undefined) throw s3Error('NoSuchKey', undefined, { Key: key });
  if (!matches(conditions.IfMatch, present)) throw failed('If-Match');
}

function matches(header: string, object: ObjectRecord): boolean {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((tag) => tag === '*' || tag === object.etag);
}

function failed(condition: string): Error {
  return s3Error('PreconditionFailed', undefined, { Condition: condition });
}

/** HTTP dates have no fractions. */
function wholeSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}
