import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { send, testEndpoint } from '../../testing/test-endpoint.js';

/** A URL as an SDK signs it; the signature itself is not what these tests are about. */
function presigned(signedMs: number, expires: string, more: Record<string, string> = {}): string {
  const date = new Date(signedMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIDEXAMPLE/${date.slice(0, 8)}/us-east-1/s3/aws4_request`,
    'X-Amz-Date': date,
    'X-Amz-Expires': expires,
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'abc',
    ...more,
  });
  return `/links/k?${query}`;
}

test('presigned URLs write and read until their time is over on the clock', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new S3Client({ ...endpoint.clientOptions(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'links' }));
  const { url } = endpoint.current();
  const nowMs = endpoint.clock.nowMs();
  const path = presigned(nowMs, '3600', { 'x-amz-meta-from': 'link' });
  const put = await send(url, { method: 'PUT', path, headers: { 'content-type': 'text/plain' }, body: 'v' });
  assert.equal(put.status, 200);
  const head = await client.send(new HeadObjectCommand({ Bucket: 'links', Key: 'k' }));
  assert.deepEqual([head.Metadata, head.ContentType], [{ from: 'link' }, 'text/plain']);
  client.destroy();
  const get = () => send(url, { method: 'GET', path: presigned(nowMs, '3600') });
  await endpoint.current().setClock({ advance: '1h' });
  assert.equal((await get()).body, 'v');
  await endpoint.current().setClock({ advance: '1s' });
  const late = await get();
  assert.equal(late.status, 403);
  assert.match(late.body, /<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
  assert.match(late.body, /<X-Amz-Expires>3600<\/X-Amz-Expires><Expires>2026-01-01T01:00:00Z<\/Expires>/);
});

test('a presigned URL that says too little or too much is refused', async (t) => {
  const endpoint = await testEndpoint(t);
  const get = async (path: string) => (await send(endpoint.current().url, { method: 'GET', path })).body;
  const nowMs = endpoint.clock.nowMs();
  for (const [expires, message] of [
    ['604801', 'must be less than a week'],
    ['-1', 'must be non-negative'],
    ['soon', 'should be a number'],
  ] as const) {
    const body = await get(presigned(nowMs, expires));
    assert.match(body, /<Code>AuthorizationQueryParametersError<\/Code>/);
    assert.ok(body.includes(message), body);
  }
  const partial = await get(presigned(nowMs, '60').replace(/&X-Amz-SignedHeaders=host/, ''));
  assert.match(partial, /requires the X-Amz-Algorithm/);
});
