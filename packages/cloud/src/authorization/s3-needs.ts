import type { Need } from '../kernel/identity-port.js';
import { objectOf, objectsOf, textOf } from './input-reader.js';

/** Operations whose action is not their name. */
const ACTIONS: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  ListParts: 'ListMultipartUploadParts',
  HeadObject: 'GetObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  GetBucketCors: 'GetBucketCORS',
  PutBucketCors: 'PutBucketCORS',
  DeleteBucketCors: 'PutBucketCORS',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  DeleteBucketLifecycle: 'PutLifecycleConfiguration',
  GetBucketReplication: 'GetReplicationConfiguration',
  PutBucketReplication: 'PutReplicationConfiguration',
  DeleteBucketReplication: 'PutReplicationConfiguration',
  GetBucketNotificationConfiguration: 'GetBucketNotification',
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
  PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
  GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
  DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
  DeleteBucketTagging: 'PutBucketTagging',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
};

/** Those whose action differs for a version that is named. */
const VERSIONED = new Set([
  'GetObject',
  'DeleteObject',
  'GetObjectAcl',
  'PutObjectAcl',
  'GetObjectTagging',
  'PutObjectTagging',
  'DeleteObjectTagging',
]);

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function s3Needs(operation: string, input: object): readonly Need[] {
  const bucket = `arn:aws:s3:::${textOf(input, 'Bucket') ?? ''}`;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (operation === 'DeleteObjects') {
    return objectsOf(objectOf(input, 'Delete'), 'Objects').map((object) => ({
      action: textOf(object, 'VersionId') === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion',
      resource: `${bucket}/${textOf(object, 'Key') ?? ''}`,
    }));
  }
  const key = textOf(input, 'Key');
  const base = ACTIONS[operation] ?? operation;
  const action = `s3:${VERSIONED.has(base) && textOf(input, 'VersionId') !== undefined ? versioned(base) : base}`;
  const resource = key === undefined ? bucket : `${bucket}/${key}`;
  const context = {
    's3:prefix': textOf(input, 'Prefix'),
    's3:delimiter': textOf(input, 'Delimiter'),
    's3:x-amz-acl': textOf(input, 'ACL'),
    's3:x-amz-server-side-encryption': textOf(input, 'ServerSideEncryption'),
    's3:VersionId': textOf(input, 'VersionId'),
  };
  if (operation !== 'CopyObject' && operation !== 'UploadPartCopy') return [{ action, resource, context }];
  return [sourceNeed(textOf(input, 'CopySource') ?? ''), { action: 's3:PutObject', resource, context }];
}

function versioned(action: string): string {
  return action.includes('Tagging')
    ? action.replace('Tagging', 'VersionTagging')
    : action.endsWith('Acl')
      ? action.replace('Acl', 'VersionAcl')
      : `${action}Version`;
}

function sourceNeed(copySource: string): Need {
  const [path = '', query = ''] = copySource.replace(/^\//, '').split('?');
  const action = query.includes('versionId=') ? 's3:GetObjectVersion' : 's3:GetObject';
  return { action, resource: `arn:aws:s3:::${decodeURIComponent(path)}` };
}
