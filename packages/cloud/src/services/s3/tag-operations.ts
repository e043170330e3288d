import type {
  GetObjectTaggingCommandOutput,
  PutBucketTaggingCommandInput,
  PutObjectTaggingCommandInput,
  PutObjectTaggingCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import type { ObjectRecord } from './object-record.js';
import { type VersionOf, versionOf } from './read-object.js';
import { s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';
import { BUCKET_TAG_LIMIT, OBJECT_TAG_LIMIT, type TagMap, tagMap, tagSet } from './tags.js';

type Plain<Output> = Omit<Output, '$metadata'>;

/** Tags of buckets and objects. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function tagOperations(state: S3State) {
  const versionIdOf = (bucket: string | undefined, object: ObjectRecord) =>
    state.settings.versioning(bucket ?? '') === undefined ? {} : { VersionId: object.versionId ?? 'null' };

  const change = (context: RequestContext, input: VersionOf, tags: TagMap): Promise<ObjectRecord> =>
    context.kernel.store.change((writer) => {
      const { tags: _, ...object } = versionOf(state, context, input, 'PUT');
      const tagged = Object.keys(tags).length === 0 ? object : { ...object, tags };
      state.versions.replaceIn(writer, input.Bucket ?? '', input.Key ?? '', tagged);
      return tagged;
    });

  return {
    object(context: RequestContext, input: VersionOf): Plain<GetObjectTaggingCommandOutput> {
      const object = versionOf(state, context, input, 'GET');
      return { TagSet: tagSet(object.tags), ...versionIdOf(input.Bucket, object) };
    },

    async putObject(
      context: RequestContext,
      input: PutObjectTaggingCommandInput,
    ): Promise<Plain<PutObjectTaggingCommandOutput>> {
      const object = await change(context, input, tagMap(input.Tagging?.TagSet, OBJECT_TAG_LIMIT));
      return versionIdOf(input.Bucket, object);
    },

    async removeObject(context: RequestContext, input: VersionOf): Promise<Plain<PutObjectTaggingCommandOutput>> {
      return versionIdOf(input.Bucket, await change(context, input, {}));
    },

    bucket({ caller }: RequestContext, input: VersionOf) {
      const { Bucket = '' } = input;
      state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner });
      const tags = state.settings.get<TagMap>(Bucket, 'tagging');
      if (tags === undefined) throw s3Error('NoSuchTagSet', undefined, { BucketName: Bucket });
      return { TagSet: tagSet(tags) };
    },

    async putBucket({ caller, kernel }: RequestContext, input: PutBucketTaggingCommandInput): Promise<object> {
      const { Bucket = '' } = input;
      const tags = tagMap(input.Tagging?.TagSet, BUCKET_TAG_LIMIT);
      await kernel.store.change((writer) => {
        state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner, reader: writer });
        state.settings.putIn(writer, Bucket, 'tagging', tags);
      });
      return {};
    },
  };
}
