import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { AwsChunkedDecoder } from './aws-chunked.js';

const BODY =
  '5;chunk-signature=abc\r\nhello\r\n6\r\n world\r\n0;chunk-signature=def\r\nx-amz-checksum-crc32:AAAA\r\n\r\n';

async function decode(pieces: readonly string[]): Promise<{ text: string; decoder: AwsChunkedDecoder }> {
  const decoder = new AwsChunkedDecoder();
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(pieces.map((piece) => Buffer.from(piece))).compose(decoder)) {
    chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString(), decoder };
}

test('chunks and trailers are decoded wherever the network cuts them', async () => {
  for (let cut = 1; cut < BODY.length; cut++) {
    const { text, decoder } = await decode([BODY.slice(0, cut), BODY.slice(cut)]);
    assert.equal(text, 'hello world');
    assert.equal(decoder.trailers.get('x-amz-checksum-crc32'), 'AAAA');
  }
});

test('a body that ends early, or has no chunk size, fails', async () => {
  await assert.rejects(decode([BODY.slice(0, 30)]), /ends early/);
  await assert.rejects(decode(['no size\r\nhello']), /no size/);
});
