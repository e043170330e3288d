import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { SeededRandom } from '@tablewright/testkit';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const Bucket = 'versions';

async function versioned(endpoint: TestEndpoint): Promise<S3Client> {
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  await setVersioning(client, 'Enabled');
  return client;
}

const setVersioning = (client: S3Client, Status: 'Enabled' | 'Suspended') =>
  client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

async function text(client: S3Client, Key: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...(VersionId ? { VersionId } : {}) }));
  return Body?.transformToString();
}

test('every write keeps what was there, and a delete hides it behind a marker', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await versioned(endpoint);
  const first = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one' }));
  const second = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'two' }));
  assert.match(first.VersionId ?? '', /^[\w.]{32}$/);
  const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(deleted.DeleteMarker, true);
  await assert.rejects(text(client, 'k'), (error: { name: string; $response?: { headers: object } }) => {
    assert.equal(error.name, 'NoSuchKey');
    const headers = Object.entries(error.$response?.headers ?? {});
    assert.deepEqual(Object.fromEntries(headers)['x-amz-version-id'], deleted.VersionId);
    return true;
  });
  assert.equal(await text(client, 'k', first.VersionId), 'one');
  await assert.rejects(text(client, 'k', deleted.VersionId), { name: 'MethodNotAllowed' });
  await assert.rejects(text(client, 'k', `${'x'.repeat(24)}00000001`), { name: 'NoSuchVersion' });
  await assert.rejects(text(client, 'k', 'x'), { name: 'InvalidArgument', message: 'Invalid version id specified' });
  assert.equal((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 0);

  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: deleted.VersionId }));
  assert.equal(await text(client, 'k'), 'two');
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: second.VersionId }));
  assert.equal(await text(client, 'k'), 'one');
  await assert.rejects(client.send(new DeleteBucketCommand({ Bucket })), {
    name: 'BucketNotEmpty',
    message: 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.',
  });
  await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'k', VersionId: first.VersionId }] } }),
  );
  await client.send(new DeleteBucketCommand({ Bucket }));
  client.destroy();
});

test('while versioning is suspended, the null version is the one that is replaced', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  assert.equal((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status, undefined);
  const before = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'before' }));
  assert.equal(before.VersionId, undefined);
  await setVersioning(client, 'Enabled');
  const kept = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'kept' }));
  assert.equal(await text(client, 'k', 'null'), 'before');
  await setVersioning(client, 'Suspended');
  const replacing = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'replacing' }));
  assert.equal(replacing.VersionId, 'null');
  assert.equal(await text(client, 'k', 'null'), 'replacing');
  assert.equal(await text(client, 'k', kept.VersionId), 'kept');
  const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  assert.equal(marker.VersionId, 'null');
  await assert.rejects(text(client, 'k', 'null'), { name: 'MethodNotAllowed' });
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  assert.deepEqual(
    Versions.map(({ VersionId }) => VersionId),
    [kept.VersionId],
  );
  assert.equal(DeleteMarkers[0]?.IsLatest, true);
  client.destroy();
});

test('tags are those of a version', async (t) => {
  const client = await versioned(await testEndpoint(t));
  const first = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '1', Tagging: 'a=1&b=x%20y' }));
  await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '2' }));
  const read = async (VersionId?: string) => {
    const tags = await client.send(
      new GetObjectTaggingCommand({ Bucket, Key: 'k', ...(VersionId ? { VersionId } : {}) }),
    );
    return Object.fromEntries((tags.TagSet ?? []).map(({ Key = '', Value }) => [Key, Value]));
  };
  assert.deepEqual(await read(first.VersionId), { a: '1', b: 'x y' });
  assert.deepEqual(await read(), {});
  const Tagging = { TagSet: [{ Key: 'c', Value: '3' }] };
  await client.send(new PutObjectTaggingCommand({ Bucket, Key: 'k', VersionId: first.VersionId, Tagging }));
  assert.deepEqual(await read(first.VersionId), { c: '3' });
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: first.VersionId }));
  assert.equal(got.TagCount, 1);
  client.destroy();
});

interface ModelVersion {
  readonly key: string;
  readonly id: string;
  /** Undefined for a delete marker. */
  readonly body: string | undefined;
}

/** Key and ETag of what each key has now. */
function currentOf(model: readonly ModelVersion[]): [key: string, etag: string][] {
  const keys = [...new Set(model.map(({ key }) => key))].sort();
  return keys.flatMap((key): [string, string][] => {
    const body = model.find((version) => version.key === key)?.body;
    return body === undefined ? [] : [[key, `"${createHash('md5').update(body).digest('hex')}"`]];
  });
}

test('random writes, deletions and restarts leave the versions that a plain list would have', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = await versioned(endpoint);
  const random = new SeededRandom(11);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
  /** Newest first. */
  let model: ModelVersion[] = [];
  let suspended = false;
  const add = (version: ModelVersion): void => {
    model = [version, ...model.filter(({ key, id }) => version.id !== 'null' || key !== version.key || id !== 'null')];
  };
  for (let step = 0; step < 150; step++) {
    const key = pick(['a', 'a/b', 'ab', 'b']);
    const chance = random.next();
    if (chance < 0.5) {
      const { VersionId: id = '' } = await client.send(new PutObjectCommand({ Bucket, Key: key, Body: `${step}` }));
      add({ key, id, body: `${step}` });
    } else if (chance < 0.65) {
      const { VersionId: id = '' } = await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      add({ key, id, body: undefined });
    } else if (chance < 0.95 && model.length > 0) {
      const gone = pick(model);
      await client.send(new DeleteObjectCommand({ Bucket, Key: gone.key, VersionId: gone.id }));
      model = model.filter((version) => version !== gone);
    } else if (chance < 0.98) {
      suspended = !suspended;
      await setVersioning(client, suspended ? 'Suspended' : 'Enabled');
    } else {
      client.destroy();
      await endpoint.restart();
      client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
    }
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
    assert.deepEqual(
      Contents.map(({ Key, ETag }) => [Key, ETag]),
      currentOf(model),
      `step ${step}`,
    );
  }
  const keys = [...new Set(model.map(({ key }) => key))].sort();
  const expected = keys.flatMap((key) => model.filter((version) => version.key === key));
  assert.deepEqual(
    await listAll(client),
    expected.map(({ key, id }) => `${key} ${id}`),
  );
  for (const { key, id, body } of expected) if (body !== undefined) assert.equal(await text(client, key, id), body);
  client.destroy();
});

/** `key id` of all versions, page by page of one, since an answer lists versions and markers apart. */
async function listAll(client: S3Client): Promise<string[]> {
  const listed: string[] = [];
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 1, ...marker }));
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      listed.push(`${Key} ${VersionId}`);
    }
    if (page.IsTruncated !== true) return listed;
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}
