import type {
  AccessControlPolicy,
  GetBucketAclCommandOutput,
  GetObjectAclCommandOutput,
  Grant,
  PutBucketAclCommandInput,
  PutObjectAclCommandInput,
} from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { ownerId } from './owner.js';
import { type VersionOf, versionOf } from './read-object.js';
import { notImplemented, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const AUTHENTICATED = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** What each canned ACL grants besides FULL_CONTROL to the owner, who here owns the objects, too. */
const CANNED: Readonly<
  Record<string, readonly (readonly [group: string, permission: 'READ' | 'WRITE' | 'READ_ACP'])[]>
> = {
  private: [],
  'public-read': [[ALL_USERS, 'READ']],
  'public-read-write': [
    [ALL_USERS, 'READ'],
    [ALL_USERS, 'WRITE'],
  ],
  'authenticated-read': [[AUTHENTICATED, 'READ']],
  'log-delivery-write': [
    [LOG_DELIVERY, 'WRITE'],
    [LOG_DELIVERY, 'READ_ACP'],
  ],
  'aws-exec-read': [],
  'bucket-owner-read': [],
  'bucket-owner-full-control': [],
};
const FOR_BUCKETS = ['private', 'public-read', 'public-read-write', 'authenticated-read', 'log-delivery-write'];
/** What can be said of an object also where the bucket's owner owns everything: it changes nothing. */
const HARMLESS = ['bucket-owner-full-control'];

interface Wished {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

/**
 * ACLs: buckets take none unless their ownership controls allow it, as on AWS since April 2023. Canned ACLs are kept and
 * told again; lists of grants only as far as one of them says the same. ACLs give no account access to another's bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
export function aclOperations(state: S3State) {
  return {
    bucket({ caller }: RequestContext, input: VersionOf): Omit<GetBucketAclCommandOutput, '$metadata'> {
      const { accountId } = state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
      return answer(accountId, state.settings.get<string>(input.Bucket ?? '', 'acl'));
    },

    async putBucket({ caller, kernel }: RequestContext, input: PutBucketAclCommandInput): Promise<object> {
      const { Bucket = '' } = input;
      const { accountId } = state.bucket(caller, Bucket, { owner: input.ExpectedBucketOwner });
      const canned = cannedOf(input, input.AccessControlPolicy, accountId);
      if (!FOR_BUCKETS.includes(canned)) throw badAcl(canned);
      if (!state.settings.takesAcls(Bucket)) throw s3Error('AccessControlListNotSupported');
      refusePublic(state, Bucket, canned);
      await kernel.store.change((writer) => state.settings.putIn(writer, Bucket, 'acl', canned));
      return {};
    },

    object(context: RequestContext, input: VersionOf): Omit<GetObjectAclCommandOutput, '$metadata'> {
      const object = versionOf(state, context, input, 'GET');
      return answer(context.caller.accountId, object.acl);
    },

    async putObject(context: RequestContext, input: PutObjectAclCommandInput): Promise<object> {
      const { Bucket = '', Key = '' } = input;
      const canned = cannedOf(input, input.AccessControlPolicy, context.caller.accountId);
      await context.kernel.store.change((writer) => {
        const object = versionOf(state, context, input, 'PUT');
        const acl = objectAcl(state, Bucket, { ACL: canned }, true);
        state.versions.replaceIn(writer, Bucket, Key, { ...object, ...acl });
      });
      return {};
    },
  };
}

/** The ACL that an object is written with. Throws when the bucket takes none of that kind. */
export function objectAcl(state: S3State, bucket: string, wished: Wished, alone = false): { acl?: string } {
  const grants = wished.GrantFullControl ?? wished.GrantRead ?? wished.GrantReadACP ?? wished.GrantWriteACP;
  if (wished.ACL === undefined && grants === undefined) return {};
  const canned = wished.ACL ?? '';
  if (!state.settings.takesAcls(bucket)) {
    if (!HARMLESS.includes(canned) || alone) throw s3Error('AccessControlListNotSupported');
    return {};
  }
  if (grants !== undefined) throw notImplemented('x-amz-grant-*');
  if (CANNED[canned] === undefined || canned === 'log-delivery-write') throw badAcl(canned);
  refusePublic(state, bucket, canned);
  return { acl: canned };
}

/** A bucket that is created with an ACL must take it. */
export function checkNewBucketAcl(acl: string | undefined, ownership: string): void {
  if (acl === undefined) return;
  if (!FOR_BUCKETS.includes(acl)) throw badAcl(acl);
  if (acl !== 'private' && ownership === 'BucketOwnerEnforced') throw s3Error('InvalidBucketAclWithObjectOwnership');
}

/** The canned ACL that the request names, or whose grants it lists. */
function cannedOf(wished: Wished, policy: AccessControlPolicy | undefined, accountId: string): string {
  if (wished.ACL !== undefined) return wished.ACL;
  if (policy === undefined) {
    if (wished.GrantFullControl ?? wished.GrantRead ?? wished.GrantReadACP ?? wished.GrantWriteACP) {
      throw notImplemented('x-amz-grant-*');
    }
    throw s3Error('MalformedXML');
  }
  const wanted = grantTexts(policy.Grants ?? []);
  const found = Object.keys(CANNED).find((name) => sameTexts(wanted, grantTexts(grantsOf(accountId, name))));
  if (found === undefined) throw notImplemented('AccessControlPolicy with grants that no canned ACL makes');
  return found;
}

function grantTexts(grants: readonly Grant[]): string[] {
  return grants.map(({ Grantee, Permission }) => `${Grantee?.ID ?? Grantee?.URI} ${Permission}`).sort();
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}

function refusePublic(state: S3State, bucket: string, canned: string): void {
  const block = state.settings.get<{ BlockPublicAcls?: boolean }>(bucket, 'public-access');
  const isPublic = CANNED[canned]?.some(([group]) => group === ALL_USERS || group === AUTHENTICATED) === true;
  if (isPublic && block?.BlockPublicAcls === true) throw s3Error('AccessDenied');
}

function badAcl(canned: string): Error {
  return s3Error('InvalidArgument', undefined, { ArgumentName: 'x-amz-acl', ArgumentValue: canned });
}

function answer(accountId: string, canned: string | undefined) {
  return { Owner: { ID: ownerId(accountId) }, Grants: grantsOf(accountId, canned) };
}

function grantsOf(accountId: string, canned = 'private'): Grant[] {
  const owner: Grant = { Grantee: { Type: 'CanonicalUser', ID: ownerId(accountId) }, Permission: 'FULL_CONTROL' };
  const groups = (CANNED[canned] ?? []).map(
    ([URI, Permission]): Grant => ({ Grantee: { Type: 'Group', URI }, Permission }),
  );
  return [owner, ...groups];
}
