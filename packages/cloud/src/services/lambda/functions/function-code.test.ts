import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipOfFiles } from '@tablewright/testkit';
import { unzip } from '../runtime/unzip.js';
import { lambdaFixture } from '../testing/lambda-fixture.js';

test('code comes from an object in S3, too', async (t) => {
  const { endpoint, create, invoke } = await lambdaFixture(t);
  const s3 = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  t.after(() => s3.destroy());
  const [S3Bucket, S3Key] = ['code', 'worker.zip'];
  await s3.send(new CreateBucketCommand({ Bucket: S3Bucket }));
  const Body = zipOfFiles({ 'index.mjs': "export const handler = async () => 'from S3';" });
  await s3.send(new PutObjectCommand({ Bucket: S3Bucket, Key: S3Key, Body }));
  await create('worker', '', { Code: { S3Bucket, S3Key } });
  assert.equal((await invoke('worker')).payload, 'from S3');
  await assert.rejects(create('other', '', { Code: { S3Bucket, S3Key: 'none' } }), {
    name: 'InvalidParameterValueException',
    message: /^Error occurred while GetObject\. S3 Error Code: NoSuchKey\. S3 Error Message: /,
  });
});

test('an archive is unpacked within its folder, or not at all', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tablewright-unzip-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await unzip(zipOfFiles({ 'a/b.txt': 'deep', 'c.txt': '' }), join(folder, 'good'));
  assert.equal(readFileSync(join(folder, 'good', 'a', 'b.txt'), 'utf8'), 'deep');
  assert.equal(readFileSync(join(folder, 'good', 'c.txt'), 'utf8'), '');
  await assert.rejects(unzip(zipOfFiles({ '../evil.txt': 'x' }), join(folder, 'bad')), /outside of the archive/);
  assert.throws(() => readFileSync(join(folder, 'evil.txt')), { code: 'ENOENT' });
  const link = (target: string): Buffer => {
    const zip = zipOfFiles({ link: target });
    // The entry's mode in the central directory: a symbolic link.
    zip.writeUInt16LE(0o120777, zip.indexOf('PK\x01\x02', 0, 'latin1') + 40);
    return zip;
  };
  await assert.rejects(unzip(link('../../etc/passwd'), join(folder, 'linked')), /links to what is outside/);
  await unzip(link('inside.txt'), join(folder, 'fine'));
  assert.equal(readlinkSync(join(folder, 'fine', 'link')), 'inside.txt');
});

test('no more invocations run at once than are reserved', async (t) => {
  const { create, lambda, endpoint } = await lambdaFixture(t);
  const FunctionName = 'worker';
  const gate = join(endpoint.dataDir, 'gate');
  const code = `
    import { existsSync } from 'node:fs';
    export const handler = (event, context, callback) => {
      const look = () => (existsSync(${JSON.stringify(gate)}) ? callback(null, 'done') : setTimeout(look, 10));
      look();
    };`;
  await create(FunctionName, code, { Timeout: 30 });
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 2 }));
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName }));
  const invocations = [invoke(), invoke(), invoke()];
  await assert.rejects(Promise.race(invocations), { name: 'TooManyRequestsException' });
  writeFileSync(gate, '');
  const outcomes = await Promise.allSettled(invocations);
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2);
});
