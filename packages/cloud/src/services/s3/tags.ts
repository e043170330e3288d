import type { Tag } from '@aws-sdk/client-s3';
import { s3Error } from './s3-errors.js';

export type TagMap = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html, …/CostAllocTagging.html */
export const OBJECT_TAG_LIMIT = 10;
export const BUCKET_TAG_LIMIT = 50;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Checked tags of a request's body. */
export function tagMap(tags: readonly Tag[] | undefined, limit: number): TagMap {
  const map = new Map<string, string>();
  for (const { Key: key = '', Value: value = '' } of tags ?? []) {
    if (key === '' || key.length > 128 || !ALLOWED.test(key)) throw s3Error('InvalidTag', undefined, { TagKey: key });
    if (value.length > 256 || !ALLOWED.test(value)) {
      throw s3Error('InvalidTag', 'The TagValue you have provided is invalid', { TagKey: key, TagValue: value });
    }
    if (key.startsWith('aws:')) throw s3Error('InvalidTag', 'System tags cannot be added/updated by requester');
    if (map.has(key)) throw s3Error('InvalidTag', 'Cannot provide multiple Tags with the same key', { TagKey: key });
    map.set(key, value);
  }
  if (map.size > limit) {
    const what = limit === OBJECT_TAG_LIMIT ? 'Object' : 'Bucket';
    throw s3Error('BadRequest', `${what} tags cannot be greater than ${limit}`);
  }
  return Object.fromEntries(map);
}

/** Tags of the `x-amz-tagging` header, which are encoded as a query. */
export function tagsOfHeader(header: string | undefined): { tags?: TagMap } {
  if (header === undefined || header === '') return {};
  const tags = [...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value }));
  return { tags: tagMap(tags, OBJECT_TAG_LIMIT) };
}

export function tagSet(tags: TagMap | undefined): { Key: string; Value: string }[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}
