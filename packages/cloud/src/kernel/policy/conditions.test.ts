// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionContext } from './condition-context.js';
import { compileCondition, isOperator } from './conditions.js';

type Values = Record<string, string | string[]>;

function holds(operator: string, key: string, wanted: string | string[], values: Values, variables = true): boolean {
  const condition = compileCondition(operator, key, [wanted].flat(), variables);
  assert.ok(condition, operator);
  return condition.holds(new ConditionContext(values));
}

/** Operator, the policy's values, values of the request that satisfy them, values that do not. */
const TABLE: readonly (readonly [string, string | string[], string[], string[]])[] = [
  ['StringEquals', ['a', 'b*'], ['a', 'b*'], ['A', 'bc', '']],
  ['StringNotEquals', ['a', 'b'], ['c', 'A'], ['a', 'b']],
  ['StringEqualsIgnoreCase', 'Ab', ['ab', 'AB'], ['a']],
  ['StringNotEqualsIgnoreCase', 'Ab', ['a'], ['ab']],
  ['StringLike', ['a*c', 'x?z'], ['ac', 'abbc', 'xyz'], ['ab', 'xz', 'xyyz']],
  ['StringNotLike', 'a*c', ['ab'], ['abc']],
  ['NumericEquals', '10', ['10', '10.0', '1e1'], ['11', 'ten', '']],
  ['NumericNotEquals', '10', ['11'], ['10.0']],
  ['NumericLessThan', '10', ['9.9', '-1'], ['10', '11']],
  ['NumericLessThanEquals', '10', ['10'], ['10.1']],
  ['NumericGreaterThan', '10', ['11'], ['10']],
  ['NumericGreaterThanEquals', '10', ['10'], ['9']],
  ['DateEquals', '2026-01-01T00:00:00Z', ['2026-01-01T00:00:00Z', '1767225600'], ['2026-01-01T00:00:01Z']],
  ['DateNotEquals', '2026-01-01T00:00:00Z', ['2026-01-02'], ['2026-01-01']],
  ['DateLessThan', '2026-01-01T00:00:00Z', ['2025-12-31T23:59:59Z'], ['2026-01-01T00:00:00Z']],
  ['DateLessThanEquals', '1767225600', ['2026-01-01T00:00:00Z'], ['2026-01-01T00:00:01Z']],
  ['DateGreaterThan', '2026-01-01', ['2026-01-01T00:00:01Z'], ['2026-01-01T00:00:00Z']],
  ['DateGreaterThanEquals', '2026-01-01', ['2026-01-01T00:00:00Z'], ['2025-12-31']],
  ['Bool', 'true', ['true', 'True'], ['false', '']],
  ['BinaryEquals', 'QmluYXJ5', ['QmluYXJ5', 'QmluYXJ5=='], ['QmluYXJ6']],
  ['IpAddress', ['203.0.113.0/24', '2001:db8::/32'], ['203.0.113.9', '2001:db8::1'], ['203.0.114.1', '::1', 'x']],
  ['IpAddress', '203.0.113.9', ['203.0.113.9'], ['203.0.113.8']],
  ['NotIpAddress', '203.0.113.0/24', ['198.51.100.1'], ['203.0.113.9']],
  ['ArnEquals', 'arn:aws:sns:*:1:a*', ['arn:aws:sns:eu-west-1:1:abc'], ['arn:aws:sns:eu-west-1:2:abc']],
  ['ArnLike', 'arn:aws:s3:::b/*', ['arn:aws:s3:::b/c:d/e'], ['arn:aws:s3:::c/d', 'b/c']],
  ['ArnNotEquals', 'arn:aws:sns:*:1:*', ['arn:aws:sns:x:2:y'], ['arn:aws:sns:x:1:y']],
  ['ArnNotLike', 'arn:aws:sns:*:1:*', ['arn:aws:sns:x:2:y'], ['arn:aws:sns:x:1:y']],
];

test('every operator compares as documented', () => {
  for (const [operator, wanted, satisfying, others] of TABLE) {
    for (const value of satisfying)
      assert.equal(holds(operator, 'k', wanted, { k: value }), true, `${operator} ${value}`);
    for (const value of others) assert.equal(holds(operator, 'k', wanted, { k: value }), false, `${operator} ${value}`);
  }
});

test('a key that is not there fails an operator, satisfies a negated one, and any with IfExists', () => {
  for (const [operator, wanted] of TABLE) {
    const negated = /Not/.test(operator);
    assert.equal(holds(operator, 'k', wanted, {}), negated, operator);
    assert.equal(holds(`${operator}IfExists`, 'k', wanted, {}), true, `${operator}IfExists`);
  }
  assert.equal(holds('StringEqualsIfExists', 'k', 'a', { k: 'b' }), false);
});

test('Null asks whether the key is there', () => {
  assert.equal(holds('Null', 'k', 'true', {}), true);
  assert.equal(holds('Null', 'k', 'false', {}), false);
  assert.equal(holds('Null', 'k', 'false', { k: 'a' }), true);
  assert.equal(holds('Null', 'k', 'true', { k: 'a' }), false);
});

test('ForAllValues wants every value of the request among those of the policy, and is content with none', () => {
  const all = (values: Values) => holds('ForAllValues:StringEquals', 'dynamodb:Attributes', ['a', 'b'], values);
  assert.equal(all({ 'dynamodb:Attributes': ['a'] }), true);
  assert.equal(all({ 'dynamodb:Attributes': ['a', 'b'] }), true);
  assert.equal(all({ 'dynamodb:Attributes': ['a', 'c'] }), false);
  assert.equal(all({}), true);
  assert.equal(all({ 'dynamodb:Attributes': [] }), true);
  assert.equal(holds('ForAllValues:StringNotEquals', 'k', 'a', { k: ['b', 'c'] }), true);
  assert.equal(holds('ForAllValues:StringNotEquals', 'k', 'a', { k: ['a', 'c'] }), false);
});

test('ForAnyValue wants one value of the request among those of the policy', () => {
  const any = (values: Values) => holds('ForAnyValue:StringLike', 'k', ['a*', 'b'], values);
  assert.equal(any({ k: ['c', 'ax'] }), true);
  assert.equal(any({ k: ['c', 'd'] }), false);
  assert.equal(any({}), false);
  assert.equal(holds('ForAnyValue:StringNotEquals', 'k', 'a', { k: ['a', 'c'] }), true);
  assert.equal(holds('ForAnyValue:StringNotEquals', 'k', 'a', {}), false);
});

test('dynamodb:Attributes has several values: without a qualifier a condition on it never holds', () => {
  const plain = (values: Values) => holds('StringEquals', 'dynamodb:Attributes', 'a', values);
  assert.equal(plain({ 'dynamodb:Attributes': ['a'] }), false);
  assert.equal(plain({ 'dynamodb:Attributes': ['a', 'b'] }), false);
  assert.equal(holds('ForAnyValue:StringEquals', 'dynamodb:Attributes', 'a', { 'dynamodb:Attributes': ['a'] }), true);
});

test('names of keys are of any case, and so are operators', () => {
  assert.equal(holds('stringequals', 'AWS:username', 'ann', { 'aws:UserName': 'ann' }), true);
});

test('variables take the values of the request, whose wildcards are plain characters', () => {
  const leading = (values: Values) => holds('StringLike', 'dynamodb:LeadingKeys', '${aws:userid}#*', values);
  assert.equal(leading({ 'aws:userid': 'u1', 'dynamodb:LeadingKeys': 'u1#x' }), true);
  assert.equal(leading({ 'aws:userid': 'u1', 'dynamodb:LeadingKeys': 'u2#x' }), false);
  assert.equal(leading({ 'aws:userid': '*', 'dynamodb:LeadingKeys': 'u2#x' }), false);
  assert.equal(leading({ 'dynamodb:LeadingKeys': '${aws:userid}#x' }), false);
  const fallback = "${aws:PrincipalTag/team, 'none'}";
  assert.equal(holds('StringEquals', 'k', fallback, { k: 'none' }), true);
  assert.equal(holds('StringEquals', 'k', fallback, { k: 'none', 'aws:principaltag/TEAM': 'red' }), false);
  assert.equal(holds('StringLike', 'k', 'a${*}b${?}${$}', { k: 'a*b?$' }), true);
  assert.equal(holds('StringLike', 'k', 'a${*}b', { k: 'axb' }), false);
});

test('in policies of 2008 there are no variables', () => {
  assert.equal(holds('StringEquals', 'k', '${aws:userid}', { k: 'u', 'aws:userid': 'u' }, false), false);
  assert.equal(holds('StringEquals', 'k', '${aws:userid}', { k: '${aws:userid}' }, false), true);
});

test('an operator that does not exist is told apart', () => {
  assert.equal(isOperator('StringEqual'), false);
  assert.equal(isOperator('ForAnyValue:ArnLikeIfExists'), true);
  assert.equal(compileCondition('StringEqual', 'k', ['a'], true), undefined);
});
