// The process is killed while objects are written, replaced and deleted: what was acknowledged is there with its bytes,
// and no file is left that nothing names.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { startInBackground, stopLocalEndpoint } from '@tablewright/cloud';
import { SeededRandom } from '@tablewright/testkit';

const Bucket = 'survivors';
const ROUNDS = 4;
const WRITERS = 6;
/** Acknowledged writes before the kill of each round. */
const WRITES = 25;

/** What the last acknowledged write of a key left; undefined: deleted. Keys with a write under way are not in it. */
type Ledger = Map<string, string | undefined>;

test('after each kill every acknowledged object is whole, and nothing else lies on the disk', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tablewright-s3-crash-'));
  t.after(async () => {
    await stopLocalEndpoint({ dataDir });
    rmSync(dataDir, { recursive: true, force: true });
  });
  const random = new SeededRandom(7);
  const ledger: Ledger = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    const { pid, url } = await startInBackground({ port: 0, dataDir });
    const client = connect(url);
    if (round === 0) {
      await client.send(new CreateBucketCommand({ Bucket }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    await check(client, dataDir, ledger);
    let written = 0;
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      for (let step = 0; written < WRITES; step++) {
        await write(client, random, `writer${writer}/${step % 5}`, ledger);
        written += 1;
      }
      // The first to see it kills the process under the others.
      if (written === WRITES) process.kill(pid, 'SIGKILL');
    });
    await Promise.allSettled(writers);
    client.destroy();
  }
  const { url } = await startInBackground({ port: 0, dataDir });
  const client = connect(url);
  await check(client, dataDir, ledger);
  client.destroy();
});

function connect(endpoint: string): S3Client {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 1 });
}

async function write(client: S3Client, random: SeededRandom, Key: string, ledger: Ledger): Promise<void> {
  ledger.delete(Key);
  const chance = random.next();
  const Body = Buffer.from(random.bytes(random.integer(0, 2000)));
  if (chance < 0.6) await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  else if (chance < 0.8) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  else {
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const part = { Bucket, Key, UploadId, PartNumber: 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
  }
  ledger.set(Key, chance >= 0.6 && chance < 0.8 ? undefined : md5(Body));
}

async function check(client: S3Client, dataDir: string, ledger: Ledger): Promise<void> {
  for (const [Key, digest] of ledger) {
    if (digest === undefined) {
      await assert.rejects(client.send(new GetObjectCommand({ Bucket, Key })), { name: 'NoSuchKey' }, Key);
      continue;
    }
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(md5((await Body?.transformToByteArray()) ?? Buffer.of()), digest, Key);
  }
  const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
  let named = Versions.length;
  for (const { Key, UploadId } of Uploads) {
    named += (await client.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts?.length ?? 0;
  }
  const entries = readdirSync(join(dataDir, 's3'), { recursive: true, withFileTypes: true });
  assert.equal(entries.filter((entry) => entry.isFile()).length, named, 'files beside those that records name');
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}
