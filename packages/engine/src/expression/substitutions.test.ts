import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition, Substitutions } from './index.js';

const NAMES = 'ExpressionAttributeNames contains invalid';
const VALUES = 'ExpressionAttributeValues contains invalid';

test('invalid names and values are refused in AWS’s words', () => {
  const cases: readonly (readonly [unknown, unknown, string])[] = [
    [{}, undefined, 'ExpressionAttributeNames must not be empty'],
    [undefined, {}, 'ExpressionAttributeValues must not be empty'],
    [{ x: 'a' }, undefined, `${NAMES} key: Syntax error; key: "x"`],
    [{ '#': 'a' }, undefined, `${NAMES} key: Syntax error; key: "#"`],
    [{ '#a-b': 'a' }, undefined, `${NAMES} key: Syntax error; key: "#a-b"`],
    [{ '': 'a' }, undefined, `${NAMES} key: The expression attribute map contains an empty key;`],
    [
      { [`#${'a'.repeat(255)}`]: 'a' },
      undefined,
      `${NAMES} key: The expression attribute map contains a key that is too long; size of key: 256`,
    ],
    // What is too long comes before what it consists of; the size of names alone is told.
    [
      { [`#${'-'.repeat(256)}`]: 'a' },
      undefined,
      `${NAMES} key: The expression attribute map contains a key that is too long; size of key: 257`,
    ],
    [
      undefined,
      { [`:${'a'.repeat(255)}`]: { N: '1' } },
      `${VALUES} key: The expression attribute map contains a key that is too long;`,
    ],
    [{ '#a': '' }, undefined, `${NAMES} value: Empty attribute name for key #a`],
    [
      { '#a': 'x'.repeat(65536) },
      undefined,
      `${NAMES} value: Attribute name is too large, must be less than 65536 bytes for key #a`,
    ],
    [undefined, { v: { N: '1' } }, `${VALUES} key: Syntax error; key: "v"`],
    [
      undefined,
      { ':v': {} },
      `${VALUES} value: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes for key :v`,
    ],
    [
      undefined,
      { ':v': { NS: [] } },
      `${VALUES} value: One or more parameter values were invalid: An number set  may not be empty for key :v`,
    ],
    [{ '#-': 'a' }, { ':v': {} }, `${NAMES} key: Syntax error; key: "#-"`],
  ];
  for (const [names, values, message] of cases) {
    assert.throws(() => new Substitutions(names, values), { name: 'ValidationException', message });
  }
});

test('wrong JSON types come before everything else', () => {
  assert.throws(() => new Substitutions(5, undefined), {
    name: 'SerializationException',
    message: 'Unexpected field type',
  });
  assert.throws(() => new Substitutions({ '-': 'a' }, { ':v': { S: 1 } }), {
    name: 'SerializationException',
    message: 'NUMBER_VALUE cannot be converted to String',
  });
  assert.throws(() => new Substitutions({ '#a': [] }, undefined), {
    message: 'Unrecognized collection type class java.lang.String',
  });
});

test('what no expression uses is refused, names first', () => {
  const substitutions = new Substitutions({ '#a': 'a', '#b': 'b', '#c': 'c' }, { ':v': { N: '1' }, ':w': { N: '2' } });
  compileCondition('ConditionExpression', '#a = :v', substitutions);
  assert.throws(() => substitutions.assertAllUsed(), {
    message: 'Value provided in ExpressionAttributeNames unused in expressions: keys: {#b, #c}',
  });
  compileCondition('FilterExpression', '#b = :v OR #c = :v', substitutions);
  assert.throws(() => substitutions.assertAllUsed(), {
    message: 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}',
  });
  compileCondition('FilterExpression', '#b = :w', substitutions);
  substitutions.assertAllUsed();
});

test('without expressions there is nothing to substitute', () => {
  const expressions = ['UpdateExpression', 'ConditionExpression'];
  Substitutions.assertAbsent(undefined, null, expressions);
  assert.throws(() => Substitutions.assertAbsent({ '#a': 'a' }, {}, expressions), {
    message: 'ExpressionAttributeNames can only be specified when using expressions',
  });
  assert.throws(() => Substitutions.assertAbsent(undefined, {}, ['ConditionExpression']), {
    message: 'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  });
  assert.throws(() => Substitutions.assertAbsent(undefined, {}, expressions), {
    message:
      'ExpressionAttributeValues can only be specified when using expressions: ' +
      'UpdateExpression and ConditionExpression are null',
  });
});
