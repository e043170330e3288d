import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { aclOperations } from './acl.js';
import { bucketFromHost } from './bucket-from-host.js';
import { bucketOperations } from './bucket-operations.js';
import { completeUpload } from './complete-upload.js';
import { copyObject } from './copy-object.js';
import { withCorsHeaders } from './cors.js';
import { deleteObject, deleteObjects } from './delete-objects.js';
import { Lifecycle } from './lifecycle.js';
import { listOperations } from './list-operations.js';
import { listParts, listUploads } from './list-uploads.js';
import { listVersions } from './list-versions.js';
import { admitPresigned } from './presigned-request.js';
import { getObject, headObject, objectAttributes } from './read-object.js';
import { S3State } from './s3-state.js';
import { settingOperations } from './setting-operations.js';
import { tagOperations } from './tag-operations.js';
import { uploadOperations } from './upload-operations.js';
import { putObject } from './write-object.js';

/**
 * Amazon S3, REST-XML, path style and virtual-host style: buckets with their settings, objects with versions, multipart
 * uploads, conditional reads and writes, checksums, lifecycle rules on the kernel clock. Object bytes lie in files, the
 * index in the store. https://docs.aws.amazon.com/AmazonS3/latest/API/
 *
 * Differs: a bucket answers in every region; no object lock, replication, notifications, website hosting, inventory,
 * analytics, access points; ACLs are settings that let nobody in; access logs are not delivered; all storage classes are
 * the same disk, so that nothing has to be restored; SSE-C is refused; of CORS there are the headers of answers only, since
 * preflight requests come from pages that the endpoint keeps away.
 */
export function s3Service(kernel: Kernel): Service {
  const state = S3State.of(kernel);
  kernel.resourcePolicies.offer('s3', (arn) => {
    const name = arn.slice('arn:aws:s3:::'.length).split('/')[0] ?? '';
    const bucket = state.buckets.get(S3State.allBuckets, name);
    const policy = state.settings.get<string>(name, 'policy');
    return bucket && { accountId: bucket.accountId, documents: policy === undefined ? [] : [policy] };
  });
  const buckets = bucketOperations(state);
  const lifecycle = new Lifecycle(state);
  const settings = settingOperations(state, () => lifecycle.changed());
  const uploads = uploadOperations(state);
  const tags = tagOperations(state);
  const acls = aclOperations(state);
  const listing = listOperations(state);
  return defineService<typeof import('@aws-sdk/client-s3')>(
    {
      AbortMultipartUpload: uploads.abort,
      CompleteMultipartUpload: (context, input) => completeUpload(state, context, input),
      CopyObject: (context, input) => copyObject(state, context, input),
      CreateBucket: buckets.create,
      CreateBucketMetadataConfiguration: undefined,
      CreateBucketMetadataTableConfiguration: undefined,
      CreateMultipartUpload: uploads.create,
      CreateSession: undefined,
      DeleteBucketAnalyticsConfiguration: undefined,
      DeleteBucket: buckets.remove,
      DeleteBucketCors: settings.removeCors,
      DeleteBucketEncryption: settings.removeEncryption,
      DeleteBucketIntelligentTieringConfiguration: undefined,
      DeleteBucketInventoryConfiguration: undefined,
      DeleteBucketLifecycle: settings.removeLifecycle,
      DeleteBucketMetadataConfiguration: undefined,
      DeleteBucketMetadataTableConfiguration: undefined,
      DeleteBucketMetricsConfiguration: undefined,
      DeleteBucketOwnershipControls: settings.removeOwnership,
      DeleteBucketPolicy: settings.removePolicy,
      DeleteBucketReplication: undefined,
      DeleteBucketTagging: settings.removeTagging,
      DeleteBucketWebsite: undefined,
      DeleteObjectAnnotation: undefined,
      DeleteObject: (context, input) => deleteObject(state, context, input),
      DeleteObjectTagging: tags.removeObject,
      DeleteObjects: (context, input) => deleteObjects(state, context, input),
      DeletePublicAccessBlock: settings.removePublicAccess,
      GetBucketAbac: undefined,
      GetBucketAccelerateConfiguration: settings.accelerate,
      GetBucketAcl: acls.bucket,
      GetBucketAnalyticsConfiguration: undefined,
      GetBucketCors: settings.cors,
      GetBucketEncryption: settings.encryption,
      GetBucketIntelligentTieringConfiguration: undefined,
      GetBucketInventoryConfiguration: undefined,
      GetBucketLifecycleConfiguration: settings.lifecycle,
      GetBucketLocation: buckets.location,
      GetBucketLogging: settings.logging,
      GetBucketMetadataConfiguration: undefined,
      GetBucketMetadataTableConfiguration: undefined,
      GetBucketMetricsConfiguration: undefined,
      GetBucketNotificationConfiguration: settings.notification,
      GetBucketOwnershipControls: settings.ownership,
      GetBucketPolicy: settings.policy,
      GetBucketPolicyStatus: settings.policyStatus,
      GetBucketReplication: settings.replication,
      GetBucketRequestPayment: settings.payment,
      GetBucketTagging: tags.bucket,
      GetBucketVersioning: settings.versioning,
      GetBucketWebsite: settings.website,
      GetObjectAcl: acls.object,
      GetObjectAnnotation: undefined,
      GetObjectAttributes: (context, input) => objectAttributes(state, context, input),
      GetObject: (context, input) => getObject(state, context, input),
      GetObjectLegalHold: undefined,
      GetObjectLockConfiguration: settings.objectLock,
      GetObjectRetention: undefined,
      GetObjectTagging: tags.object,
      GetObjectTorrent: undefined,
      GetPublicAccessBlock: settings.publicAccess,
      HeadBucket: buckets.head,
      HeadObject: (context, input) => headObject(state, context, input),
      ListBucketAnalyticsConfigurations: undefined,
      ListBucketIntelligentTieringConfigurations: undefined,
      ListBucketInventoryConfigurations: undefined,
      ListBucketMetricsConfigurations: undefined,
      ListBuckets: buckets.list,
      ListDirectoryBuckets: undefined,
      ListMultipartUploads: (context, input) => listUploads(state, context, input),
      ListObjectAnnotations: undefined,
      ListObjectVersions: (context, input) => listVersions(state, context, input),
      ListObjects: listing.v1,
      ListObjectsV2: listing.v2,
      ListParts: (context, input) => listParts(state, context, input),
      PutBucketAbac: undefined,
      PutBucketAccelerateConfiguration: settings.putAccelerate,
      PutBucketAcl: acls.putBucket,
      PutBucketAnalyticsConfiguration: undefined,
      PutBucketCors: settings.putCors,
      PutBucketEncryption: settings.putEncryption,
      PutBucketIntelligentTieringConfiguration: undefined,
      PutBucketInventoryConfiguration: undefined,
      PutBucketLifecycleConfiguration: settings.putLifecycle,
      PutBucketLogging: settings.putLogging,
      PutBucketMetricsConfiguration: undefined,
      PutBucketNotificationConfiguration: undefined,
      PutBucketOwnershipControls: settings.putOwnership,
      PutBucketPolicy: settings.putPolicy,
      PutBucketReplication: undefined,
      PutBucketRequestPayment: settings.putPayment,
      PutBucketTagging: tags.putBucket,
      PutBucketVersioning: settings.putVersioning,
      PutBucketWebsite: undefined,
      PutObjectAcl: acls.putObject,
      PutObjectAnnotation: undefined,
      PutObject: (context, input) => putObject(state, context, input),
      PutObjectLegalHold: undefined,
      PutObjectLockConfiguration: undefined,
      PutObjectRetention: undefined,
      PutObjectTagging: tags.putObject,
      PutPublicAccessBlock: settings.putPublicAccess,
      RenameObject: undefined,
      RestoreObject: undefined,
      SelectObjectContent: undefined,
      UpdateBucketMetadataAnnotationTableConfiguration: undefined,
      UpdateBucketMetadataInventoryTableConfiguration: undefined,
      UpdateBucketMetadataJournalTableConfiguration: undefined,
      UpdateObjectEncryption: undefined,
      UploadPart: uploads.part,
      UploadPartCopy: uploads.copy,
      WriteGetObjectResponse: undefined,
    },
    {
      title: 'S3',
      bodyLimitBytes: 2 * 1024 * 1024,
      resourceMember: 'Bucket',
      admit: (request) => admitPresigned(request, kernel.clock.nowMs()),
      finish: (request, response) => withCorsHeaders(state, request, response),
      start: () => lifecycle.start(),
      close: () => lifecycle.close(),
      // The model knows one status for each operation; S3 answers a range with 206.
      statusOf: (output) => ('ContentRange' in output && output.ContentRange !== undefined ? 206 : undefined),
      definition: {
        name: 's3',
        client: () => import('@aws-sdk/client-s3'),
        protocols: ['restXml'],
        version: '2006-03-01',
        xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
        s3Responses: true,
        unwrappedOutputs: ['GetBucketLocation'],
        leadingLabel: { member: 'Bucket', fromHost: bucketFromHost },
      },
    },
  );
}
