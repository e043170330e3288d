import type * as S3 from '@aws-sdk/client-s3';
import type { RequestContext } from '../service.js';
import { isPublic, refusePublicPolicy, validatePolicy } from './bucket-policy.js';
import type { SettingName, StoredLifecycle } from './bucket-settings.js';
import { checkLifecycle, reviveLifecycle } from './lifecycle-rules.js';
import { type S3ErrorCode, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

interface OfBucket {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** Public access is blocked and ACLs are off in every new bucket, as on AWS since April 2023. */
export const NEW_BUCKET_BLOCK = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
} as const;

const USUAL_ENCRYPTION: S3.ServerSideEncryptionConfiguration = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

/**
 * What a bucket is told, one operation to put, get and delete each. Versioning, encryption, lifecycle, ownership, policy
 * and public access block act; logging, CORS, acceleration and request payment are kept and told again.
 */
export function settingOperations(state: S3State, lifecycleChanged: () => void) {
  const bucketOf = ({ caller }: RequestContext, input: OfBucket): string => {
    state.bucket(caller, input.Bucket, { owner: input.ExpectedBucketOwner });
    return input.Bucket ?? '';
  };
  const read = <Value>(context: RequestContext, input: OfBucket, name: SettingName): Value | undefined =>
    state.settings.get<Value>(bucketOf(context, input), name);
  const need = <Value>(context: RequestContext, input: OfBucket, name: SettingName, absent: S3ErrorCode): Value => {
    const value = read<Value>(context, input, name);
    if (value === undefined) throw s3Error(absent, undefined, { BucketName: input.Bucket });
    return value;
  };
  const write = async (
    context: RequestContext,
    input: OfBucket,
    name: SettingName,
    value: unknown,
  ): Promise<object> => {
    if (value === undefined) throw s3Error('MalformedXML');
    await context.kernel.store.change((writer) => {
      const bucket = bucketOf(context, input);
      state.settings.putIn(writer, bucket, name, value);
    });
    return {};
  };
  const remove =
    (name: SettingName) =>
    async (context: RequestContext, input: OfBucket): Promise<object> => {
      await context.kernel.store.change((writer) => state.settings.deleteIn(writer, bucketOf(context, input), name));
      return {};
    };
  const absent = (code: S3ErrorCode) => (context: RequestContext, input: OfBucket) => {
    throw s3Error(code, undefined, { BucketName: bucketOf(context, input) });
  };

  return {
    versioning: (context: RequestContext, input: OfBucket) =>
      read<S3.VersioningConfiguration>(context, input, 'versioning') ?? {},
    putVersioning(context: RequestContext, input: S3.PutBucketVersioningCommandInput) {
      const { Status, MFADelete } = input.VersioningConfiguration ?? {};
      if (Status !== 'Enabled' && Status !== 'Suspended') throw s3Error('IllegalVersioningConfigurationException');
      if (MFADelete === 'Enabled') throw s3Error('NotImplemented', 'MFA Delete is not emulated by this endpoint');
      return write(context, input, 'versioning', { Status });
    },

    encryption: (context: RequestContext, input: OfBucket) => ({
      ServerSideEncryptionConfiguration:
        read<S3.ServerSideEncryptionConfiguration>(context, input, 'encryption') ?? USUAL_ENCRYPTION,
    }),
    putEncryption(context: RequestContext, input: S3.PutBucketEncryptionCommandInput) {
      const rules = input.ServerSideEncryptionConfiguration?.Rules ?? [];
      checkEncryption(rules);
      const Rules = rules.map((rule) => ({ ...rule, BucketKeyEnabled: rule.BucketKeyEnabled ?? false }));
      return write(context, input, 'encryption', { Rules });
    },
    removeEncryption: remove('encryption'),

    publicAccess: (context: RequestContext, input: OfBucket) => ({
      PublicAccessBlockConfiguration: need<S3.PublicAccessBlockConfiguration>(
        context,
        input,
        'public-access',
        'NoSuchPublicAccessBlockConfiguration',
      ),
    }),
    putPublicAccess(context: RequestContext, input: S3.PutPublicAccessBlockCommandInput) {
      const none = Object.fromEntries(Object.keys(NEW_BUCKET_BLOCK).map((name) => [name, false]));
      return write(context, input, 'public-access', { ...none, ...input.PublicAccessBlockConfiguration });
    },
    removePublicAccess: remove('public-access'),

    ownership: (context: RequestContext, input: OfBucket) => ({
      OwnershipControls: need<S3.OwnershipControls>(context, input, 'ownership', 'OwnershipControlsNotFoundError'),
    }),
    putOwnership(context: RequestContext, input: S3.PutBucketOwnershipControlsCommandInput) {
      const [rule, ...more] = input.OwnershipControls?.Rules ?? [];
      const known = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];
      if (rule === undefined || more.length > 0 || !known.includes(rule.ObjectOwnership ?? '')) {
        throw s3Error('MalformedXML');
      }
      const acl = read<string>(context, input, 'acl') ?? 'private';
      if (rule.ObjectOwnership === 'BucketOwnerEnforced' && acl !== 'private') {
        throw s3Error('InvalidBucketAclWithObjectOwnership');
      }
      return write(context, input, 'ownership', input.OwnershipControls);
    },
    removeOwnership: remove('ownership'),

    policy: (context: RequestContext, input: OfBucket) => ({
      Policy: need<string>(context, input, 'policy', 'NoSuchBucketPolicy'),
    }),
    putPolicy(context: RequestContext, input: S3.PutBucketPolicyCommandInput) {
      const policy = validatePolicy(input.Policy ?? '', bucketOf(context, input));
      refusePublicPolicy(policy, read<S3.PublicAccessBlockConfiguration>(context, input, 'public-access'));
      return write(context, input, 'policy', input.Policy);
    },
    removePolicy: remove('policy'),
    policyStatus(context: RequestContext, input: OfBucket) {
      const policy = need<string>(context, input, 'policy', 'NoSuchBucketPolicy');
      return { PolicyStatus: { IsPublic: isPublic(validatePolicy(policy, input.Bucket ?? '')) } };
    },

    lifecycle(context: RequestContext, input: OfBucket) {
      const stored = need<StoredLifecycle>(context, input, 'lifecycle', 'NoSuchLifecycleConfiguration');
      return { Rules: reviveLifecycle(stored.rules), TransitionDefaultMinimumObjectSize: stored.minimumSize };
    },
    async putLifecycle(context: RequestContext, input: S3.PutBucketLifecycleConfigurationCommandInput) {
      const minimumSize = input.TransitionDefaultMinimumObjectSize ?? 'all_storage_classes_128K';
      const rules = checkLifecycle(input.LifecycleConfiguration?.Rules ?? [], () => context.kernel.random.uuid());
      await context.kernel.store.change((writer) => {
        state.settings.putLifecycleIn(writer, { bucket: bucketOf(context, input), rules, minimumSize });
      });
      lifecycleChanged();
      return { TransitionDefaultMinimumObjectSize: minimumSize };
    },
    removeLifecycle: remove('lifecycle'),

    logging: (context: RequestContext, input: OfBucket) => {
      const LoggingEnabled = read<S3.LoggingEnabled>(context, input, 'logging');
      return LoggingEnabled === undefined ? {} : { LoggingEnabled };
    },
    putLogging(context: RequestContext, input: S3.PutBucketLoggingCommandInput) {
      const wanted = input.BucketLoggingStatus?.LoggingEnabled;
      if (wanted === undefined) return remove('logging')(context, input);
      const target = state.buckets.get('all', wanted.TargetBucket ?? '');
      if (target?.accountId !== context.caller.accountId) {
        throw s3Error('InvalidTargetBucketForLogging', undefined, { TargetBucket: wanted.TargetBucket });
      }
      return write(context, input, 'logging', wanted);
    },

    cors: (context: RequestContext, input: OfBucket) =>
      need<S3.CORSConfiguration>(context, input, 'cors', 'NoSuchCORSConfiguration'),
    putCors(context: RequestContext, input: S3.PutBucketCorsCommandInput) {
      const rules = input.CORSConfiguration?.CORSRules ?? [];
      if (rules.length === 0 || rules.length > 100) throw s3Error('MalformedXML');
      for (const rule of rules) checkCorsRule(rule);
      return write(context, input, 'cors', input.CORSConfiguration);
    },
    removeCors: remove('cors'),

    accelerate: (context: RequestContext, input: OfBucket) =>
      read<S3.AccelerateConfiguration>(context, input, 'accelerate') ?? {},
    putAccelerate(context: RequestContext, input: S3.PutBucketAccelerateConfigurationCommandInput) {
      const { Status } = input.AccelerateConfiguration ?? {};
      if (Status !== 'Enabled' && Status !== 'Suspended') throw s3Error('MalformedXML');
      return write(context, input, 'accelerate', { Status });
    },

    payment: (context: RequestContext, input: OfBucket) =>
      read<S3.RequestPaymentConfiguration>(context, input, 'payment') ?? { Payer: 'BucketOwner' as const },
    putPayment(context: RequestContext, input: S3.PutBucketRequestPaymentCommandInput) {
      const { Payer } = input.RequestPaymentConfiguration ?? {};
      if (Payer !== 'BucketOwner' && Payer !== 'Requester') throw s3Error('MalformedXML');
      return write(context, input, 'payment', { Payer });
    },

    removeTagging: remove('tagging'),
    notification(context: RequestContext, input: OfBucket): object {
      bucketOf(context, input);
      return {};
    },
    // What no bucket here ever has.
    website: absent('NoSuchWebsiteConfiguration'),
    replication: absent('ReplicationConfigurationNotFoundError'),
    objectLock: absent('ObjectLockConfigurationNotFoundError'),
  };
}

function checkEncryption(rules: readonly S3.ServerSideEncryptionRule[]): void {
  if (rules.length !== 1) throw s3Error('MalformedXML');
  const usual = rules[0]?.ApplyServerSideEncryptionByDefault;
  if (usual?.SSEAlgorithm === undefined || !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(usual.SSEAlgorithm)) {
    throw s3Error('MalformedXML');
  }
  if (usual.SSEAlgorithm === 'AES256' && usual.KMSMasterKeyID !== undefined) {
    throw s3Error('InvalidArgument', 'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms');
  }
}

function checkCorsRule(rule: S3.CORSRule): void {
  if ((rule.AllowedMethods ?? []).length === 0 || (rule.AllowedOrigins ?? []).length === 0)
    throw s3Error('MalformedXML');
  for (const method of rule.AllowedMethods ?? []) {
    if (['GET', 'PUT', 'POST', 'DELETE', 'HEAD'].includes(method)) continue;
    throw s3Error('InvalidRequest', `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`);
  }
  for (const origin of rule.AllowedOrigins ?? []) {
    if (origin.split('*').length > 2) {
      throw s3Error('InvalidRequest', `AllowedOrigin "${origin}" can not have more than one wildcard.`);
    }
  }
}
