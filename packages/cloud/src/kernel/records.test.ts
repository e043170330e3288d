import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '@tablewright/store';
import { type ListOptions, Records } from './records.js';

test('records are listed in the order of their UTF-8 names, by prefix and after a name', async () => {
  const records = new Records<number>(new MemoryStore(), 'test.things');
  const names = ['a', 'b', 'b/1', 'b/2', 'c', 'é', '𐀀'];
  for (const [index, name] of names.entries()) await records.put('p', name, index);
  await records.put('q', 'b', 99);
  const list = (options?: ListOptions) => [...records.list('p', options)].map(([name]) => name);
  assert.deepEqual(list(), names);
  assert.deepEqual(list({ prefix: 'b' }), ['b', 'b/1', 'b/2']);
  assert.deepEqual(list({ prefix: 'b', after: 'b/1' }), ['b/2']);
  assert.deepEqual(list({ prefix: 'b', after: 'a' }), ['b', 'b/1', 'b/2']);
  assert.deepEqual(list({ prefix: 'b', after: 'c' }), []);
  assert.deepEqual(list({ after: 'é' }), ['𐀀']);
  assert.deepEqual(list({ after: 'a', before: 'b/2' }), ['b', 'b/1']);
  assert.deepEqual(list({ prefix: 'b', before: 'z', reverse: true }), ['b/2', 'b/1', 'b']);
  assert.deepEqual(list({ prefix: 'b', before: 'a' }), []);
  assert.deepEqual(list({ after: 'c', before: 'b' }), []);
  assert.equal(records.get('p', 'c'), 4);
  assert.equal(records.get('p', 'd'), undefined);
});
