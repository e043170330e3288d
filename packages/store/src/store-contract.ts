import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '@tablewright/testkit';
import { type Key, type KeyRange, MAX_KEY_BYTES, type Reader, type Store, type Writer } from './store.js';

/** A store under test. */
export interface ContractSubject {
  readonly store: Store;
  /** Closes and opens again, where that makes sense; the model goes on. */
  readonly reopen?: () => Promise<Store>;
  readonly dispose: () => Promise<void>;
}

/** Registers the tests that every {@link Store} must pass. */
export function describeStoreContract(name: string, make: () => Promise<ContractSubject>): void {
  const contractTest = (behaviour: string, body: (store: Store) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => {
      const subject = await make();
      try {
        await body(subject.store);
      } finally {
        await subject.dispose();
      }
    });
  };
  for (const [behaviour, body] of Object.entries(CONTRACT)) contractTest(behaviour, body);
  for (const seed of [1, 2, 3, 4]) {
    test(`${name}: agrees with a naive model through random changes (seed ${seed})`, () =>
      compareWithModel(make, seed));
  }
}

const CONTRACT: Record<string, (store: Store) => Promise<void>> = {
  'a change is visible at once, before its promise resolves': async (store) => {
    const done = store.change((writer) => writer.put('a', Buffer.from('1')));
    assert.equal(store.get('a')?.toString(), '1');
    await done;
    assert.equal(store.get('a')?.toString(), '1');
  },

  'a change resolves to what its function returned': async (store) => {
    assert.equal(await store.change(() => 7), 7);
    const put = (writer: Writer): string => {
      writer.put('a', Buffer.from('1'));
      return 'done';
    };
    assert.equal(await store.change(put), 'done');
  },

  'a change sees its own writes, in look-ups and in ranges': async (store) => {
    await fill(store, ['a', 'b', 'c', 'd']);
    await store.change((writer) => {
      writer.put('bb', Buffer.from('new'));
      writer.delete('c');
      assert.equal(writer.get('bb')?.toString(), 'new');
      assert.equal(writer.get('c'), undefined);
      assert.deepEqual(keys(writer, {}), ['a', 'b', 'bb', 'd']);
      assert.deepEqual(keys(store, {}), ['a', 'b', 'c', 'd'], 'the state before the change is what others see');
    });
    assert.deepEqual(keys(store, {}), ['a', 'b', 'bb', 'd']);
  },

  'a change that throws leaves nothing behind and rejects with its error': async (store) => {
    await fill(store, ['a']);
    const failure = new Error('no');
    const change = store.change((writer) => {
      writer.put('b', Buffer.from('b'));
      writer.delete('a');
      throw failure;
    });
    await assert.rejects(change, failure);
    assert.deepEqual(keys(store, {}), ['a']);
  },

  'a change must be synchronous and must not start another': async (store) => {
    await assert.rejects(
      store.change(async (writer) => writer.put('a', Buffer.from('1'))),
      /synchronous/,
    );
    await store.change(() => {
      store
        .change((writer) => writer.put('a', Buffer.from('1')))
        .catch((error) => assert.match(error.message, /must not/));
    });
    assert.equal(store.get('a'), undefined);
  },

  'a writer cannot be used after its change': async (store) => {
    let kept: Writer | undefined;
    await store.change((writer) => {
      kept = writer;
    });
    assert.throws(() => kept?.put('a', Buffer.from('1')), /after its change/);
  },

  'a range includes its start, excludes its end, and runs both ways': async (store) => {
    await fill(store, ['a', 'b', 'c', 'd']);
    assert.deepEqual(keys(store, { start: 'b', end: 'd' }), ['b', 'c']);
    assert.deepEqual(keys(store, { start: 'b', end: 'd', reverse: true }), ['c', 'b']);
    assert.deepEqual(keys(store, { start: 'bb' }), ['c', 'd']);
    assert.deepEqual(keys(store, { end: 'bb', reverse: true }), ['b', 'a']);
    assert.deepEqual(keys(store, { reverse: true }), ['d', 'c', 'b', 'a']);
    for (const empty of [{ start: 'c', end: 'c' }, { start: 'd', end: 'a' }, { end: '' }]) {
      assert.deepEqual(keys(store, empty), []);
      assert.deepEqual(keys(store, { ...empty, reverse: true }), []);
    }
  },

  'a visit takes the same keys as a range, until the visitor has enough': async (store) => {
    await fill(store, ['a', 'b', 'c', 'd']);
    await store.change((writer) => writer.delete('b'));
    const visit = (range: KeyRange, limit = 10): string[] => {
      const found: string[] = [];
      store.visit(range, (bytes, begin, end) => found.push(bytes.toString('latin1', begin, end)) < limit);
      return found;
    };
    assert.deepEqual(visit({}), ['a', 'c', 'd']);
    assert.deepEqual(visit({ start: 'b', end: 'd' }), ['c']);
    assert.deepEqual(visit({ start: 'a', end: 'd', reverse: true }), ['c', 'a']);
    assert.deepEqual(visit({ reverse: true }, 2), ['d', 'c']);
    assert.deepEqual(visit({ start: 'c', end: 'c' }), []);
  },

  'keys are ordered byte by byte, over all bytes': async (store) => {
    const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    await fill(store, [...all, '\u0000\u0000', 'a\u0000', 'a\u00ff']);
    assert.deepEqual(keys(store, { start: '\u0000', end: '\u0001' }), ['\u0000', '\u0000\u0000']);
    assert.deepEqual(keys(store, { start: 'a', end: 'b' }), ['a', 'a\u0000', 'a\u00ff']);
    assert.deepEqual(keys(store, { start: '\u00fe' }), ['\u00fe', '\u00ff']);
  },

  'deleting what a range hands out, while it runs, misses nothing': async (store) => {
    const many = Array.from({ length: 700 }, (_, number) => `k${String(number).padStart(4, '0')}`);
    await fill(store, many);
    for (const reverse of [false, true]) {
      await store.change((writer) => {
        let count = 0;
        for (const { key } of writer.range({ reverse })) {
          writer.delete(key);
          if (++count === 300) break;
        }
      });
    }
    assert.deepEqual(keys(store, {}), many.slice(300, 400));
  },

  'values come back as they were, empty and large ones too': async (store) => {
    for (const sizeBytes of [0, 1, 1000, 4096, 100_000, 3_000_000]) {
      const value = Buffer.from(new SeededRandom(sizeBytes).bytes(Math.min(sizeBytes, 5000)));
      const large = Buffer.alloc(sizeBytes, value.length === 0 ? 0 : value);
      await store.change((writer) => writer.put('v', large));
      assert.ok(store.get('v')?.equals(large));
    }
  },

  'a value may be any Uint8Array, and comes back as a Buffer': async (store) => {
    await store.change((writer) => writer.put('v', new Uint8Array([9, 1, 2, 9]).subarray(1, 3)));
    assert.ok(store.get('v')?.equals(Buffer.from([1, 2])));
  },

  'keys that no store can hold are refused, and the change with them': async (store) => {
    for (const key of ['', 'x'.repeat(MAX_KEY_BYTES + 1), 'a\u0100']) {
      const change = store.change((writer) => {
        writer.put('a', Buffer.from('1'));
        writer.put(key, Buffer.from('1'));
      });
      await assert.rejects(change, /a key must/);
    }
    assert.deepEqual(keys(store, {}), []);
    await fill(store, ['x'.repeat(MAX_KEY_BYTES)]);
    assert.equal(keys(store, {}).length, 1);
  },

  'a closed store takes no more changes': async (store) => {
    await store.close();
    await assert.rejects(
      store.change((writer) => writer.put('a', Buffer.from('1'))),
      /closed/,
    );
  },
};

function keys(reader: Reader, range: KeyRange): Key[] {
  return Array.from(reader.range(range), ({ key }) => key);
}

async function fill(store: Store, names: readonly Key[]): Promise<void> {
  await store.change((writer) => {
    for (const name of names) writer.put(name, Buffer.from(name, 'latin1'));
  });
}

/** The same random sequence on the store and on a plain map, compared after every step. */
async function compareWithModel(make: () => Promise<ContractSubject>, seed: number): Promise<void> {
  const subject = await make();
  let { store } = subject;
  const random = new SeededRandom(seed);
  const model = new Map<Key, Buffer>();
  try {
    for (let step = 0; step < 400; step++) {
      const pending = randomChange(store, random, model);
      if (random.next() < 0.5) await pending;
      if (subject.reopen !== undefined && random.next() < 0.02) {
        await pending;
        store = await subject.reopen();
      }
      compareRange(store, random, model);
      compareVisit(store, random, model);
      const key = randomKey(random);
      assert.deepEqual(store.get(key), model.get(key), `step ${step}, key ${key}`);
      await pending;
    }
  } finally {
    await subject.dispose();
  }
}

function randomKey(random: SeededRandom): Key {
  return `k${random.integer(0, 60)}${random.pick(['', '', '\u0000', '\u00ff'])}`;
}

function randomChange(store: Store, random: SeededRandom, model: Map<Key, Buffer>): Promise<void> {
  return store.change((writer) => {
    for (let count = random.integer(1, 14); count > 0; count--) {
      const key = randomKey(random);
      if (random.next() < 0.4) {
        writer.delete(key);
        model.delete(key);
      } else {
        const value = Buffer.alloc(random.integer(0, 300), random.integer(0, 255));
        writer.put(key, value);
        model.set(key, value);
      }
      if (random.next() < 0.3) compareRange(writer, random, model);
    }
  });
}

function randomRange(random: SeededRandom): KeyRange {
  return {
    ...(random.next() < 0.7 ? { start: randomKey(random) } : {}),
    ...(random.next() < 0.7 ? { end: randomKey(random) } : {}),
    reverse: random.next() < 0.5,
  };
}

function keysIn(model: Map<Key, Buffer>, { start = '', end, reverse }: KeyRange): Key[] {
  const expected = [...model.keys()].filter((key) => key >= start && (end === undefined || key < end)).sort();
  return reverse ? expected.reverse() : expected;
}

/** The visitor looks other keys up, as those of indexes do. */
function compareVisit(store: Store, random: SeededRandom, model: Map<Key, Buffer>): void {
  const range = randomRange(random);
  const limit = random.integer(1, 80);
  const found: Buffer[] = [];
  store.visit(range, (bytes, begin, end) => {
    found.push(bytes.subarray(begin, end));
    store.get(randomKey(random));
    return found.length < limit;
  });
  const expected = keysIn(model, range).map((key) => model.get(key));
  assert.deepEqual(found, expected.slice(0, limit), JSON.stringify(range));
}

function compareRange(reader: Reader, random: SeededRandom, model: Map<Key, Buffer>): void {
  const range = randomRange(random);
  const expected = keysIn(model, range);
  const limit = random.integer(1, 80);
  const found: Key[] = [];
  for (const { key, value } of reader.range(range)) {
    assert.ok(model.get(key)?.equals(value), `value of ${key}`);
    found.push(key);
    if (found.length === limit) break;
  }
  assert.deepEqual(found, expected.slice(0, limit), JSON.stringify(range));
}
