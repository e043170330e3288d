import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { IssuedKey } from '../kernel/identity-port.js';
import { ChunkSignatures } from '../kernel/signature/chunk-signatures.js';
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

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html#example-signature-calculations-streaming */
const EXAMPLE_KEY: IssuedKey = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  accountId: '000000000000',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  isActive: true,
  principal: undefined,
};
const EXAMPLE_REQUEST = {
  method: 'PUT',
  path: '/examplebucket/chunkObject.txt',
  query: '',
  body: undefined,
  headers: {
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;' +
      'x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  },
};
const EXAMPLE_CHUNKS = [
  [65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
  [1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
  [0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
] as const;

function exampleBody(letter = 'a'): string {
  return EXAMPLE_CHUNKS.map(([size, signature]) => {
    const data = size === 0 ? '' : letter.repeat(size);
    return `${size.toString(16)};chunk-signature=${signature}\r\n${data}\r\n`;
  }).join('');
}

test("the chunks of AWS's example are signed soundly; changed ones are found out", async () => {
  const decode = async (body: string, request = EXAMPLE_REQUEST) => {
    const decoder = new AwsChunkedDecoder(ChunkSignatures.of(request, EXAMPLE_KEY));
    const pieces: Buffer[] = [];
    decoder.end(body);
    for await (const piece of decoder) pieces.push(piece);
    return Buffer.concat(pieces).length;
  };
  assert.equal(await decode(exampleBody()), 66_560);
  const refused = { code: 'SignatureDoesNotMatch' };
  await assert.rejects(decode(exampleBody('b')), refused);
  const [first = '', second = ''] = exampleBody().split('\r\n');
  await assert.rejects(decode(exampleBody().replace(`${first}\r\n${second}\r\n`, '')), refused);
  await assert.rejects(decode(exampleBody().replace(/;chunk-signature=[0-9a-f]*/g, '')), refused);
});
