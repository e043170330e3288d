import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { cbor } from '@smithy/core/cbor';
import {
  decodeInput,
  encodeError,
  encodeOutput,
  loadServiceModel,
  matchOperation,
  ServiceError,
  type ServiceModel,
  type WireRequest,
} from './index.js';
import { definitions } from './testing/service-definitions.js';
import { wireRequest } from './testing/wire-request.js';

const s3 = await loadServiceModel(definitions.s3);
const lambda = await loadServiceModel(definitions.lambda);
const cloudwatch = await loadServiceModel(definitions.cloudwatch);
const kms = await loadServiceModel(definitions.kms);
const dynamodb = await loadServiceModel(definitions.dynamodb);
const sts = await loadServiceModel(definitions.sts);

const form = { 'content-type': 'application/x-www-form-urlencoded' };

async function decode(model: ServiceModel, request: WireRequest): Promise<object> {
  const match = matchOperation(model, request);
  assert.ok(match.kind === 'operation', 'the operation is known');
  return decodeInput(model, match, request);
}

function jsonRequest(target: string, body: string): WireRequest {
  return wireRequest('POST', '/', { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' }, body);
}

describe('a malformed request', () => {
  it('is a SerializationException in JSON', async () => {
    const bodies = {
      '{"KeyId":': 'Could not parse the request body as JSON',
      '{"KeyId":1}': 'NUMBER_VALUE can not be converted to a String',
      '{"KeyId":{}}': 'Start of structure or map found where not expected.',
      '{"GrantTokens":"a"}': 'Unexpected field type',
      '[]': 'Start of list found where not expected',
    };
    for (const [body, message] of Object.entries(bodies)) {
      await assert.rejects(decode(kms, jsonRequest('TrentService.DescribeKey', body)), {
        code: 'SerializationException',
        message,
      });
    }
    const plaintext = jsonRequest('TrentService.Encrypt', '{"KeyId":"k","Plaintext":"not base64!"}');
    await assert.rejects(decode(kms, plaintext), { code: 'SerializationException' });
  });

  it('is refused when it is nested without end, instead of exhausting the stack', async () => {
    const nested = `${'{"L":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    const request = jsonRequest('DynamoDB_20120810.PutItem', `{"TableName":"t","Item":{"a":${nested}}}`);
    await assert.rejects(decode(dynamodb, request), { code: 'SerializationException' });
  });

  it('is a SerializationException in CBOR', async () => {
    const path = '/service/GraniteServiceVersion20100801/operation/ListMetrics';
    const headers = { 'smithy-protocol': 'rpc-v2-cbor' };
    const broken = wireRequest('POST', path, headers, Buffer.from([0xbf, 0x61]));
    await assert.rejects(decode(cloudwatch, broken), { code: 'SerializationException' });
    const wrong = wireRequest('POST', path, headers, Buffer.from(cbor.serialize({ Namespace: 1 })));
    await assert.rejects(decode(cloudwatch, wrong), { code: 'SerializationException' });
  });

  it('is MalformedInput in Query', async () => {
    const request = (rest: string): WireRequest => wireRequest('POST', '/', form, `Action=AssumeRole&${rest}`);
    await assert.rejects(decode(sts, request('DurationSeconds=soon')), { code: 'MalformedInput' });
    await assert.rejects(decode(sts, request('Tags.member.x.Key=a')), { code: 'MalformedInput' });
    await assert.rejects(decode(sts, request('RoleArn.member.1=a')), { code: 'MalformedInput' });
  });

  it('is MalformedXML in S3', async () => {
    for (const body of ['<Tagging><TagSet>', 'no xml', '<Delete/><Delete/>']) {
      const request = wireRequest('PUT', '/b?tagging', {}, body);
      await assert.rejects(decode(s3, request), { code: 'MalformedXML' });
    }
  });

  it('is a SerializationException in the URI and body of a REST-JSON service', async () => {
    const request = wireRequest('GET', '/2015-03-31/functions?MaxItems=many');
    await assert.rejects(decode(lambda, request), { code: 'SerializationException' });
    const body = wireRequest('POST', '/2015-03-31/functions', {}, '{"Timeout":"3"}');
    await assert.rejects(decode(lambda, body), { code: 'SerializationException' });
  });
});

describe('a lenient request', () => {
  it('may leave out the body, name unknown members, and hold nulls', async () => {
    assert.deepEqual(await decode(kms, jsonRequest('TrentService.ListKeys', '')), {});
    const body = '{"Limit":5,"Marker":null,"Unknown":[1]}';
    assert.deepEqual(await decode(kms, jsonRequest('TrentService.ListKeys', body)), { Limit: 5 });
  });

  it('cannot reach the prototype of an object', async () => {
    const body = '{"KeyId":"k","Plaintext":"","EncryptionContext":{"__proto__":"x"}}';
    const input = (await decode(kms, jsonRequest('TrentService.Encrypt', body))) as { EncryptionContext: object };
    assert.equal(Object.getPrototypeOf(input.EncryptionContext), Object.prototype);
    assert.deepEqual(Object.keys(input.EncryptionContext), ['__proto__']);
  });

  it('may write lists in Query in order, out of order, flat or empty', async () => {
    const tail = 'TransitiveTagKeys.member.10=c&TransitiveTagKeys.member.2=b&TransitiveTagKeys.member.1=a&PolicyArns=';
    const input = await decode(sts, wireRequest('POST', '/', form, `Action=AssumeRole&${tail}`));
    assert.deepEqual(input, { TransitiveTagKeys: ['a', 'b', 'c'], PolicyArns: [] });
    const flat = await decode(sts, wireRequest('POST', '/', form, 'Action=AssumeRole&TransitiveTagKeys.1=a'));
    assert.deepEqual(flat, { TransitiveTagKeys: ['a'] });
  });

  it('may be compressed', async () => {
    const path = '/service/GraniteServiceVersion20100801/operation/ListMetrics';
    const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-encoding': 'gzip' };
    const body = gzipSync(cbor.serialize({ Namespace: 'N' }));
    assert.deepEqual(await decode(cloudwatch, wireRequest('POST', path, headers, body)), { Namespace: 'N' });
    const broken = wireRequest('POST', path, headers, body.subarray(0, 12));
    await assert.rejects(decode(cloudwatch, broken), { code: 'SerializationException' });
  });

  it('may write XML with another root, comments, CDATA and space', async () => {
    const body =
      '<?xml version="1.0"?>\n<x:T xmlns:x="y">\n <!-- c --> <TagSet>\n<Tag><Key><![CDATA[<a>]]></Key><Value> b&#233; </Value></Tag></TagSet></x:T>';
    const input = await decode(s3, wireRequest('PUT', '/b?tagging', {}, body));
    assert.deepEqual(input, { Bucket: 'b', Tagging: { TagSet: [{ Key: '<a>', Value: ' bé ' }] } });
  });
});

describe('a response', () => {
  const match = (model: ServiceModel, request: WireRequest) => {
    const found = matchOperation(model, request);
    assert.ok(found.kind === 'operation');
    return found;
  };

  it('has no body and no length where HTTP forbids one', () => {
    const deletion = encodeOutput(s3, match(s3, wireRequest('DELETE', '/b/k')), { VersionId: 'v' }, 'id');
    assert.deepEqual([deletion.status, deletion.body, deletion.headers['content-length']], [204, '', undefined]);
    assert.equal(deletion.headers['x-amz-version-id'], 'v');
    const notModified = new ServiceError('NotModified', 'Not Modified', { httpStatus: 304 });
    assert.equal(encodeError(s3, 'restXml', notModified, 'id').body, '');
  });

  it('names S3’s documents and namespace', () => {
    const output = { Contents: [{ Key: 'a\u0001', Size: 0 }], Name: 'b' };
    const response = encodeOutput(s3, match(s3, wireRequest('GET', '/b?list-type=2')), output, 'id');
    assert.equal(
      response.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        '<Contents><Key>a&#x1;</Key><Size>0</Size></Contents><Name>b</Name></ListBucketResult>',
    );
  });

  it('wraps a Query result and its error', () => {
    const request = wireRequest('POST', '/', form, 'Action=GetAccessKeyInfo');
    const response = encodeOutput(sts, match(sts, request), { Account: '0' }, 'id');
    const namespace = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
    assert.equal(
      response.body,
      `<GetAccessKeyInfoResponse ${namespace}><GetAccessKeyInfoResult><Account>0</Account></GetAccessKeyInfoResult>` +
        '<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></GetAccessKeyInfoResponse>',
    );
    const error = encodeError(sts, 'awsQuery', new ServiceError('AccessDenied', 'no'), 'id');
    assert.equal(error.status, 403);
    assert.equal(
      error.body,
      `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>` +
        '<RequestId>id</RequestId></ErrorResponse>',
    );
  });

  it('carries the old Query code beside the new one', () => {
    const error = new ServiceError('DashboardNotFoundError', 'no');
    for (const protocol of ['awsJson1_0', 'rpcv2Cbor'] as const) {
      const { headers } = encodeError(cloudwatch, protocol, error, 'id');
      assert.equal(headers['x-amzn-query-error'], 'ResourceNotFound;Sender');
    }
  });
});
