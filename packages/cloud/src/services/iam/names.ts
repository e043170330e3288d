import { constraintError, invalidInput, NOT_NULL, validationError } from './iam-errors.js';
import type { Tag } from './iam-records.js';

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^(\/|\/[\x21-\x7e]+\/)$/;

/**
 * A name that was given, if it is one. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @param member as the API's model calls it, e.g. `roleName`
 */
export function checkedName(value: string | undefined, member: string, maxLength = 128): string {
  if (value === undefined) throw constraintError(member, NOT_NULL);
  if (value.length < 1) throw constraintError(member, 'Member must have length greater than or equal to 1');
  if (value.length > maxLength) {
    throw constraintError(member, `Member must have length less than or equal to ${maxLength}`);
  }
  if (!NAME.test(value)) {
    const rule = 'It must contain only alphanumeric characters and/or the following: +=,.@_-';
    throw validationError(`The specified value for ${member} is invalid. ${rule}`);
  }
  return value;
}

/** The path that was given; `/` when none was. */
export function checkedPath(value: string | undefined): string {
  if (value === undefined || value === '') return '/';
  if (!PATH.test(value) || value.length > 512) {
    const rule = 'It must begin and end with / and contain only alphanumeric characters and/or / characters.';
    throw validationError(`The specified value for path is invalid. ${rule}`);
  }
  return value;
}

export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw constraintError(member, NOT_NULL);
  return value;
}

/** `current` with `given` added; a key that is there already takes the new value. */
export function mergedTags(
  current: readonly Tag[],
  given: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Tag[] {
  const added = (given ?? []).map(({ Key, Value }) => ({ Key: checkedTagKey(Key), Value: Value ?? '' }));
  const keys = added.map(({ Key }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const merged = [...current.filter(({ Key }) => !keys.includes(Key.toLowerCase())), ...added];
  if (merged.length > 50) throw invalidInput('The number of tags has reached the maximum limit.');
  return merged;
}

export function tagsWithout(current: readonly Tag[], keys: readonly string[] | undefined): Tag[] {
  return current.filter(({ Key }) => !(keys ?? []).includes(Key));
}

function checkedTagKey(key: string | undefined): string {
  if (key === undefined || key === '') throw constraintError('tags.1.member.key', NOT_NULL);
  if (key.length > 128) {
    throw constraintError('tags.1.member.key', 'Member must have length less than or equal to 128');
  }
  if (/^aws:/i.test(key)) throw invalidInput('Caller has attempted to use a reserved prefix for a tag key: aws:');
  return key;
}

/** As IAM gives documents back: percent-encoded as RFC 3986 has it. */
export function encodedDocument(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
