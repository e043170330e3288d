import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTorrentCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { send, type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

function s3(endpoint: TestEndpoint, accountId?: string): S3Client {
  return new S3Client({ ...endpoint.clientOptions(accountId), forcePathStyle: true });
}

test('an object comes back with its bytes, metadata and ETag, also after a restart', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'first' }));
  const Body = Buffer.from('some bytes');
  const Metadata = { owner: 'ops' };
  const put = await client.send(
    new PutObjectCommand({ Bucket: 'first', Key: 'a/ü b.txt', Body, ContentType: 'text/plain', Metadata }),
  );
  assert.equal(put.ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
  client.destroy();
  await endpoint.restart();
  client = s3(endpoint);
  const got = await client.send(new GetObjectCommand({ Bucket: 'first', Key: 'a/ü b.txt' }));
  assert.equal(await got.Body?.transformToString(), 'some bytes');
  assert.equal(got.ContentType, 'text/plain');
  assert.deepEqual(got.Metadata, Metadata);
  assert.equal(got.ETag, put.ETag);
  const head = await client.send(new HeadObjectCommand({ Bucket: 'first', Key: 'a/ü b.txt' }));
  assert.equal(head.ContentLength, 10);
  client.destroy();
});

test('large objects stream both ways, with a checksum in the trailer', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'large' }));
  const block = Buffer.alloc(1024 * 1024, 'x');
  const blocks = 24;
  const Body = Readable.from(Array.from({ length: blocks }, () => block));
  const ContentLength = blocks * block.length;
  const put = await client.send(
    new PutObjectCommand({ Bucket: 'large', Key: 'k', Body, ContentLength, ChecksumAlgorithm: 'CRC32' }),
  );
  assert.ok(put.ChecksumCRC32);
  const got = await client.send(new GetObjectCommand({ Bucket: 'large', Key: 'k', ChecksumMode: 'ENABLED' }));
  assert.equal(got.ChecksumCRC32, put.ChecksumCRC32);
  assert.equal((await got.Body?.transformToByteArray())?.length, ContentLength);
  client.destroy();
});

test('a body that does not match its checksum is refused and leaves nothing', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'checked' }));
  const wrong = createHash('md5').update('other').digest('base64');
  const put = new PutObjectCommand({ Bucket: 'checked', Key: 'k', Body: 'text', ContentMD5: wrong });
  await assert.rejects(client.send(put), { name: 'BadDigest' });
  const other = createHash('sha256').update('other').digest('base64');
  const sum = new PutObjectCommand({ Bucket: 'checked', Key: 'k', Body: 'text', ChecksumSHA256: other });
  await assert.rejects(client.send(sum), { name: 'BadDigest' });
  const short = new PutObjectCommand({ Bucket: 'checked', Key: 'k', Body: 'text', ChecksumSHA256: 'AAAA' });
  await assert.rejects(client.send(short), { name: 'InvalidRequest' });
  await assert.rejects(client.send(new GetObjectCommand({ Bucket: 'checked', Key: 'k' })), { name: 'NoSuchKey' });
  client.destroy();
});

test('a range is answered with 206 and its place in the whole', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'ranges' }));
  await client.send(new PutObjectCommand({ Bucket: 'ranges', Key: 'k', Body: '0123456789' }));
  const get = (Range: string) => client.send(new GetObjectCommand({ Bucket: 'ranges', Key: 'k', Range }));
  const middle = await get('bytes=2-4');
  assert.equal(middle.$metadata.httpStatusCode, 206);
  assert.equal(middle.ContentRange, 'bytes 2-4/10');
  assert.equal(await middle.Body?.transformToString(), '234');
  assert.equal(await (await get('bytes=-3')).Body?.transformToString(), '789');
  assert.equal(await (await get('bytes=8-99')).Body?.transformToString(), '89');
  await assert.rejects(get('bytes=10-'), { name: 'InvalidRange' });
  client.destroy();
});

test('of many writers with If-None-Match: * one wins', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'locks' }));
  const attempts = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      client.send(new PutObjectCommand({ Bucket: 'locks', Key: 'lock', Body: `${index}`, IfNoneMatch: '*' })),
    ),
  );
  const winners = attempts.flatMap((attempt, index) => (attempt.status === 'fulfilled' ? [index] : []));
  assert.equal(winners.length, 1);
  const lost = attempts.find((attempt) => attempt.status === 'rejected');
  assert.equal(lost?.reason.name, 'PreconditionFailed');
  const got = await client.send(new GetObjectCommand({ Bucket: 'locks', Key: 'lock' }));
  assert.equal(await got.Body?.transformToString(), `${winners[0]}`);
  const stale = new PutObjectCommand({ Bucket: 'locks', Key: 'lock', Body: 'x', IfMatch: '"0"' });
  await assert.rejects(client.send(stale), { name: 'PreconditionFailed' });
  client.destroy();
});

test('conditional reads answer 304 and 412', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'reads' }));
  const { ETag } = await client.send(new PutObjectCommand({ Bucket: 'reads', Key: 'k', Body: 'v' }));
  const unchanged = new GetObjectCommand({ Bucket: 'reads', Key: 'k', IfNoneMatch: ETag });
  await assert.rejects(client.send(unchanged), (error: { $metadata?: { httpStatusCode?: number } }) => {
    assert.equal(error.$metadata?.httpStatusCode, 304);
    return true;
  });
  const changed = new GetObjectCommand({ Bucket: 'reads', Key: 'k', IfMatch: '"0"' });
  await assert.rejects(client.send(changed), { name: 'PreconditionFailed' });
  client.destroy();
});

test('listings group by delimiter and page without loss or repetition', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'lists' }));
  const keys = ['a', 'b/1', 'b/2', 'c/1', 'd &<é', 'e'];
  await Promise.all(keys.map((Key) => client.send(new PutObjectCommand({ Bucket: 'lists', Key, Body: '' }))));
  const seen: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: 'lists', Delimiter: '/', MaxKeys: 2, ContinuationToken }),
    );
    assert.ok((page.KeyCount ?? 0) <= 2);
    seen.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix ?? ''));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  assert.deepEqual(seen.sort(), ['a', 'b/', 'c/', 'd &<é', 'e']);
  const under = await client.send(new ListObjectsCommand({ Bucket: 'lists', Prefix: 'b/', Marker: 'b/1' }));
  assert.deepEqual(
    under.Contents?.map(({ Key }) => Key),
    ['b/2'],
  );
  const encoded = await client.send(new ListObjectsV2Command({ Bucket: 'lists', Prefix: 'd', EncodingType: 'url' }));
  assert.equal(encoded.Contents?.[0]?.Key, 'd%20%26%3C%C3%A9');
  client.destroy();
});

test('a copy keeps or replaces the metadata', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'copies' }));
  const source = { Bucket: 'copies', Key: 'from me', Body: 'v', Metadata: { a: '1' } };
  await client.send(new PutObjectCommand(source));
  const CopySource = 'copies/from%20me';
  await client.send(new CopyObjectCommand({ Bucket: 'copies', Key: 'kept', CopySource }));
  await client.send(
    new CopyObjectCommand({
      Bucket: 'copies',
      Key: 'new',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
    }),
  );
  const kept = await client.send(new HeadObjectCommand({ Bucket: 'copies', Key: 'kept' }));
  assert.deepEqual(kept.Metadata, { a: '1' });
  const replaced = await client.send(new GetObjectCommand({ Bucket: 'copies', Key: 'new' }));
  assert.deepEqual(replaced.Metadata, { b: '2' });
  assert.equal(await replaced.Body?.transformToString(), 'v');
  client.destroy();
});

test('buckets: created, found, refused while full, deleted', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'box' }));
  await client.send(
    new CreateBucketCommand({ Bucket: 'far', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  const location = await client.send(new GetBucketLocationCommand({ Bucket: 'far' }));
  assert.equal(location.LocationConstraint, 'eu-west-1');
  assert.equal((await client.send(new HeadBucketCommand({ Bucket: 'far' }))).BucketRegion, 'eu-west-1');
  await client.send(new PutObjectCommand({ Bucket: 'box', Key: 'k', Body: 'v' }));
  await assert.rejects(client.send(new DeleteBucketCommand({ Bucket: 'box' })), { name: 'BucketNotEmpty' });
  await client.send(new PutObjectCommand({ Bucket: 'box', Key: 'k2', Body: 'v' }));
  await client.send(new DeleteObjectCommand({ Bucket: 'box', Key: 'k' }));
  const many = await client.send(
    new DeleteObjectsCommand({ Bucket: 'box', Delete: { Objects: [{ Key: 'k2' }, { Key: 'never' }] } }),
  );
  assert.deepEqual(
    many.Deleted?.map(({ Key }) => Key),
    ['k2', 'never'],
  );
  await client.send(new DeleteBucketCommand({ Bucket: 'box' }));
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  assert.deepEqual(
    Buckets?.map(({ Name }) => Name),
    ['far'],
  );
  await assert.rejects(client.send(new GetObjectCommand({ Bucket: 'box', Key: 'k' })), { name: 'NoSuchBucket' });
  client.destroy();
});

test('a bucket of another account is out of reach, and its name taken', async (t) => {
  const endpoint = await testEndpoint(t);
  const owner = s3(endpoint, '111122223333');
  const other = s3(endpoint, '444455556666');
  await owner.send(new CreateBucketCommand({ Bucket: 'private' }));
  await assert.rejects(other.send(new ListObjectsV2Command({ Bucket: 'private' })), { name: 'AccessDenied' });
  await assert.rejects(other.send(new CreateBucketCommand({ Bucket: 'private' })), { name: 'BucketAlreadyExists' });
  assert.deepEqual((await other.send(new ListBucketsCommand({}))).Buckets ?? [], []);
  owner.destroy();
  other.destroy();
});

test('the bucket may stand in the host name', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await client.send(new CreateBucketCommand({ Bucket: 'hosted' }));
  await client.send(new PutObjectCommand({ Bucket: 'hosted', Key: 'dir/k', Body: 'v' }));
  client.destroy();
  const authorization =
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=abc';
  for (const host of ['hosted.s3.localhost:4566', 'hosted.localhost', 'hosted.s3.us-east-1.localhost']) {
    const answer = await send(endpoint.current().url, {
      method: 'GET',
      path: '/dir/k',
      headers: { host, authorization },
    });
    assert.equal(answer.body, 'v', host);
  }
  const unsigned = await send(endpoint.current().url, { method: 'GET', path: '/hosted/dir/k' });
  assert.equal(unsigned.status, 403);
  assert.match(unsigned.body, /<Code>AccessDenied<\/Code>/);
});

test('what is not emulated says so', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = s3(endpoint);
  await assert.rejects(client.send(new GetObjectTorrentCommand({ Bucket: 'b', Key: 'k' })), {
    name: 'UnknownOperationException',
    message: 'S3 GetObjectTorrent is not emulated by this endpoint',
  });
  client.destroy();
});
