import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DynamoError } from '../errors.js';
import { checkParameters } from './parameters.js';

const N = (text: string) => ({ N: text });
const deep = (levels: number): object => (levels === 0 ? { S: 'x' } : { M: { a: deep(levels - 1) } });

function faultOf(...raw: readonly unknown[]): string {
  try {
    checkParameters(raw);
  } catch (error) {
    assert.ok(error instanceof DynamoError);
    return error.message;
  }
  return 'none';
}

test('numbers whose exponent or scale has more than 32 bits are none', () => {
  for (const text of ['1e99999999999', '-1e99999999999', '1e-99999999999', '1e2147483648', '1e-2147483648']) {
    const fault = `The parameter cannot be converted to a numeric value: ${text}`;
    for (const raw of [N(text), { L: [N('1'), N(text)] }, { M: { x: N(text) } }, { NS: ['1', text] }]) {
      assert.equal(faultOf(raw), fault, JSON.stringify(raw));
    }
  }
});

test('the range of numbers is checked in 32 bits', () => {
  const [over, under] = ['Number overflow. Attempting to store a number with magnitude larger', 'Number underflow.'];
  assert.ok(faultOf(N('1e2147483647')).startsWith(under));
  assert.ok(faultOf(N('1e2147483646')).startsWith(over));
  assert.ok(faultOf(N('1e126')).startsWith(over));
  assert.ok(faultOf(N('1e-131')).startsWith(under));
});

test('the first fault in the order of the document is told', () => {
  const nested =
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit';
  const unreadable = 'The parameter cannot be converted to a numeric value: abc';
  assert.equal(faultOf(deep(40), N('abc')), nested);
  assert.equal(faultOf(N('abc'), deep(40)), unreadable);
  assert.equal(faultOf({ M: { d: deep(40), bad: N('abc') } }), nested);
  assert.equal(faultOf({ M: { bad: N('abc'), d: deep(40) } }), unreadable);
  assert.equal(
    faultOf({ SS: [] }, N('1e99999999999')),
    'One or more parameter values were invalid: An string set  may not be empty',
  );
});
