import type { PutObjectCommandInput, ServerSideEncryptionConfiguration } from '@aws-sdk/client-s3';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import type { ObjectRecord } from './object-record.js';
import { notImplemented, s3Error } from './s3-errors.js';
import type { S3State } from './s3-state.js';

type Wished = Pick<
  PutObjectCommandInput,
  'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled' | 'SSECustomerAlgorithm' | 'SSECustomerKey'
>;

/** What S3 tells of an object's encryption, by the SDK's members. */
export interface EncryptionAnswer {
  readonly ServerSideEncryption: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
}

const MANAGED_KEY = 'alias/aws/s3';

/**
 * How a new object is encrypted: as the request says, else as the bucket does. The key of KMS must be there and usable;
 * the bytes lie on this machine's disk as they came. https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
export async function encryptionFor(
  state: S3State,
  { caller, kernel }: Pick<RequestContext, 'caller' | 'kernel'>,
  bucket: string,
  wished: Wished,
): Promise<EncryptionAnswer> {
  if (wished.SSECustomerAlgorithm !== undefined || wished.SSECustomerKey !== undefined) {
    throw notImplemented('x-amz-server-side-encryption-customer-algorithm');
  }
  const rule = state.settings.get<ServerSideEncryptionConfiguration>(bucket, 'encryption')?.Rules?.[0];
  const usual = rule?.ApplyServerSideEncryptionByDefault;
  const algorithm = wished.ServerSideEncryption ?? usual?.SSEAlgorithm ?? 'AES256';
  if (algorithm === 'AES256') {
    if (wished.SSEKMSKeyId === undefined) return { ServerSideEncryption: 'AES256' };
    const message =
      'Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms';
    throw s3Error('InvalidArgument', message, { ArgumentName: 'x-amz-server-side-encryption-aws-kms-key-id' });
  }
  if (algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse') {
    const message = 'The encryption method specified is not supported';
    throw s3Error('InvalidArgument', message, {
      ArgumentName: 'x-amz-server-side-encryption',
      ArgumentValue: algorithm,
    });
  }
  const ownWish = wished.ServerSideEncryption !== undefined;
  const key = wished.SSEKMSKeyId ?? (ownWish ? undefined : usual?.KMSMasterKeyID) ?? MANAGED_KEY;
  const bucketKey = wished.BucketKeyEnabled ?? rule?.BucketKeyEnabled ?? false;
  return {
    ServerSideEncryption: algorithm,
    SSEKMSKeyId: await asKmsFault(() => kernel.ports.kms.openKey(caller, key)),
    ...(bucketKey ? { BucketKeyEnabled: true } : {}),
  };
}

/** The answer as the object's record keeps it. */
export function encryptionHeaders(answer: EncryptionAnswer): Record<string, string> {
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, String(value)]));
}

/** The other way round. */
export function encryptionOf({ headers }: Pick<ObjectRecord, 'headers'>): EncryptionAnswer {
  const { SSEKMSKeyId, BucketKeyEnabled } = headers;
  return {
    // The record holds what encryptionFor gave.
    ServerSideEncryption: (headers.ServerSideEncryption ?? 'AES256') as EncryptionAnswer['ServerSideEncryption'],
    ...(SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId }),
    ...(BucketKeyEnabled === undefined ? {} : { BucketKeyEnabled: BucketKeyEnabled === 'true' }),
  };
}

/** An object whose key is disabled or gone cannot be read. */
export function checkReadable({ kernel }: Pick<RequestContext, 'kernel'>, object: ObjectRecord): void {
  const key = object.headers.SSEKMSKeyId;
  const fault = key === undefined ? undefined : kernel.ports.kms.fault(key);
  if (fault !== undefined) throw kmsError(fault.code, fault.message);
}

async function asKmsFault<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof ServiceError) throw kmsError(error.code, error.message);
    throw error;
  }
}

/** S3 hands on what KMS said, under `KMS.`. */
function kmsError(code: string, message: string): ServiceError {
  return new ServiceError(`KMS.${code}`, message, { httpStatus: 400 });
}
