import type { LifecycleRule } from '@aws-sdk/client-s3';
import { s3Error } from './s3-errors.js';
import type { TagMap } from './tags.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const LIMIT = 1000;

/**
 * Lifecycle rules as they are put, checked, with an id each.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
 */
export function checkLifecycle(rules: readonly LifecycleRule[], newId: () => string): LifecycleRule[] {
  if (rules.length === 0 || rules.length > LIMIT) throw s3Error('MalformedXML');
  const checked = rules.map((rule) => ({ ...rule, ID: rule.ID ? rule.ID : newId() }));
  const ids = new Set(checked.map(({ ID }) => ID));
  if (ids.size < checked.length) {
    throw s3Error('InvalidArgument', 'Rule ID must be unique. Found same ID for more than one rule');
  }
  for (const rule of checked) checkRule(rule);
  return checked;
}

function checkRule(rule: LifecycleRule): void {
  if (rule.Status !== 'Enabled' && rule.Status !== 'Disabled') throw s3Error('MalformedXML');
  if (rule.Filter === undefined && rule.Prefix === undefined) throw s3Error('MalformedXML');
  if (rule.Filter !== undefined && rule.Prefix !== undefined) throw s3Error('MalformedXML');
  if ((rule.ID ?? '').length > 255)
    throw s3Error('InvalidArgument', 'ID length should not exceed allowed limit of 255');
  const { Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload: abort } = rule;
  const transitions = [...(rule.Transitions ?? []), ...(rule.NoncurrentVersionTransitions ?? [])];
  if (!Expiration && !NoncurrentVersionExpiration && !abort && transitions.length === 0) {
    throw s3Error('InvalidRequest', 'At least one action needs to be specified in a rule');
  }
  if (Expiration !== undefined) checkExpiration(Expiration);
  checkDays(NoncurrentVersionExpiration?.NoncurrentDays, "'NoncurrentDays' for NoncurrentVersionExpiration action");
  checkDays(abort?.DaysAfterInitiation, "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action");
  if (abort !== undefined && hasTags(rule)) {
    throw s3Error('InvalidRequest', 'AbortIncompleteMultipartUpload cannot be specified with Tags');
  }
}

function checkExpiration({ Days, Date: date, ExpiredObjectDeleteMarker }: LifecycleRule['Expiration'] & object): void {
  if ([Days, date, ExpiredObjectDeleteMarker].filter((value) => value !== undefined).length !== 1) {
    throw s3Error('MalformedXML');
  }
  checkDays(Days, "'Days' for Expiration action");
  if (date !== undefined && date.getTime() % DAY_MS !== 0)
    throw s3Error('InvalidArgument', "'Date' must be at midnight GMT");
}

function checkDays(days: number | undefined, what: string): void {
  if (days !== undefined && !(Number.isInteger(days) && days > 0)) {
    throw s3Error('InvalidArgument', `${what} must be a positive integer`);
  }
}

function hasTags({ Filter: filter }: LifecycleRule): boolean {
  return filter?.Tag !== undefined || (filter?.And?.Tags ?? []).length > 0;
}

/** Rules as the store gives them, whose dates are text in JSON. */
export function reviveLifecycle(rules: readonly LifecycleRule[]): LifecycleRule[] {
  return rules.map((rule) => ({
    ...rule,
    ...(rule.Expiration?.Date === undefined
      ? {}
      : { Expiration: { ...rule.Expiration, Date: new Date(rule.Expiration.Date) } }),
    ...(rule.Transitions === undefined
      ? {}
      : { Transitions: rule.Transitions.map((one) => (one.Date ? { ...one, Date: new Date(one.Date) } : one)) }),
  }));
}

export interface Candidate {
  readonly key: string;
  readonly sizeBytes: number;
  readonly tags: TagMap | undefined;
}

/** Whether a rule is about the object. */
export function applies(rule: LifecycleRule, { key, sizeBytes, tags = {} }: Candidate): boolean {
  if (rule.Status !== 'Enabled') return false;
  const { Filter: filter = {}, Prefix } = rule;
  const all = filter.And ?? filter;
  const wanted = filter.And?.Tags ?? (filter.Tag === undefined ? [] : [filter.Tag]);
  return (
    key.startsWith(all.Prefix ?? Prefix ?? '') &&
    wanted.every(({ Key = '', Value }) => Object.hasOwn(tags, Key) && tags[Key] === Value) &&
    (all.ObjectSizeGreaterThan === undefined || sizeBytes > all.ObjectSizeGreaterThan) &&
    (all.ObjectSizeLessThan === undefined || sizeBytes < all.ObjectSizeLessThan)
  );
}

/**
 * When a period that began at `startMs` is over for S3: the days are added and the time rounded up to midnight UTC.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function dueMs(startMs: number, days: number): number {
  return Math.ceil((startMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

export function nextMidnightMs(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
}

/**
 * `x-amz-expiration`: when the first rule that names the object expires it, and which. Undefined when none does.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
export function expirationHeader(
  rules: readonly LifecycleRule[],
  object: Candidate & { readonly modifiedMs: number },
): string | undefined {
  let first: { dueMs: number; id: string } | undefined;
  for (const rule of rules) {
    const atMs = rule.Expiration === undefined ? undefined : expiresMs(rule.Expiration, object.modifiedMs);
    if (atMs === undefined || !applies(rule, object)) continue;
    if (first === undefined || atMs < first.dueMs) first = { dueMs: atMs, id: rule.ID ?? '' };
  }
  if (first === undefined) return undefined;
  return `expiry-date="${new Date(first.dueMs).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"`;
}

/** When a current object that was written at `modifiedMs` expires; undefined when the action is about markers only. */
export function expiresMs(expiration: LifecycleRule['Expiration'] & object, modifiedMs: number): number | undefined {
  if (expiration.Date !== undefined) return expiration.Date.getTime();
  return expiration.Days === undefined ? undefined : dueMs(modifiedMs, expiration.Days);
}
