import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { DecodeAuthorizationMessageCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { UserError } from '@tablewright/base';
import { SIGNED, send, testEndpoint } from '../testing/test-endpoint.js';
import { startLocalEndpoint } from './local-endpoint.js';

const LIST_TABLES = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  authorization: SIGNED,
};

test('web pages of other sites are refused, whatever they send', async (t) => {
  const { url } = (await testEndpoint(t)).current();
  const refused: Record<string, string>[] = [
    { ...LIST_TABLES, origin: 'https://evil.example' },
    { ...LIST_TABLES, origin: 'null' },
    { ...LIST_TABLES, origin: 'http://localhost.evil.example' },
    { ...LIST_TABLES, origin: 'http://localhost:3000' },
    { ...LIST_TABLES, origin: 'http://127.0.0.1:1' },
    { ...LIST_TABLES, 'sec-fetch-site': 'cross-site' },
    { ...LIST_TABLES, 'sec-fetch-site': 'same-site' },
    { ...LIST_TABLES, host: 'evil.example' },
    { ...LIST_TABLES, host: 'localhost.evil.example:4566' },
  ];
  for (const headers of refused) {
    for (const path of ['/', '/_tablewright/reset', '/_tablewright/health']) {
      const answer = await send(url, { headers, path, body: '{}' });
      assert.equal(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  }
});

test('a CORS preflight is refused', async (t) => {
  const { url } = (await testEndpoint(t)).current();
  const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'POST' };
  const answer = await send(url, { method: 'OPTIONS', headers });
  assert.equal(answer.status, 403);
  assert.equal(answer.headers['access-control-allow-origin'], undefined);
});

test('clients may address the endpoint by IP address, localhost, a subdomain of it, and a name it was given', async (t) => {
  const endpoint = await testEndpoint(t);
  const { url, port } = endpoint.current();
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'bucket.s3.localhost', `[::1]:${port}`]) {
    const answer = await send(url, { headers: { ...LIST_TABLES, host }, body: '{}' });
    assert.equal(answer.status, 200, host);
  }
  const own = await send(url, { headers: { ...LIST_TABLES, origin: url }, body: '{}' });
  assert.equal(own.status, 200);
});

test('an operation that a service does not emulate is named in an error below 500', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new STSClient(endpoint.clientOptions());
  await assert.rejects(
    client.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' })),
    (error: Error & { $metadata?: object }) => {
      assert.equal(error.name, 'UnknownOperationException');
      assert.equal(error.message, 'STS DecodeAuthorizationMessage is not emulated by this endpoint');
      assert.ok(error.$metadata !== undefined && 'httpStatusCode' in error.$metadata);
      assert.equal(error.$metadata.httpStatusCode, 400);
      return true;
    },
  );
  client.destroy();
});

test('a service that is not there answers in JSON or XML, as it was asked', async (t) => {
  const { url } = (await testEndpoint(t)).current();
  const ec2 = await send(url, {
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: SIGNED.replace('/dynamodb/', '/ec2/'),
    },
    body: 'Action=DescribeInstances&Version=2016-11-15',
  });
  assert.equal(ec2.status, 400);
  assert.match(ec2.body, /<Code>UnknownOperationException<\/Code><Message>ec2: DescribeInstances is not emulated/);
  const textract = await send(url, {
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'Textract.DetectDocumentText',
      authorization: SIGNED.replace('/dynamodb/', '/textract/'),
    },
    body: '{}',
  });
  assert.equal(textract.status, 400);
  assert.deepEqual(JSON.parse(textract.body), {
    __type: 'UnknownOperationException',
    message: 'textract: DetectDocumentText is not emulated by this endpoint',
  });
});

test('the request log tells what was asked, and no secret', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new STSClient(endpoint.clientOptions('111122223333'));
  await client.send(new GetCallerIdentityCommand({}));
  client.destroy();
  const [record] = endpoint.current().requests();
  assert.equal(record?.service, 'sts');
  assert.equal(record?.operation, 'GetCallerIdentity');
  assert.equal(record?.accountId, '111122223333');
  assert.equal(record?.region, 'us-east-1');
  assert.equal(record?.status, 200);
  endpoint.clock.advance(1000);
  const file = readFileSync(join(endpoint.dataDir, 'requests.log'), 'utf8');
  assert.equal(JSON.parse(file).operation, 'GetCallerIdentity');
  assert.doesNotMatch(file, /Signature|secret/i);
});

test('a reset deletes all data and the endpoint goes on', async (t) => {
  const endpoint = await testEndpoint(t);
  const { url } = endpoint.current();
  const createTable = {
    TableName: 'gone',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  };
  const headers = { ...LIST_TABLES, 'x-amz-target': 'DynamoDB_20120810.CreateTable' };
  const created = await send(url, { headers, body: JSON.stringify(createTable) });
  assert.equal(created.status, 200, created.body);
  assert.equal((await send(url, { path: '/_tablewright/reset' })).status, 200);
  const listed = await send(url, { headers: LIST_TABLES, body: '{}' });
  assert.deepEqual(JSON.parse(listed.body), { TableNames: [] });
});

test('health tells version, process, folder and services', async (t) => {
  const endpoint = await testEndpoint(t);
  const answer = await send(endpoint.current().url, { method: 'GET', path: '/_tablewright/health' });
  const health = JSON.parse(answer.body);
  assert.equal(health.pid, process.pid);
  assert.equal(health.dataDir, endpoint.dataDir);
  assert.ok(health.services.includes('s3'));
  const file = JSON.parse(readFileSync(join(endpoint.dataDir, 'endpoint.json'), 'utf8'));
  assert.equal(file.url, endpoint.current().url);
});

test('a port in use is told with its owner and a remedy', async (t) => {
  const endpoint = await testEndpoint(t);
  const { port } = endpoint.current();
  const second = startLocalEndpoint({ port, dataDir: `${endpoint.dataDir}/second` });
  await assert.rejects(second, (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, new RegExp(`^port ${port} is in use by `));
    assert.match(error.remedy, /--port/);
    return true;
  });
});

test('closing lets requests in flight finish, and ends logs that are followed', async (t) => {
  const endpoint = await testEndpoint(t);
  const { url, port } = endpoint.current();
  const followed = send(url, { method: 'GET', path: '/_tablewright/logs?follow=1' });
  const socket = connect(port, '127.0.0.1');
  // Asked to, the endpoint says when it has the head of the request.
  const wanted = { ...LIST_TABLES, host: 'localhost', 'content-length': '2', expect: '100-continue' };
  const head = Object.entries(wanted).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`POST / HTTP/1.1\r\n${head.join('')}\r\n`);
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 100 Continue/);
  const closed = endpoint.current().close();
  socket.write('{}');
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 OK/);
  await closed;
  assert.equal((await followed).status, 200);
});
