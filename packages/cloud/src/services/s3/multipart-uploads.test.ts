import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  type CompleteMultipartUploadCommandInput,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  DeleteObjectCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';
import { runningChecksum } from './checksum-algorithms.js';

const Bucket = 'uploads';
const Key = 'dir/large';
/** The smallest that a part may be which is not the last. */
const PART_BYTES = 5 * 1024 * 1024;

async function open(endpoint: TestEndpoint): Promise<S3Client> {
  // Checksums are what these tests are about; the client adds none by itself.
  const options = { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' } as const;
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true, ...options });
  await client.send(new CreateBucketCommand({ Bucket }));
  return client;
}

async function begin(client: S3Client, more: Partial<CreateMultipartUploadCommandInput> = {}): Promise<string> {
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return UploadId;
}

function upload(client: S3Client, UploadId: string, PartNumber: number, Body: Buffer) {
  return client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
}

function complete(
  client: S3Client,
  UploadId: string,
  Parts: readonly { PartNumber: number; ETag?: string | undefined }[],
  more: Partial<CompleteMultipartUploadCommandInput> = {},
) {
  const MultipartUpload = { Parts: [...Parts] };
  return client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...more }));
}

const files = (endpoint: TestEndpoint): number =>
  readdirSync(join(endpoint.dataDir, 's3'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length;

test('parts in any order become one object, whose checksum of the whole follows from theirs', async (t) => {
  const endpoint = await testEndpoint(t);
  let client = await open(endpoint);
  const pieces = [Buffer.alloc(PART_BYTES, 'a'), Buffer.alloc(PART_BYTES + 7, 'b'), Buffer.from('the end')];
  const UploadId = await begin(client, { Metadata: { origin: 'test' }, ContentType: 'text/plain' });
  const etags: (string | undefined)[] = [];
  for (const index of [2, 0]) {
    etags[index] = (await upload(client, UploadId, index + 1, pieces[index] ?? Buffer.of())).ETag;
  }
  client.destroy();
  await endpoint.restart();
  client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  await upload(client, UploadId, 2, Buffer.alloc(PART_BYTES, 'replaced'));
  etags[1] = (await upload(client, UploadId, 2, pieces[1] ?? Buffer.of())).ETag;
  const unused = await upload(client, UploadId, 9, Buffer.from('left out'));
  assert.ok(unused.ETag);
  const { Parts = [] } = await client.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }));
  assert.deepEqual(
    Parts.map(({ PartNumber }) => PartNumber),
    [1, 2],
  );
  const done = await complete(
    client,
    UploadId,
    etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 })),
  );

  const whole = Buffer.concat(pieces);
  const sum = runningChecksum('ChecksumCRC64NVME');
  sum.update(whole);
  assert.equal(done.ChecksumCRC64NVME, sum.digest());
  assert.equal(done.ChecksumType, 'FULL_OBJECT');
  const digests = pieces.map((piece) => createHash('md5').update(piece).digest());
  assert.equal(done.ETag, `"${createHash('md5').update(Buffer.concat(digests)).digest('hex')}-3"`);
  assert.equal(files(endpoint), 3);
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  assert.ok(whole.equals((await got.Body?.transformToByteArray()) ?? Buffer.of()));
  assert.deepEqual([got.Metadata, got.ContentType], [{ origin: 'test' }, 'text/plain']);
  const across = await client.send(
    new GetObjectCommand({ Bucket, Key, Range: `bytes=${PART_BYTES - 2}-${PART_BYTES + 1}` }),
  );
  assert.equal(await across.Body?.transformToString(), 'aabb');
  const third = await client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 3 }));
  assert.equal(await third.Body?.transformToString(), 'the end');
  assert.equal(third.PartsCount, 3);
  await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key, PartNumber: 4 })), {
    name: 'InvalidPartNumber',
  });
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  assert.equal(files(endpoint), 0);
  client.destroy();
});

test('what does not add up is refused, and the upload stays', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await open(endpoint);
  const UploadId = await begin(client);
  const { ETag: small } = await upload(client, UploadId, 1, Buffer.from('small'));
  const { ETag } = await upload(client, UploadId, 2, Buffer.from('last'));
  const one = { PartNumber: 1, ETag: small };
  const two = { PartNumber: 2, ETag };
  await assert.rejects(complete(client, UploadId, [two, one]), { name: 'InvalidPartOrder' });
  await assert.rejects(complete(client, UploadId, [{ PartNumber: 1, ETag }, two]), { name: 'InvalidPart' });
  await assert.rejects(complete(client, UploadId, [one, { PartNumber: 3, ETag }]), { name: 'InvalidPart' });
  await assert.rejects(complete(client, UploadId, [one, two]), { name: 'EntityTooSmall' });
  await assert.rejects(complete(client, UploadId, []), { name: 'MalformedXML' });
  await assert.rejects(complete(client, UploadId, [two], { MpuObjectSize: 5 }), { name: 'InvalidRequest' });
  await assert.rejects(complete(client, UploadId, [two], { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }), { name: 'BadDigest' });
  await assert.rejects(complete(client, 'none', [two]), { name: 'NoSuchUpload' });
  await assert.rejects(upload(client, UploadId, 10_001, Buffer.of()), {
    name: 'InvalidArgument',
    message: 'Part number must be an integer between 1 and 10000, inclusive',
  });
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'there' }));
  await assert.rejects(complete(client, UploadId, [two], { IfNoneMatch: '*' }), { name: 'PreconditionFailed' });
  await assert.rejects(complete(client, UploadId, [two], { IfMatch: '"0"' }), { name: 'PreconditionFailed' });
  await complete(client, UploadId, [two], { MpuObjectSize: 4 });
  await assert.rejects(complete(client, UploadId, [two]), { name: 'NoSuchUpload' });
  client.destroy();
});

test('a composite checksum is that of the checksums of the parts, which all must have one', async (t) => {
  const client = await open(await testEndpoint(t));
  const UploadId = await begin(client, { ChecksumAlgorithm: 'SHA256' });
  await assert.rejects(upload(client, UploadId, 1, Buffer.from('v')), {
    message: 'Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum Type: null',
  });
  const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'v', ChecksumAlgorithm: 'SHA256' } as const;
  const { ETag, ChecksumSHA256 } = await client.send(new UploadPartCommand(part));
  await assert.rejects(complete(client, UploadId, [{ PartNumber: 1, ETag }]), {
    message: /^The upload was created using a sha256 checksum\. .* It was missing for part 1 in the request\.$/,
  });
  const Parts = [{ PartNumber: 1, ETag, ChecksumSHA256 }];
  const done = await complete(client, UploadId, Parts);
  const inner = createHash('sha256').update('v').digest();
  assert.equal(done.ChecksumSHA256, `${createHash('sha256').update(inner).digest('base64')}-1`);
  const attributes = await client.send(
    new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'] }),
  );
  assert.equal(attributes.Checksum?.ChecksumType, 'COMPOSITE');
  assert.deepEqual(attributes.ObjectParts?.Parts, [
    { PartNumber: 1, Size: 1, ChecksumSHA256: inner.toString('base64') },
  ]);
  const impossible = begin(client, { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' });
  await assert.rejects(impossible, { name: 'InvalidRequest' });
  client.destroy();
});

test('parts are copied from objects, and uploads are listed and aborted', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await open(endpoint);
  await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
  const CopySource = `${Bucket}/source`;
  const UploadId = await begin(client);
  const copy = { Bucket, Key, UploadId, PartNumber: 1, CopySource };
  await assert.rejects(client.send(new UploadPartCopyCommand({ ...copy, CopySourceRange: 'bytes=5-10' })), {
    message: 'Range specified is not valid for source object of size: 10',
  });
  const { CopyPartResult } = await client.send(new UploadPartCopyCommand({ ...copy, CopySourceRange: 'bytes=3-5' }));
  await complete(client, UploadId, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  assert.equal(await got.Body?.transformToString(), '345');

  const ids = [await begin(client), await begin(client)].sort();
  await begin(client, { Key: 'other/x' });
  await upload(client, ids[0] ?? '', 1, Buffer.from('part'));
  const page = await client.send(new ListMultipartUploadsCommand({ Bucket, MaxUploads: 1 }));
  assert.deepEqual([page.IsTruncated, page.NextKeyMarker, page.NextUploadIdMarker], [true, Key, ids[0]]);
  const rest = await client.send(
    new ListMultipartUploadsCommand({
      Bucket,
      KeyMarker: page.NextKeyMarker,
      UploadIdMarker: page.NextUploadIdMarker,
      Delimiter: '/',
    }),
  );
  assert.deepEqual(
    rest.CommonPrefixes?.map(({ Prefix }) => Prefix),
    ['dir/', 'other/'],
  );
  await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: ids[0] }));
  await assert.rejects(upload(client, ids[0] ?? '', 2, Buffer.of(1)), { name: 'NoSuchUpload' });
  assert.equal(files(endpoint), 2);
  client.destroy();
});

test('a reader gets the whole object, though it is deleted meanwhile', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = await open(endpoint);
  const Body = Buffer.alloc(16 * 1024 * 1024, 'x');
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const got = await client.send(new GetObjectCommand({ Bucket, Key }));
  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  assert.equal((await got.Body?.transformToByteArray())?.length, Body.length);
  client.destroy();
});
