import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ParseCache } from './parse-cache.js';

test('a text is read once while it is kept, and the one not used for longest makes room', () => {
  const read: string[] = [];
  const cache = new ParseCache(2, (text) => {
    read.push(text);
    return { text };
  });
  const first = cache.get('a');
  assert.equal(cache.get('a'), first);
  cache.get('b');
  cache.get('a');
  cache.get('c');
  assert.equal(cache.get('a'), first);
  cache.get('b');
  assert.deepEqual(read, ['a', 'b', 'c', 'b']);
});

test('a text that cannot be read is not kept', () => {
  const cache = new ParseCache(2, (text): string => {
    if (text === 'bad') throw new Error('bad');
    return text;
  });
  assert.throws(() => cache.get('bad'), { message: 'bad' });
  assert.throws(() => cache.get('bad'), { message: 'bad' });
  assert.equal(cache.get('good'), 'good');
});
