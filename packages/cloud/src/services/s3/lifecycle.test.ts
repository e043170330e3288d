import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const Bucket = 'aging';

async function bucket(endpoint: TestEndpoint, versioned: boolean, ...Rules: LifecycleRule[]): Promise<S3Client> {
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  if (versioned) {
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  await setRules(client, ...Rules);
  return client;
}

const setRules = (client: S3Client, ...Rules: LifecycleRule[]) =>
  client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));

const put = (client: S3Client, Key: string, Tagging?: string) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body: 'v', ...(Tagging ? { Tagging } : {}) }));

const advance = (endpoint: TestEndpoint, duration: string) => endpoint.current().setClock({ advance: duration });

/** `key`, `key (old)` or `key (marker)` of all versions. */
async function versions(client: S3Client): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const objects = Versions.map(({ Key, IsLatest }) => (IsLatest ? `${Key}` : `${Key} (old)`));
  return [...objects, ...DeleteMarkers.map(({ Key }) => `${Key} (marker)`)].sort();
}

test('objects expire at the midnight after their days, those that the filter names', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await bucket(endpoint, false, {
    ID: 'logs',
    Status: 'Enabled',
    Filter: { And: { Prefix: 'log/', Tags: [{ Key: 'keep', Value: 'no' }] } },
    Expiration: { Days: 2 },
  });
  await advance(endpoint, '12h');
  const { Expiration } = await put(client, 'log/a', 'keep=no');
  assert.equal(Expiration, 'expiry-date="Sun, 04 Jan 2026 00:00:00 GMT", rule-id="logs"');
  await put(client, 'log/b', 'keep=yes');
  await put(client, 'other', 'keep=no');
  await advance(endpoint, '59h');
  assert.deepEqual(await versions(client), ['log/a', 'log/b', 'other']);
  await advance(endpoint, '1h');
  assert.deepEqual(await versions(client), ['log/b', 'other']);
  client.destroy();
});

test('with versions, objects expire behind markers, old versions go, and markers that are alone after them', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await bucket(
    endpoint,
    true,
    { ID: 'age', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 10 } },
    {
      ID: 'old',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 },
    },
  );
  await put(client, 'k');
  await put(client, 'k');
  await put(client, 'k');
  await advance(endpoint, '71h');
  assert.deepEqual(await versions(client), ['k', 'k (old)', 'k (old)']);
  await advance(endpoint, '25h');
  assert.deepEqual(await versions(client), ['k', 'k (old)']);
  await advance(endpoint, '7d');
  assert.deepEqual(await versions(client), ['k (marker)', 'k (old)']);
  await setRules(client, {
    ID: 'all',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    Expiration: { ExpiredObjectDeleteMarker: true },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  });
  await advance(endpoint, '3d');
  assert.deepEqual(await versions(client), []);
  client.destroy();
});

test('uploads that nobody completed are aborted, also when it fell due while nothing ran', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = await bucket(endpoint, false, {
    ID: 'abort',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
  });
  await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'k' }));
  client.destroy();
  endpoint.clock.advance(5 * 24 * 60 * 60 * 1000);
  await endpoint.restart();
  await advance(endpoint, '1s');
  client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  assert.deepEqual(Uploads, []);
  client.destroy();
});

test('hundreds of versions of many keys are gone through in pieces', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await bucket(endpoint, true, {
    ID: 'old',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  });
  const keys = Array.from({ length: 200 }, (_, index) => `k${String(index).padStart(3, '0')}`);
  for (const round of ['first', 'second', 'third']) {
    await Promise.all(keys.map((key) => put(client, key, `round=${round}`)));
  }
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k000' }));
  await advance(endpoint, '3d');
  assert.deepEqual(await versions(client), ['k000 (marker)', ...keys.slice(1)].sort());
  client.destroy();
});

test('rules come back as they were put, and senseless ones are refused', async (t) => {
  const endpoint = await testEndpoint(t);
  const rule: LifecycleRule = { ID: 'a', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } };
  const dated = { ...rule, ID: 'b', Expiration: { Date: new Date('2026-03-01T00:00:00Z') } };
  const client = await bucket(endpoint, false, rule, dated);
  const got = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  assert.deepEqual(got.Rules, [rule, dated]);
  assert.equal(got.TransitionDefaultMinimumObjectSize, 'all_storage_classes_128K');
  const { Expiration: _, ...idle } = rule;
  await assert.rejects(setRules(client, idle), { message: 'At least one action needs to be specified in a rule' });
  await assert.rejects(setRules(client, rule, rule), { name: 'InvalidArgument' });
  await assert.rejects(setRules(client, { ...rule, Expiration: { Days: 0 } }), {
    message: "'Days' for Expiration action must be a positive integer",
  });
  await assert.rejects(setRules(client, { ...rule, Expiration: { Date: new Date('2026-03-01T01:00:00Z') } }), {
    message: "'Date' must be at midnight GMT",
  });
  client.destroy();
});
