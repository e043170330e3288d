import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BufferPool } from './buffer-pool.js';

test('a buffer that was given back is used again, for any size of its class', () => {
  const pool = new BufferPool();
  const first = pool.allocate(20_000);
  assert.equal(first.length, 20_000);
  pool.release(first);
  const second = pool.allocate(30_000);
  assert.equal(second.length, 30_000);
  assert.equal(second.buffer, first.buffer);
});

test('buffers that are in use share nothing', () => {
  const pool = new BufferPool();
  const sizes = [100, 200, 8_192, 8_192, 20_000, 32_768, 32_769, 3_000_000];
  const buffers = sizes.map((size, at) => pool.allocate(size).fill(at));
  for (const [at, buffer] of buffers.entries()) {
    assert.equal(buffer.length, sizes[at]);
    assert.ok(buffer.every((byte) => byte === at));
  }
});

test('a buffer is taken back once, and only one of the pool', () => {
  const pool = new BufferPool();
  const lent = pool.allocate(10_000);
  pool.release(lent);
  pool.release(lent);
  pool.release(Buffer.alloc(10_000));
  const [one, other] = [pool.allocate(10_000), pool.allocate(10_000)];
  assert.equal(one.buffer, lent.buffer);
  assert.notEqual(other.buffer, one.buffer);
});

test('no more than two megabytes of a size are kept', () => {
  const pool = new BufferPool();
  const lent = [1, 2, 3].map(() => pool.allocate(1_000_000));
  for (const buffer of lent) pool.release(buffer);
  const known = new Set(lent.map(({ buffer }) => buffer));
  const again = [1, 2, 3].map(() => pool.allocate(1_000_000));
  assert.equal(again.filter(({ buffer }) => known.has(buffer)).length, 2);
});

test('a head goes before a pooled buffer where it lies', () => {
  const pool = new BufferPool();
  const body = pool.allocate(20_000).fill('x');
  const loan = pool.loanOf(body);
  const whole = loan?.behind('HTTP/1.1 200 OK\r\n\r\n');
  assert.equal(whole?.toString(), `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(20_000)}`);
  assert.equal(whole?.buffer, body.buffer);
  assert.equal(loan?.behind('h'.repeat(513)), undefined);
  loan?.release();
  assert.equal(pool.allocate(20_000).buffer, body.buffer);
  assert.equal(pool.loanOf(Buffer.alloc(20_000)), undefined);
});
