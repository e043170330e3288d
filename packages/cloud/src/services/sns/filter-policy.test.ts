import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AWS_RETRIES, httpPolicy, retryDelayMs } from './delivery-policy.js';
import { checkFilterPolicy, wants } from './filter-policy.js';
import type { AttributeRecords } from './published-message.js';

const text = (value: string) => ({ type: 'String', value });
const list = (...values: unknown[]) => ({ type: 'String.Array', value: JSON.stringify(values) });
const number = (value: number) => ({ type: 'Number', value: String(value) });

function matches(policy: object, attributes: AttributeRecords): boolean {
  const FilterPolicy = JSON.stringify(policy);
  checkFilterPolicy(FilterPolicy, 'MessageAttributes');
  return wants({ FilterPolicy }, '', attributes);
}

// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
const CASES: readonly (readonly [policy: object, attributes: AttributeRecords, expected: boolean])[] = [
  [{ a: ['x', 'y'] }, { a: text('y') }, true],
  [{ a: ['x'] }, { a: text('y') }, false],
  [{ a: ['x'] }, {}, false],
  [{ a: ['x'], b: [1] }, { a: text('x'), b: number(1) }, true],
  [{ a: ['x'], b: [1] }, { a: text('x'), b: text('1') }, false],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('z') }, true],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: text('x') }, false],
  [{ a: [{ 'anything-but': { prefix: 'or' } }] }, { a: text('order') }, false],
  [{ a: [{ prefix: 'ba' }, { suffix: '.png' }] }, { a: text('cat.png') }, true],
  [{ a: [{ 'equals-ignore-case': 'Tennis' }] }, { a: text('tENNIS') }, true],
  [{ a: [{ wildcard: '*ball' }] }, { a: text('football') }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.0.0.255') }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: text('10.1.1.0') }, false],
  [{ a: [{ numeric: ['>', 0, '<=', 150] }] }, { a: number(150) }, true],
  [{ a: [{ numeric: ['>', 0, '<=', 150] }] }, { a: number(0) }, false],
  [{ a: [{ exists: true }] }, { a: list('x') }, true],
  [{ a: [{ exists: false }] }, { b: text('x') }, true],
  [{ a: ['rugby'] }, { a: list('tennis', 'rugby') }, true],
  [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, true],
  [{ c: ['z'], $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: text('y') }, false],
  [{ a: ['AQ=='] }, { a: { type: 'Binary', value: 'AQ==' } }, false],
];

test('a filter policy decides by the attributes of the message', () => {
  for (const [policy, attributes, expected] of CASES) {
    assert.equal(matches(policy, attributes), expected, JSON.stringify([policy, attributes]));
  }
});

test('a filter policy on the body wants JSON that matches', () => {
  const subscription = { FilterPolicyScope: 'MessageBody', FilterPolicy: '{"a":{"b":[1,null]}}' };
  assert.equal(wants(subscription, '{"a":{"b":1}}', {}), true);
  assert.equal(wants(subscription, '{"a":[{"b":2},{"b":null}]}', {}), true);
  assert.equal(wants(subscription, '{"a":{"b":"1"}}', {}), false);
  assert.equal(wants(subscription, 'a b 1', {}), false);
});

test('retries are as far apart as the policy has them', () => {
  const delays = Array.from({ length: 17 }, (_, attempt) => retryDelayMs(AWS_RETRIES, attempt));
  assert.deepEqual(delays.slice(0, 5), [0, 0, 0, 1000, 1000]);
  assert.deepEqual(delays.slice(5, 11), [1000, 2000, 4000, 8000, 16_000, 20_000]);
  assert.equal(delays[16], 20_000);
  assert.equal(retryDelayMs(AWS_RETRIES, 100_015), undefined);
  const topic = JSON.stringify({
    http: { defaultHealthyRetryPolicy: { numRetries: 3, minDelayTarget: 5, maxDelayTarget: 15 } },
  });
  const { retries } = httpPolicy(topic, undefined);
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => retryDelayMs(retries, attempt)),
    [5000, 10_000, 15_000, undefined],
  );
  const own = JSON.stringify({ healthyRetryPolicy: { numRetries: 1 } });
  assert.equal(retryDelayMs(httpPolicy(topic, own).retries, 1), undefined);
});
