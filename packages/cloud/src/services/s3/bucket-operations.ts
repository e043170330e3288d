import type {
  BucketLocationConstraint,
  CreateBucketCommandInput,
  CreateBucketCommandOutput,
  GetBucketLocationCommandOutput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { checkNewBucketAcl } from './acl.js';
import type { StoredBytes } from './object-record.js';
import { ownerId } from './owner.js';
import { notImplemented, s3Error } from './s3-errors.js';
import { S3State } from './s3-state.js';
import { NEW_BUCKET_BLOCK } from './setting-operations.js';
import { BUCKET_TAG_LIMIT, tagMap } from './tags.js';

type Plain<Output> = Omit<Output, '$metadata'>;
interface OfBucket {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

const ALL = S3State.allBuckets;
/** The region whose endpoint takes any location constraint, and needs none. */
const CLASSIC_REGION = 'us-east-1';

export function bucketOperations(state: S3State) {
  return {
    create: (context: RequestContext, input: CreateBucketCommandInput) => create(state, context, input),

    async remove({ caller, kernel }: RequestContext, { Bucket = '', ExpectedBucketOwner: owner }: OfBucket) {
      const gone: StoredBytes[] = [];
      await kernel.store.change((writer) => {
        state.bucket(caller, Bucket, { owner, reader: writer });
        if (!state.versions.isEmpty(writer, Bucket)) throw notEmpty(Bucket, state.settings.versioning(Bucket, writer));
        // Uploads under way do not keep a bucket.
        for (const { key, uploadId } of [...state.uploads.list(Bucket)]) {
          gone.push(...state.uploads.deleteIn(writer, Bucket, key, uploadId));
        }
        state.settings.deleteAllIn(writer, Bucket);
        state.buckets.deleteIn(writer, ALL, Bucket);
      });
      await state.removeBytes(gone);
      return {};
    },

    head({ caller }: RequestContext, input: OfBucket): Plain<HeadBucketCommandOutput> {
      const { region } = state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
      return { BucketRegion: region, AccessPointAlias: false };
    },

    location({ caller }: RequestContext, input: OfBucket): Plain<GetBucketLocationCommandOutput> {
      const { region } = state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
      // S3 answers null for us-east-1, which predates regions.
      if (region === CLASSIC_REGION) return {};
      return { LocationConstraint: region as BucketLocationConstraint };
    },

    list: ({ caller }: RequestContext, input: ListBucketsCommandInput) => list(state, caller.accountId, input),
  };
}

async function create(
  state: S3State,
  { caller, kernel }: RequestContext,
  input: CreateBucketCommandInput,
): Promise<Plain<CreateBucketCommandOutput>> {
  const name = input.Bucket ?? '';
  checkName(name);
  if (input.ObjectLockEnabledForBucket === true) throw notImplemented('x-amz-bucket-object-lock-enabled');
  const ownership = input.ObjectOwnership ?? 'BucketOwnerEnforced';
  checkNewBucketAcl(input.ACL, ownership);
  const tags = tagMap(input.CreateBucketConfiguration?.Tags, BUCKET_TAG_LIMIT);
  const region = regionFor(caller.region, input.CreateBucketConfiguration?.LocationConstraint);
  await kernel.store.change((writer) => {
    const known = state.buckets.getFrom(writer, ALL, name);
    if (known !== undefined) {
      if (known.accountId !== caller.accountId) throw s3Error('BucketAlreadyExists', undefined, { BucketName: name });
      if (known.region === CLASSIC_REGION && caller.region === CLASSIC_REGION) return;
      throw s3Error('BucketAlreadyOwnedByYou', undefined, { BucketName: name });
    }
    const bucket = { accountId: caller.accountId, region, createdMs: kernel.clock.nowMs() };
    state.buckets.putIn(writer, ALL, name, bucket);
    state.settings.putIn(writer, name, 'ownership', { Rules: [{ ObjectOwnership: ownership }] });
    state.settings.putIn(writer, name, 'public-access', NEW_BUCKET_BLOCK);
    if (input.ACL !== undefined && input.ACL !== 'private') state.settings.putIn(writer, name, 'acl', input.ACL);
    if (Object.keys(tags).length > 0) state.settings.putIn(writer, name, 'tagging', tags);
  });
  return { Location: `/${name}` };
}

function notEmpty(bucket: string, versioning: string | undefined): Error {
  const message =
    versioning === undefined
      ? undefined
      : 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.';
  return s3Error('BucketNotEmpty', message, { BucketName: bucket });
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
function checkName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  if (!wellFormed || /^\d+\.\d+\.\d+\.\d+$/.test(name)) {
    throw s3Error('InvalidBucketName', undefined, { BucketName: name });
  }
}

function regionFor(requestRegion: string, constraint: string | undefined): string {
  if (requestRegion === CLASSIC_REGION) return constraint === 'EU' ? 'eu-west-1' : constraint || CLASSIC_REGION;
  if (constraint === requestRegion) return requestRegion;
  const which = constraint === undefined ? 'unspecified' : constraint;
  throw s3Error(
    'IllegalLocationConstraintException',
    `The ${which} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

function list(state: S3State, accountId: string, input: ListBucketsCommandInput): Plain<ListBucketsCommandOutput> {
  const limit = input.MaxBuckets ?? 10_000;
  const after = input.ContinuationToken === undefined ? {} : { after: fromToken(input.ContinuationToken) };
  const own = [...state.buckets.list(ALL, { prefix: input.Prefix ?? '', ...after })].filter(
    ([, bucket]) =>
      bucket.accountId === accountId && (input.BucketRegion === undefined || bucket.region === input.BucketRegion),
  );
  const page = own.slice(0, limit);
  const paged = input.MaxBuckets !== undefined;
  return {
    Owner: { ID: ownerId(accountId) },
    Buckets: page.map(([Name, bucket]) => ({
      Name,
      CreationDate: new Date(bucket.createdMs),
      ...(paged ? { BucketRegion: bucket.region } : {}),
    })),
    ...(input.Prefix === undefined ? {} : { Prefix: input.Prefix }),
    ...(own.length > page.length ? { ContinuationToken: toToken(page.at(-1)?.[0] ?? '') } : {}),
  };
}

export function toToken(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url');
}

export function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}
