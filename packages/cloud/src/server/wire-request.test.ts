import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { wireRequest } from './wire-request.js';

/** A message as node:http makes it of header lines. */
function message(t: { after(action: () => void): void }, rawHeaders: string[], headers: IncomingMessage['headers']) {
  const socket = new Socket();
  t.after(() => socket.destroy());
  const request = new IncomingMessage(socket);
  request.rawHeaders = rawHeaders;
  request.headers = headers;
  return wireRequest(request, Buffer.alloc(0)).headers;
}

test('lines of one header are joined as signatures join them: by a comma alone', (t) => {
  const lines = ['X-Amz-Meta-Dup', 'one, two', 'Accept', 'a, b', 'x-amz-meta-dup', 'three'];
  const headers = message(t, lines, { 'x-amz-meta-dup': 'one, two, three', accept: 'a, b' });
  assert.deepEqual(headers, { 'x-amz-meta-dup': 'one, two,three', accept: 'a, b' });
});

test('headers that node:http holds to be single keep their first line', (t) => {
  const lines = ['User-Agent', 'a, b', 'User-Agent', 'c'];
  assert.deepEqual(message(t, lines, { 'user-agent': 'a, b' }), { 'user-agent': 'a, b' });
});
