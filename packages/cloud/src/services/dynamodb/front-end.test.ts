import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { SIGNED, send, testEndpoint } from '../../testing/test-endpoint.js';

const FRONT = 'com.amazon.coral.service#';
const LIST = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
const AWS_JSON = { 'content-type': 'application/x-amz-json-1.0' };
const UNKNOWN = { __type: `${FRONT}UnknownOperationException` };
const NOT_JSON = { __type: `${FRONT}SerializationException` };
const UNSIGNED = {
  __type: `${FRONT}MissingAuthenticationTokenException`,
  message: 'Request is missing Authentication Token',
};
const incomplete = (message: string) => ({ __type: `${FRONT}IncompleteSignatureException`, message });

interface Case {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly answer: object;
  /** `application/json` unless told otherwise. */
  readonly type?: string;
}

const CASES: Readonly<Record<string, Case>> = {
  'no target, nothing at all': { answer: UNKNOWN },
  'a target of nowhere': { headers: { 'x-amz-target': 'nowhere' }, answer: UNKNOWN },
  'an operation of nowhere, unsigned': { headers: { 'x-amz-target': 'DynamoDB_20120810.ListTable' }, answer: UNKNOWN },
  'JSON without a target': { headers: { 'content-type': 'application/json' }, body: '{}', answer: UNKNOWN },
  'a content type with parameters': {
    headers: { 'content-type': ' application/json ; charset=utf-8' },
    body: '{',
    answer: NOT_JSON,
  },
  'AWS JSON that is none': { headers: AWS_JSON, body: 'no', answer: NOT_JSON, type: AWS_JSON['content-type'] },
  'no signature': { headers: LIST, answer: UNSIGNED },
  'a signature of another kind': { headers: { ...LIST, authorization: 'AWS4' }, answer: UNSIGNED },
  'a query that has no algorithm': { path: '/?X-Amz-Credential=a&X-Amz-Signature=b', headers: LIST, answer: UNSIGNED },
  'two signatures': {
    path: '/?X-Amz-Algorithm=AWS4-HMAC-SHA256',
    headers: { ...LIST, authorization: SIGNED },
    answer: {
      __type: `${FRONT}InvalidSignatureException`,
      message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    },
  },
  'a signature without its parts and without a date': {
    headers: { ...LIST, authorization: 'AWS4-HMAC-SHA256 Credential=x' },
    answer: incomplete(
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        'Authorization=AWS4-HMAC-SHA256 Credential=x',
    ),
  },
  'a signature without a part, with a date': {
    headers: { ...LIST, authorization: 'AWS4- Credential=x,Signature=y', 'x-amz-date': '20260101T000000Z' },
    answer: incomplete(
      "Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4- Credential=x,Signature=y",
    ),
  },
  'a query without its parts': {
    path: '/?X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Date=d',
    headers: LIST,
    answer: incomplete(
      "AWS query-string parameters must include 'X-Amz-Signature'. " +
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    ),
  },
  'no body, signed': { headers: { ...LIST, authorization: SIGNED }, answer: NOT_JSON },
};

for (const [what, { path = '/', headers = {}, body = '', answer, type = 'application/json' }] of Object.entries(
  CASES,
)) {
  test(`DynamoDB's front end refuses: ${what}`, async (t) => {
    const endpoint = await testEndpoint(t);
    const got = await send(endpoint.current().url, { path, headers, body });
    assert.equal(got.status, 400);
    assert.deepEqual(JSON.parse(got.body), answer);
    assert.equal(got.headers['content-type'], type);
    assert.equal(got.headers['x-amz-crc32'], String(crc32(got.body)));
  });
}

test('a body of a type that DynamoDB does not know is not found', async (t) => {
  const endpoint = await testEndpoint(t);
  for (const type of ['application/x-amz-json-1.1', 'text/plain', 'application/jsonp', undefined]) {
    const headers: Record<string, string> = { ...LIST, authorization: SIGNED };
    if (type !== undefined) headers['content-type'] = type;
    const answer = await send(endpoint.current().url, { headers, body: '{}' });
    assert.deepEqual([answer.status, answer.body], [404, '<UnknownOperationException/>\n'], type);
    assert.match(String(answer.headers['x-amzn-requestid']), /^[0-9A-Z]{52}$/);
  }
});

test('a request signed in its query is answered, in the type that it came in', async (t) => {
  const endpoint = await testEndpoint(t);
  const credential = 'X-Amz-Credential=AKIDEXAMPLE%2F20260101%2Feu-west-2%2Fdynamodb%2Faws4_request';
  const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&${credential}&X-Amz-Signature=s&X-Amz-SignedHeaders=h&X-Amz-Date=d`;
  const headers = { ...LIST, 'content-type': 'application/json' };
  const answer = await send(endpoint.current().url, { path: `/?${query}`, headers, body: '{}' });
  assert.deepEqual([answer.status, answer.body], [200, '{"TableNames":[]}']);
  assert.equal(answer.headers['content-type'], 'application/json');
});

test('OPTIONS of no web page is a method that DynamoDB does not know', async (t) => {
  const endpoint = await testEndpoint(t);
  const answer = await send(endpoint.current().url, { method: 'OPTIONS' });
  assert.deepEqual([answer.status, answer.body], [404, '<UnknownOperationException/>\n']);
});
