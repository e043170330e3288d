import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fc } from '@tablewright/testkit/properties';
import {
  addNumbers,
  compareNumbers,
  decodeNumberKey,
  encodeNumberKey,
  normalizeNumber,
  subtractNumbers,
} from './index.js';

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range';
const TOO_PRECISE = 'Attempting to store more than 38 significant digits in a Number';

/** Canonical numbers over the whole range, most of them of few digits. */
const canonical = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.bigInt(0n, 999n), fc.bigInt(0n, 10n ** 38n - 1n)),
    fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -130, max: 87 })),
  )
  .map(([negative, digits, exponent]) => normalizeNumber(`${negative ? '-' : ''}${digits}e${exponent}`));

/** The exact value times 10^300: larger than any number has decimal places. */
function exact(number: string): bigint {
  const [integer = '', fraction = ''] = number.split('.');
  return BigInt(integer + fraction.padEnd(300, '0'));
}

/** The canonical form of an exact value, or undefined when DynamoDB cannot hold it; written without the code tested. */
function fromExact(value: bigint): string | undefined {
  if (value === 0n) return '0';
  const digits = (value < 0n ? -value : value).toString().padStart(301, '0');
  const text = `${digits.slice(0, -300)}.${digits.slice(-300)}`.replace(/\.?0+$/, '');
  const significant = text.replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
  const magnitude = (value < 0n ? -value : value).toString().length - 301;
  if (significant.length > 38 || magnitude > 125 || magnitude < -130) return undefined;
  return (value < 0n ? '-' : '') + text;
}

function sign(value: number | bigint): number {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

test('numbers take the canonical form in which DynamoDB gives them back', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['0', '0'],
    ['-0', '0'],
    ['0.000', '0'],
    ['0e125', '0'],
    ['0.0e126', '0'],
    ['0e-130', '0'],
    ['1.0', '1'],
    ['1e2', '100'],
    ['1E+20', '100000000000000000000'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['00012', '12'],
    ['-1.50', '-1.5'],
    ['1.5e-20', '0.000000000000000000015'],
    ['1234567890123456789012345678901234567800', '1234567890123456789012345678901234567800'],
    ['1e125', `1${'0'.repeat(125)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['1e00000000000000001', '10'],
  ];
  for (const [text, expected] of cases) assert.equal(normalizeNumber(text), expected, text);
});

test('what is not a number DynamoDB can hold is refused in its words', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'The parameter cannot be converted to a numeric value'],
    ['xyz', 'The parameter cannot be converted to a numeric value: xyz'],
    [' 5', 'The parameter cannot be converted to a numeric value:  5'],
    ['1e', 'The parameter cannot be converted to a numeric value: 1e'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['1e9223372036854775808', 'The parameter cannot be converted to a numeric value: 1e9223372036854775808'],
    ['1e-9223372036854775807', UNDERFLOW],
    ['0e126', OVERFLOW],
    ['0e-131', UNDERFLOW],
    ['1e126', OVERFLOW],
    ['1e99999999999', OVERFLOW],
    ['-1e126', OVERFLOW],
    ['1e-131', UNDERFLOW],
    ['1e-99999999999', UNDERFLOW],
    ['123456789012345678901234567890123456789', TOO_PRECISE],
    ['0.123456789012345678901234567890123456789', TOO_PRECISE],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => normalizeNumber(text), { name: 'ValidationException', message }, text);
  }
});

test('normalising keeps the value and is idempotent', () => {
  fc.assert(
    fc.property(canonical, fc.nat({ max: 3 }), fc.nat({ max: 3 }), (number, leading, trailing) => {
      const negative = number.startsWith('-');
      const magnitude = negative ? number.slice(1) : number;
      const padded = `${negative ? '-' : ''}${'0'.repeat(leading)}${magnitude}${magnitude.includes('.') ? '' : '.'}`;
      assert.equal(normalizeNumber(padded + '0'.repeat(trailing)), number);
      assert.equal(normalizeNumber(number), number);
    }),
  );
});

test('numbers compare by value', () => {
  fc.assert(
    fc.property(canonical, canonical, (a, b) => {
      assert.equal(sign(compareNumbers(a, b)), sign(exact(a) - exact(b)));
      assert.equal(sign(compareNumbers(b, a)), sign(exact(b) - exact(a)));
    }),
    { numRuns: 1000 },
  );
});

/** Two numbers of almost as many digits as fit, or as JavaScript's own numbers hold. */
const ofManyDigits = fc.tuple(
  fc.oneof(fc.bigInt(10n ** 14n, 10n ** 19n), fc.bigInt(10n ** 36n, 10n ** 38n - 1n)),
  fc.boolean(),
  fc.integer({ min: -2, max: 2 }),
);

test('sums and differences are exact or refused', () => {
  const long = ofManyDigits.map(([digits, negative, exponent]) =>
    normalizeNumber(`${negative ? '-' : ''}${digits}e${Math.min(exponent, 0)}`),
  );
  fc.assert(
    fc.property(fc.oneof(canonical, long), fc.oneof(canonical, long), (a, b) => {
      for (const [calculate, result] of [
        [addNumbers, exact(a) + exact(b)],
        [subtractNumbers, exact(a) - exact(b)],
      ] as const) {
        const expected = fromExact(result);
        if (expected === undefined)
          assert.throws(() => calculate(a, b), { name: 'ValidationException', message: OVERFLOW });
        else assert.equal(calculate(a, b), expected);
      }
    }),
    { numRuns: 3000 },
  );
});

test('a sum beyond the range or the precision is refused in DynamoDB’s words', () => {
  const largest = normalizeNumber(`9.${'9'.repeat(37)}E125`);
  assert.throws(() => addNumbers(largest, largest), { message: OVERFLOW });
  assert.throws(() => addNumbers(normalizeNumber('1e50'), '1'), { message: OVERFLOW });
  const tiny = normalizeNumber('1e-130');
  assert.equal(subtractNumbers(tiny, tiny), '0');
});

test('number keys order and give back the numbers, and no key begins with another', () => {
  const near = fc.tuple(canonical, fc.constantFrom('1', '-1', '0.01', '0')).map(([number, step]) => {
    try {
      return [number, addNumbers(number, step)] as const;
    } catch {
      return [number, '0'] as const;
    }
  });
  fc.assert(
    fc.property(fc.oneof(fc.tuple(canonical, canonical), near), ([a, b]) => {
      const keyA = Buffer.from(encodeNumberKey(a), 'latin1');
      const keyB = Buffer.from(encodeNumberKey(b), 'latin1');
      assert.equal(decodeNumberKey(encodeNumberKey(a)), a);
      assert.equal(sign(Buffer.compare(keyA, keyB)), sign(exact(a) - exact(b)), `${a} and ${b}`);
      if (a !== b) assert.ok(!keyB.subarray(0, keyA.length).equals(keyA), `${a} begins ${b}`);
    }),
    { numRuns: 3000 },
  );
});

test('number keys are latin1 and compact', () => {
  const sizes: readonly (readonly [string, number])[] = [
    ['0', 1],
    ['7', 2],
    ['-42', 2],
    ['9999', 3],
    ['1712345678901', 8],
    [normalizeNumber('1e125'), 2],
    [normalizeNumber('-1e125'), 2],
    [normalizeNumber('1e-130'), 3],
    ['9'.repeat(38), 20],
  ];
  for (const [number, size] of sizes) {
    const key = encodeNumberKey(number);
    assert.equal(key.length, size, number);
    assert.ok([...key].every((character) => character.charCodeAt(0) <= 0xff));
  }
});
