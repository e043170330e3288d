import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SIGNED, send, testEndpoint } from '../../testing/test-endpoint.js';

const Bucket = 'settings';

async function open(t: Parameters<typeof testEndpoint>[0]) {
  const endpoint = await testEndpoint(t);
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  t.after(() => client.destroy());
  await client.send(new CreateBucketCommand({ Bucket }));
  return { endpoint, client };
}

test('what a new bucket has, and what it has not', async (t) => {
  const { client } = await open(t);
  const block = await client.send(new GetPublicAccessBlockCommand({ Bucket }));
  assert.equal(block.PublicAccessBlockConfiguration?.BlockPublicPolicy, true);
  const ownership = await client.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  assert.equal(ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership, 'BucketOwnerEnforced');
  const encryption = await client.send(new GetBucketEncryptionCommand({ Bucket }));
  const rule = encryption.ServerSideEncryptionConfiguration?.Rules?.[0];
  assert.equal(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm, 'AES256');
  const acl = await client.send(new GetBucketAclCommand({ Bucket }));
  assert.deepEqual(
    acl.Grants?.map(({ Permission }) => Permission),
    ['FULL_CONTROL'],
  );
  assert.equal((await client.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled, undefined);
  const absent = [
    [new GetBucketTaggingCommand({ Bucket }), 'NoSuchTagSet'],
    [new GetBucketPolicyCommand({ Bucket }), 'NoSuchBucketPolicy'],
    [new GetBucketLifecycleConfigurationCommand({ Bucket }), 'NoSuchLifecycleConfiguration'],
    [new GetBucketCorsCommand({ Bucket }), 'NoSuchCORSConfiguration'],
    [new GetBucketWebsiteCommand({ Bucket }), 'NoSuchWebsiteConfiguration'],
    [new GetBucketReplicationCommand({ Bucket }), 'ReplicationConfigurationNotFoundError'],
    [new GetObjectLockConfigurationCommand({ Bucket }), 'ObjectLockConfigurationNotFoundError'],
  ] as const;
  for (const [command, name] of absent) await assert.rejects(client.send(command as never), { name }, name);
});

test('settings go with their bucket', async (t) => {
  const { endpoint, client } = await open(t);
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await endpoint.restart();
  const again = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  const { TagSet } = await again.send(new GetBucketTaggingCommand({ Bucket }));
  assert.deepEqual(TagSet, [{ Key: 'a', Value: 'b' }]);
  await assert.rejects(again.send(new GetPublicAccessBlockCommand({ Bucket })), {
    name: 'NoSuchPublicAccessBlockConfiguration',
  });
  await again.send(new DeleteBucketCommand({ Bucket }));
  await again.send(new CreateBucketCommand({ Bucket }));
  await assert.rejects(again.send(new GetBucketTaggingCommand({ Bucket })), { name: 'NoSuchTagSet' });
  again.destroy();
});

test('policies are checked when they are put, and public ones are blocked', async (t) => {
  const { client } = await open(t);
  const put = (statement: object, Version = '2012-10-17') =>
    client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version, Statement: [statement] }) }));
  const good = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 's3:GetObject' };
  const inside = { ...good, Resource: `arn:aws:s3:::${Bucket}/*` };
  await assert.rejects(client.send(new PutBucketPolicyCommand({ Bucket, Policy: 'x' })), { name: 'MalformedPolicy' });
  await assert.rejects(put(good), { message: 'Missing required field Resource' });
  await assert.rejects(put({ ...good, Resource: 'arn:aws:s3:::other/*' }), { message: 'Policy has invalid resource' });
  await assert.rejects(put({ ...inside, Action: 'dynamodb:PutItem' }), { message: 'Policy has invalid action' });
  await assert.rejects(put(inside, '2020-01-01'), { message: 'The policy must contain a valid version string' });
  await assert.rejects(put({ ...inside, Principal: '*' }), { name: 'AccessDenied' });
  await put(inside);
  const isPublic = async () => (await client.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;
  assert.equal(await isPublic(), false);
  const { Policy = '' } = await client.send(new GetBucketPolicyCommand({ Bucket }));
  assert.deepEqual(JSON.parse(Policy).Statement, [inside]);
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await put({ ...inside, Principal: '*' });
  assert.equal(await isPublic(), true);
  await put({ ...inside, Principal: '*', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } });
  assert.equal(await isPublic(), false);
});

test('ACLs are refused until the ownership controls allow them', async (t) => {
  const { client } = await open(t);
  const put = (ACL: 'private' | 'public-read') => client.send(new PutBucketAclCommand({ Bucket, ACL }));
  await assert.rejects(put('private'), {
    name: 'AccessControlListNotSupported',
    message: 'The bucket does not allow ACLs',
  });
  const object = { Bucket, Key: 'k', Body: 'v' };
  await assert.rejects(client.send(new PutObjectCommand({ ...object, ACL: 'public-read' })), {
    name: 'AccessControlListNotSupported',
  });
  await client.send(new PutObjectCommand({ ...object, ACL: 'bucket-owner-full-control' }));
  await client.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  await put('private');
  await assert.rejects(put('public-read'), { name: 'AccessDenied' });
  await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await put('public-read');
  const { Grants = [] } = await client.send(new GetBucketAclCommand({ Bucket }));
  assert.deepEqual(
    Grants.map(({ Permission }) => Permission),
    ['FULL_CONTROL', 'READ'],
  );
});

test('CORS rules speak to pages of the address itself; all others are refused before', async (t) => {
  const { endpoint, client } = await open(t);
  const { url } = endpoint.current();
  const put = (AllowedOrigins: string[]) => {
    const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins, ExposeHeaders: ['ETag'] }];
    return client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  };
  await assert.rejects(put(['http://*.*']), { name: 'InvalidRequest' });
  await put(['http://127.0.0.*']);
  const get = (origin: string, method = 'GET') =>
    send(url, { method, path: `/${Bucket}`, headers: { origin, authorization: SIGNED.replace('dynamodb', 's3') } });
  const own = await get(url);
  assert.equal(own.headers['access-control-allow-origin'], url);
  assert.equal(own.headers['access-control-expose-headers'], 'ETag');
  assert.equal((await get(url, 'PUT')).headers['access-control-allow-origin'], undefined);
  const other = await get('http://127.0.0.1:1');
  assert.deepEqual([other.status, other.headers['access-control-allow-origin']], [403, undefined]);
});

test('access logs need a bucket to go to', async (t) => {
  const { client } = await open(t);
  const put = (TargetBucket: string) =>
    client.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: 'log/' } },
      }),
    );
  await assert.rejects(put('nowhere'), { name: 'InvalidTargetBucketForLogging' });
  await put(Bucket);
  const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand({ Bucket }));
  assert.deepEqual(LoggingEnabled, { TargetBucket: Bucket, TargetPrefix: 'log/' });
});

test('objects under a key of KMS are readable while the key is', async (t) => {
  const { endpoint, client } = await open(t);
  const kms = new KMSClient(endpoint.clientOptions());
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KMSMasterKeyID = KeyMetadata?.KeyId;
  const Rules = [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID },
      BucketKeyEnabled: true,
    } as const,
  ];
  await client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const put = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'v' }));
  assert.equal(put.ServerSideEncryption, 'aws:kms');
  assert.equal(put.SSEKMSKeyId, KeyMetadata?.Arn);
  const plain = await client.send(
    new PutObjectCommand({ Bucket, Key: 'plain', Body: 'v', ServerSideEncryption: 'AES256' }),
  );
  assert.equal(plain.SSEKMSKeyId, undefined);
  const managed = new PutObjectCommand({ Bucket, Key: 'm', Body: 'v', ServerSideEncryption: 'aws:kms' });
  assert.notEqual((await client.send(managed)).SSEKMSKeyId, KeyMetadata?.Arn);
  await kms.send(new DisableKeyCommand({ KeyId: KMSMasterKeyID }));
  kms.destroy();
  await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key: 'k' })), { name: 'KMS.DisabledException' });
  await assert.rejects(client.send(new PutObjectCommand({ Bucket, Key: 'k2', Body: 'v' })), {
    name: 'KMS.DisabledException',
  });
  await client.send(new GetObjectCommand({ Bucket, Key: 'plain' }));
  const unknown = new PutObjectCommand({ Bucket, Key: 'k', Body: 'v', SSECustomerAlgorithm: 'AES256' });
  await assert.rejects(client.send(unknown), { name: 'NotImplemented' });
});
