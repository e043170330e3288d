import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { SIGNED, testEndpoint } from '../../testing/test-endpoint.js';

const TARGET = 'X-Amz-Target: DynamoDB_20120810.ListTables';

function post(body: string, more: readonly string[] = [TARGET]): string {
  const type = 'Content-Type: application/x-amz-json-1.0';
  const lines = ['POST / HTTP/1.1', 'Host: localhost', type, `Authorization: ${SIGNED}`, ...more];
  return `${lines.join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const LIST = post('{}');
const HEALTH = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function open(t: TestContext): Promise<Socket> {
  const endpoint = (await testEndpoint(t)).current();
  const socket = connect(endpoint.port, '127.0.0.1');
  t.after(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** What the endpoint answers until `count` answers are there, or the connection has ended. */
async function answers(socket: Socket, count: number): Promise<string[]> {
  let text = '';
  const found = () => text.split(/(?=HTTP\/1\.1 \d)/).filter((answer) => answer !== '');
  const isWhole = (answer: string) => {
    if (/transfer-encoding: chunked/i.test(answer)) return answer.endsWith('\r\n0\r\n\r\n');
    const length = /content-length: (\d+)/i.exec(answer)?.[1];
    return length !== undefined && answer.length - answer.indexOf('\r\n\r\n') - 4 >= Number(length);
  };
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (found().filter(isWhole).length >= count) break;
  }
  return found();
}

/** An answer without what differs from one to the next. */
function shape(answer: string | undefined): string {
  return (answer ?? '').replace(/(x-amzn-requestid|Date): [^\r]*/g, '$1');
}

test('an answer of the fast lane is that of the HTTP server, byte for byte', async (t) => {
  const socket = await open(t);
  socket.write(LIST);
  const [inLane] = await answers(socket, 1);
  socket.write(post('{}', [TARGET, 'Proxy-Connection: keep-alive']));
  const [onServer] = await answers(socket, 1);
  assert.match(inLane ?? '', /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(inLane ?? '', /\{"TableNames":\[\]\}$/);
  assert.equal(shape(inLane), shape(onServer));
});

test('a request may arrive cut anywhere', async (t) => {
  const endpoint = (await testEndpoint(t)).current();
  for (let at = 1; at < LIST.length; at += 7) {
    const socket = connect({ port: endpoint.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    await new Promise((resolve) => socket.write(LIST.slice(0, at), resolve));
    await new Promise((resolve) => setImmediate(resolve));
    socket.write(LIST.slice(at));
    const [answer] = await answers(socket, 1);
    assert.match(answer ?? '', /^HTTP\/1\.1 200 OK/, `cut at ${at}`);
    socket.destroy();
  }
});

test('pipelined requests are answered in order, also across the change to the HTTP server', async (t) => {
  const socket = await open(t);
  const unknown = post('{}', ['X-Amz-Target: DynamoDB_20120810.Nonsense']);
  socket.write(LIST + unknown + LIST + HEALTH + LIST + unknown);
  const all = await answers(socket, 6);
  const kinds = all.map((answer) => /TableNames|UnknownOperation|healthy/.exec(answer)?.[0]);
  assert.deepEqual(kinds, [
    'TableNames',
    'UnknownOperation',
    'TableNames',
    'healthy',
    'TableNames',
    'UnknownOperation',
  ]);
});

test('many pipelined requests, cut into pieces of odd sizes, all get their answers', async (t) => {
  const socket = await open(t);
  const bytes = LIST.repeat(300);
  for (let at = 0; at < bytes.length; at += 997) socket.write(bytes.slice(at, at + 997));
  const all = await answers(socket, 300);
  assert.equal(all.length, 300);
  for (const answer of all) assert.match(answer, /^HTTP\/1\.1 200 OK/);
});

test('a client that has closed its half still gets its answer, and the connection ends', async (t) => {
  const socket = await open(t);
  socket.end(LIST);
  const [answer] = await answers(socket, 2);
  assert.match(answer ?? '', /^HTTP\/1\.1 200 OK/);
});

test('a request that breaks off is a bad request', async (t) => {
  const socket = await open(t);
  socket.end(LIST.slice(0, -1));
  assert.match((await answers(socket, 1)).join(''), /^HTTP\/1\.1 400 Bad Request/);
});

const HOSTILE: Readonly<Record<string, readonly [request: string, answer: RegExp]>> = {
  'two lengths': [post('{}', [TARGET, 'Content-Length: 3']), /^HTTP\/1\.1 400/],
  'a length and chunks': [post('{}', [TARGET, 'Transfer-Encoding: chunked']), /^HTTP\/1\.1 400/],
  'a length that is no number': [LIST.replace('Content-Length: 2', 'Content-Length: +2'), /^HTTP\/1\.1 400/],
  'a blank before the colon': [post('{}', [TARGET, 'A : b']), /^HTTP\/1\.1 400/],
  'a folded line': [post('{}', [TARGET, 'A: b', ' c']), /^HTTP\/1\.1 (200|400)/],
  'a control character': [post('{}', [TARGET, 'A: \x01']), /^HTTP\/1\.1 400/],
  'a head beyond 16 KB': [post('{}', [TARGET, `A: ${'a'.repeat(20_000)}`]), /^HTTP\/1\.1 431/],
  'a host of elsewhere': [LIST.replace('Host: localhost', 'Host: evil.example'), /^HTTP\/1\.1 403/],
  'two hosts': [LIST.replace('Host: localhost', 'Host: localhost\r\nHost: localhost'), /^HTTP\/1\.1 400/],
  'a page of elsewhere': [post('{}', [TARGET, 'Origin: https://evil.example']), /^HTTP\/1\.1 403/],
  'no host': [LIST.replace('Host: localhost\r\n', ''), /^HTTP\/1\.1 400/],
  'another method': [LIST.replace('POST', 'PUT'), /^HTTP\/1\.1 404/],
  'no HTTP at all': ['\x16\x03\x01\x02\x00\x01\r\n\r\n', /^HTTP\/1\.1 400/],
  'a content type of elsewhere': [LIST.replace('json-1.0', 'json-1.1'), /^HTTP\/1\.1 404/],
  'a body beyond 16 MB': [LIST.replace('Length: 2', 'Length: 18000000') + 'x'.repeat(17_999_998), /^HTTP\/1\.1 413/],
};

test('what is not plain is judged by the HTTP server', async (t) => {
  const endpoint = (await testEndpoint(t)).current();
  for (const [name, [request, expected]] of Object.entries(HOSTILE)) {
    const socket = connect(endpoint.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(request);
    const [answer] = await answers(socket, 1);
    assert.match(answer ?? '', expected, name);
    socket.destroy();
  }
});

test('header names of any case, and a body in chunks, are read', async (t) => {
  const socket = await open(t);
  socket.write(LIST.replace('Content-Length', 'CONTENT-length').replace('X-Amz-Target', 'x-AMZ-target'));
  assert.match((await answers(socket, 1))[0] ?? '', /TableNames/);
  const chunked = LIST.replace('Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n');
  socket.write(chunked + LIST);
  const all = await answers(socket, 2);
  assert.equal(all.length, 2);
  for (const answer of all) assert.match(answer, /TableNames/);
});

test('an endpoint that closes does not wait for connections that idle in the fast lane', async (t) => {
  const endpoint = await testEndpoint(t);
  const socket = connect(endpoint.current().port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(LIST);
  await answers(socket, 1);
  const closed = once(socket, 'close');
  socket.resume();
  await endpoint.current().close();
  await closed;
});

test('pipelined requests with large answers all get their own, in order', async (t) => {
  const socket = await open(t);
  const call = (operation: string, body: object) =>
    post(JSON.stringify(body), [`X-Amz-Target: DynamoDB_20120810.${operation}`]);
  const TableName = 'large';
  socket.write(
    call('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  await answers(socket, 1);
  const letters = ['a', 'b', 'c', 'd'];
  const key = (letter: string) => ({ pk: { S: letter } });
  const item = (letter: string) => ({ ...key(letter), text: { S: letter.repeat(50_000) } });
  socket.write(letters.map((letter) => call('PutItem', { TableName, Item: item(letter) })).join(''));
  await answers(socket, 4);
  const wanted = [...letters, ...[...letters].reverse()];
  socket.write(wanted.map((letter) => call('GetItem', { TableName, Key: key(letter) })).join(''));
  const all = await answers(socket, wanted.length);
  const bodies = all.map((answer) => answer.slice(answer.indexOf('\r\n\r\n') + 4));
  assert.deepEqual(
    bodies,
    wanted.map((letter) => JSON.stringify({ Item: item(letter) })),
  );
});
