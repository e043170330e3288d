import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IssuedKey } from '../identity-port.js';
import { canonicalRequest, type SignedRequest } from './canonical-request.js';
import { credentialFaultOf } from './verify-request.js';

const KEY: IssuedKey = {
  accessKeyId: 'AKIDEXAMPLE',
  accountId: '000000000000',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  isActive: true,
  principal: { kind: 'root', accountId: '000000000000' },
};

/** The example of AWS's guide: https://docs.aws.amazon.com/general/latest/gr/sigv4-signed-request-examples.html */
const IAM: SignedRequest = {
  method: 'GET',
  path: '/',
  query: 'Action=ListUsers&Version=2010-05-08',
  headers: {
    host: 'iam.amazonaws.com',
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date, ' +
      'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  body: Buffer.alloc(0),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and …/sigv4-query-string-auth.html */
const S3_KEY: IssuedKey = {
  ...KEY,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const S3_HOST = { host: 'examplebucket.s3.amazonaws.com' };
const S3_GET: SignedRequest = {
  method: 'GET',
  path: '/test.txt',
  query: '',
  headers: {
    ...S3_HOST,
    range: 'bytes=0-9',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'x-amz-date': '20130524T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
      'SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,' +
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  body: undefined,
};
const PRESIGNED: SignedRequest = {
  method: 'GET',
  path: '/test.txt',
  query:
    'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: S3_HOST,
  body: undefined,
};

test("the signatures of AWS's own examples are sound", () => {
  assert.equal(credentialFaultOf(IAM, KEY, 0), undefined);
  assert.equal(credentialFaultOf(S3_GET, S3_KEY, 0), undefined);
  assert.equal(credentialFaultOf(PRESIGNED, S3_KEY, 0), undefined);
});

test('nothing that is signed can be changed', () => {
  const changed: Record<string, SignedRequest> = {
    method: { ...IAM, method: 'POST' },
    query: { ...IAM, query: IAM.query.replace('ListUsers', 'ListRoles') },
    body: { ...IAM, body: Buffer.from('x') },
    header: { ...IAM, headers: { ...IAM.headers, host: 'elsewhere' } },
    date: { ...IAM, headers: { ...IAM.headers, 'x-amz-date': '20150830T123601Z' } },
  };
  for (const [what, request] of Object.entries(changed)) {
    assert.equal(credentialFaultOf(request, KEY, 0)?.code, 'InvalidSignatureException', what);
  }
  const path = { ...PRESIGNED, path: '/other.txt' };
  assert.equal(credentialFaultOf(path, S3_KEY, 0)?.code, 'InvalidSignatureException');
  assert.equal(credentialFaultOf(IAM, { ...KEY, secret: 'another' }, 0)?.code, 'InvalidSignatureException');
});

test('a session needs its token, until it is over', () => {
  const key = { ...KEY, session: { token: 'token', expirationMs: 1000 } };
  const withToken = { ...IAM, headers: { ...IAM.headers, 'x-amz-security-token': 'token' } };
  assert.equal(credentialFaultOf(withToken, key, 999), undefined);
  assert.equal(credentialFaultOf(withToken, key, 1000)?.code, 'ExpiredTokenException');
  assert.equal(credentialFaultOf(IAM, key, 999)?.code, 'UnrecognizedClientException');
  assert.equal(credentialFaultOf(IAM, { ...KEY, isActive: false }, 0)?.code, 'UnrecognizedClientException');
});

test('paths are encoded twice but for S3; parameters are sorted', () => {
  const request = { ...IAM, path: '/a%20b/./c/../d%3Ae/', query: 'b=2&a=%2F&b=1&c', headers: {}, body: undefined };
  const lines = (service: string) => canonicalRequest(request, { service, signedHeaders: [] }).split('\n');
  assert.deepEqual(lines('lambda').slice(1, 3), ['/a%2520b/d%253Ae/', 'a=%2F&b=1&b=2&c=']);
  assert.equal(lines('s3')[1], '/a%20b/./c/../d%3Ae/');
});

test("a session's token beside a key that is no session's is refused", () => {
  const withToken = { ...IAM, headers: { ...IAM.headers, 'x-amz-security-token': 'token' } };
  assert.deepEqual(credentialFaultOf(withToken, KEY, 0), {
    code: 'UnrecognizedClientException',
    message: 'The security token included in the request is invalid',
  });
});

test('DynamoDB wants to be named in the scope, and every body signed', () => {
  for (const target of ['DynamoDB_20120810.ListTables', 'DynamoDBStreams_20120810.ListStreams']) {
    const request = { ...IAM, headers: { ...IAM.headers, 'x-amz-target': target } };
    assert.deepEqual(credentialFaultOf(request, KEY, 0), {
      code: 'InvalidSignatureException',
      message: "Credential should be scoped to correct service: 'dynamodb'. ",
    });
  }
  const unsigned = { ...IAM, headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: Buffer.from('{}') };
  const payload = (service: string) => canonicalRequest(unsigned, { service, signedHeaders: [] }).split('\n').at(-1);
  assert.equal(payload('dynamodb'), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  assert.equal(payload('lambda'), 'UNSIGNED-PAYLOAD');
});
