import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeError, loadServiceModel, matchOperation, type ServiceModel } from './index.js';
import { definitions } from './testing/service-definitions.js';
import { wireRequest } from './testing/wire-request.js';

const s3 = await loadServiceModel(definitions.s3);
const lambda = await loadServiceModel(definitions.lambda);
const cloudwatch = await loadServiceModel(definitions.cloudwatch);
const kms = await loadServiceModel(definitions.kms);
const sts = await loadServiceModel(definitions.sts);

function found(
  model: ServiceModel,
  method: string,
  url: string,
  headers: Record<string, string> = {},
  body = '',
): [operation: string, labels: Record<string, string>] {
  const match = matchOperation(model, wireRequest(method, url, headers, body));
  return match.kind === 'operation' ? [match.operation.name, Object.fromEntries(match.labels)] : [match.error.code, {}];
}

describe('matching a REST request', () => {
  it('tells S3 operations apart by method, path and query, without any hint', () => {
    const key = { Bucket: 'b', Key: 'k' };
    assert.deepEqual(found(s3, 'GET', '/'), ['ListBuckets', {}]);
    assert.deepEqual(found(s3, 'PUT', '/b'), ['CreateBucket', { Bucket: 'b' }]);
    assert.deepEqual(found(s3, 'HEAD', '/b/'), ['HeadBucket', { Bucket: 'b' }]);
    assert.deepEqual(found(s3, 'GET', '/b?prefix=x'), ['ListObjects', { Bucket: 'b' }]);
    assert.deepEqual(found(s3, 'GET', '/b/?list-type=2&prefix=x'), ['ListObjectsV2', { Bucket: 'b' }]);
    assert.deepEqual(found(s3, 'GET', '/b?versions'), ['ListObjectVersions', { Bucket: 'b' }]);
    assert.deepEqual(found(s3, 'PUT', '/b/k'), ['PutObject', key]);
    assert.deepEqual(found(s3, 'PUT', '/b/k', { 'x-amz-copy-source': 'b/o' }), ['CopyObject', key]);
    assert.deepEqual(found(s3, 'PUT', '/b/k?partNumber=1&uploadId=u'), ['UploadPart', key]);
    assert.deepEqual(found(s3, 'PUT', '/b/k?tagging'), ['PutObjectTagging', key]);
    assert.deepEqual(found(s3, 'POST', '/b/k?uploads'), ['CreateMultipartUpload', key]);
    assert.deepEqual(found(s3, 'POST', '/b/k?uploadId=u'), ['CompleteMultipartUpload', key]);
    assert.deepEqual(found(s3, 'DELETE', '/b/k?uploadId=u'), ['AbortMultipartUpload', key]);
    assert.deepEqual(found(s3, 'DELETE', '/b/k'), ['DeleteObject', key]);
  });

  it('keeps every slash and every encoded character of an S3 key', () => {
    assert.deepEqual(found(s3, 'GET', '/b//a//b%2Fc%20d/'), ['GetObject', { Bucket: 'b', Key: '/a//b/c d/' }]);
    assert.deepEqual(found(s3, 'GET', '/b/a+b'), ['GetObject', { Bucket: 'b', Key: 'a+b' }]);
  });

  it('takes the bucket from the host name where it stands there', () => {
    const headers = { host: 'my.bucket.s3.eu-west-1.amazonaws.com' };
    assert.deepEqual(found(s3, 'GET', '/', headers), ['ListObjects', { Bucket: 'my.bucket' }]);
    assert.deepEqual(found(s3, 'GET', '/a/b', headers), ['GetObject', { Bucket: 'my.bucket', Key: 'a/b' }]);
  });

  it('decodes labels, and lets a slash at the end pass', () => {
    const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    assert.deepEqual(found(lambda, 'GET', '/2015-03-31/functions'), ['ListFunctions', {}]);
    assert.deepEqual(found(lambda, 'GET', '/2015-03-31/functions/'), ['ListFunctions', {}]);
    assert.deepEqual(found(lambda, 'POST', `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`), [
      'Invoke',
      { FunctionName: arn },
    ]);
  });

  it('answers what no operation fits, and a path that cannot be decoded', () => {
    assert.deepEqual(found(lambda, 'GET', '/nothing/here'), ['UnknownOperationException', {}]);
    assert.deepEqual(found(s3, 'PATCH', '/b/k'), ['MethodNotAllowed', {}]);
    assert.deepEqual(found(s3, 'GET', '/b/%zz'), ['InvalidURI', {}]);
    assert.deepEqual(found(s3, 'GET', '/%zz'), ['InvalidURI', {}]);
  });
});

describe('finding the protocol', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const body = 'Action=ListMetrics&Version=2010-08-01';
  const json = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'GraniteServiceVersion20100801.ListMetrics',
  };
  const cborPath = '/service/GraniteServiceVersion20100801/operation/ListMetrics';

  it('goes by the request alone', () => {
    const requests = {
      awsQuery: wireRequest('POST', '/', form, body),
      awsJson1_0: wireRequest('POST', '/', json, '{}'),
      rpcv2Cbor: wireRequest('POST', cborPath, { 'smithy-protocol': 'rpc-v2-cbor' }),
    };
    for (const [protocol, request] of Object.entries(requests)) {
      const match = matchOperation(cloudwatch, request);
      assert.deepEqual([match.kind, match.protocol], ['operation', protocol]);
    }
  });

  it('takes a Query request by GET, as presigned URLs are', () => {
    assert.equal(found(sts, 'GET', '/?Action=GetCallerIdentity&Version=2011-06-15')[0], 'GetCallerIdentity');
  });

  it('answers an unknown operation with the error of the protocol', () => {
    const target = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Nothing' };
    const unknown = [
      [kms, wireRequest('POST', '/', target, '{}'), 'UnknownOperationException', 400],
      [sts, wireRequest('POST', '/', form, 'Action=Nothing&Version=2011-06-15'), 'InvalidAction', 400],
      [sts, wireRequest('POST', '/', form, 'Version=2011-06-15'), 'MissingAction', 400],
      [
        cloudwatch,
        wireRequest('POST', `${cborPath}s`, { 'smithy-protocol': 'rpc-v2-cbor' }),
        'UnknownOperationException',
        404,
      ],
      [lambda, wireRequest('GET', '/nothing'), 'UnknownOperationException', 404],
      [s3, wireRequest('PATCH', '/b'), 'MethodNotAllowed', 405],
    ] as const;
    for (const [model, request, code, status] of unknown) {
      const match = matchOperation(model, request);
      assert.ok(match.kind === 'unknown');
      assert.equal(match.error.code, code);
      assert.equal(encodeError(model, match.protocol, match.error, 'id').status, status);
    }
  });
});
