import type { Tag } from '../catalog/table-record.js';
import { validationError } from '../errors.js';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.Restrictions.html */
const MAX_TAGS = 50;
const MAX_KEY_LENGTH = 128;
const MAX_VALUE_LENGTH = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export function checkTags(tags: readonly Partial<Tag>[]): asserts tags is readonly Tag[] {
  const seen = new Set<string>();
  for (const { Key: key, Value: value } of tags) {
    checkTagKey(key);
    if (value === undefined || value.length > MAX_VALUE_LENGTH || !ALLOWED.test(value)) {
      throw validationError(`The Tag Value provided is invalid, Value: ${value ?? null}`);
    }
    if (seen.has(key)) {
      throw validationError(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${key}`);
    }
    seen.add(key);
  }
}

export function checkTagKey(key: string | undefined): asserts key is string {
  if (key === undefined || key.length === 0 || key.length > MAX_KEY_LENGTH || !ALLOWED.test(key)) {
    throw validationError(`The Tag Key provided is invalid, Key: ${key ?? null}`);
  }
  if (key.toLowerCase().startsWith('aws:')) {
    throw validationError(`Tag Key cannot be prefixed with aws:, Key: ${key}`);
  }
}

export function checkTagCount(count: number): void {
  if (count > MAX_TAGS) throw validationError('Number of Tags exceed the current limit for the provided ResourceArn');
}
