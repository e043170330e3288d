import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Slab } from './slab.js';

test('what is handed out never overlaps', () => {
  const slab = new Slab(100);
  const buffers = [10, 40, 50, 1, 0, 51, 49, 50, 100, 1000].map((sizeBytes, n) => slab.allocate(sizeBytes).fill(n + 1));
  for (const [n, buffer] of buffers.entries()) assert.ok(buffer.every((byte) => byte === n + 1));
  assert.deepEqual(
    buffers.map((buffer) => buffer.length),
    [10, 40, 50, 1, 0, 51, 49, 50, 100, 1000],
  );
});

test('small buffers share memory, large ones have their own', () => {
  const slab = new Slab(100);
  const [one, other, large] = [slab.allocate(10), slab.allocate(20), slab.allocate(60)];
  assert.equal(one.buffer, other.buffer);
  assert.notEqual(large.buffer, one.buffer);
  assert.equal(large.buffer.byteLength, 60);
});
