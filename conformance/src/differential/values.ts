import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import type { KeyPart, KeyType } from './tables.js';

// Few different values, so that requests meet the items of earlier ones.

const TEXTS = ['a', 'b', 'ab', 'abc', 'B', 'é', 'z☃', '𝄞', 'key#1', 'key#2'];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '10',
  '1.5',
  '-2.25',
  '1e3',
  '1000',
  '0.001',
  '-1E-5',
  '123456789012345678901234567890',
];
// The reference keeps numbers inside of maps and lists as they were written, so these are in canonical form.
const PLAIN_NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '10',
  '1.5',
  '-2.25',
  '1000',
  '0.001',
  '-0.00001',
  '123456789012345678901234567890',
];
const BYTES = ['AA==', 'AQ==', '/w==', 'YWI=', 'YWJj', 'AAA='];

export function keyValue(random: SeededRandom, type: KeyType): Json {
  if (type === 'S') return { S: random.pick(TEXTS) };
  if (type === 'N') return { N: random.pick(NUMBERS) };
  return { B: random.pick(BYTES) };
}

/** Mostly a value of the part's type; sometimes one that cannot be a key. */
export function roughKeyValue(random: SeededRandom, part: KeyPart): Json {
  if (random.next() < 0.97) return keyValue(random, part.type);
  return random.pick<Json>([{ S: '' }, { N: '7' }, { S: 'x' }, { BOOL: true }, { B: '' }, { NULL: true }]);
}

export function anyValue(random: SeededRandom, depth = 2): Json {
  switch (random.pick(['S', 'N', 'N', 'B', 'SS', 'NS', 'BS', 'NULL', 'BOOL', 'L', 'M', 'M', 'L'] as const)) {
    case 'SS':
      return { SS: someOf(random, TEXTS) };
    case 'NS':
      return { NS: someOf(random, ['0', '1', '2.5', '-3', '100']) };
    case 'BS':
      return { BS: someOf(random, BYTES) };
    case 'NULL':
      return { NULL: true };
    case 'BOOL':
      return { BOOL: random.next() < 0.5 };
    case 'L':
      return depth === 0
        ? { L: [] }
        : { L: Array.from({ length: random.integer(0, 3) }, () => anyValue(random, depth - 1)) };
    case 'M':
      return depth === 0 ? { M: {} } : { M: someAttributes(random, ['x', 'y', 'z'], depth - 1) };
    case 'N':
      return { N: random.pick(PLAIN_NUMBERS) };
    case 'B':
      return { B: random.pick(BYTES) };
    default:
      return { S: random.next() < 0.1 ? '' : random.pick(TEXTS) };
  }
}

export function someAttributes(random: SeededRandom, names: readonly string[], depth = 2): Json {
  const attributes: Json = {};
  for (const name of names) if (random.next() < 0.5) attributes[name] = anyValue(random, depth);
  return attributes;
}

function someOf(random: SeededRandom, values: readonly string[]): string[] {
  const some = values.filter(() => random.next() < 0.4);
  return some.length > 0 ? some : [random.pick(values)];
}

/** One of very few, so that comparisons meet equal values. */
export function fewValues(random: SeededRandom): Json {
  return { N: random.pick(['0', '1', '2']) };
}
