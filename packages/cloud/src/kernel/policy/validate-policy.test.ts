import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PolicyUse, policyFault } from './validate-policy.js';

const GOOD = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };

function fault(statement: unknown, use: PolicyUse = 'identity', rest: object = { Version: '2012-10-17' }) {
  return policyFault(JSON.stringify({ ...rest, Statement: statement }), use);
}

test('sound documents pass', () => {
  assert.equal(fault(GOOD), undefined);
  assert.equal(fault([GOOD, { ...GOOD, Sid: 'A', Condition: { Bool: { 'aws:SecureTransport': false } } }]), undefined);
  assert.equal(fault(TRUST, 'trust', {}), undefined);
  assert.equal(
    fault({ ...TRUST, Principal: { AWS: ['123456789012', 'arn:aws:iam::123456789012:root'] } }, 'trust'),
    undefined,
  );
  assert.equal(fault({ ...GOOD, Principal: '*' }, 'resource', { Id: 'x' }), undefined);
});

const FAULTS: readonly (readonly [unknown, RegExp])[] = [
  [{ ...GOOD, Effect: 'allow' }, /^The policy failed legacy parsing$/],
  [{ Action: 's3:*', Resource: '*' }, /^Missing required field Effect$/],
  [{ ...GOOD, Effects: 1 }, /^Syntax errors in policy\.$/],
  [{ ...GOOD, Action: undefined }, /^Policy statement must contain actions\.$/],
  [{ ...GOOD, Action: [] }, /^Policy statement must contain actions\.$/],
  [
    { ...GOOD, Action: 'GetObject' },
    /^Actions\/Conditions must be prefaced by a vendor, e\.g\., iam, sdb, ec2, etc\.$/,
  ],
  [{ ...GOOD, Action: 'a:b:c' }, /^Actions\/Condition can contain only one colon\.$/],
  [{ ...GOOD, Action: 'a b:c' }, /^Vendor a b is not valid$/],
  [{ ...GOOD, NotAction: 's3:*' }, /^Syntax errors/],
  [{ ...GOOD, Resource: undefined }, /^Policy statement must contain resources\.$/],
  [{ ...GOOD, Resource: 'my-table' }, /^Resource my-table must be in ARN format or "\*"\.$/],
  [{ ...GOOD, Resource: 'arn:az:s3:::b' }, /^Partition "az" is not valid for resource "arn:az:s3:::b"\.$/],
  [{ ...GOOD, Resource: 'arn:aws:s3:us-east-1::b' }, /can not contain region information\.$/],
  [{ ...GOOD, Principal: '*' }, /^Policy document should not specify a principal\.$/],
  [{ ...GOOD, Condition: { StringEqual: { 'a:b': 'c' } } }, /^Invalid Condition type : StringEqual\.$/],
  [{ ...GOOD, Condition: 'x' }, /^Syntax errors/],
  [
    [
      { ...GOOD, Sid: 'A' },
      { ...GOOD, Sid: 'A' },
    ],
    /^Statement IDs \(SID\) in a single policy must be unique\.$/,
  ],
  [{ ...GOOD, Sid: 'a b' }, /^Statement IDs \(SID\) must be alpha-numeric/],
  [[], /^Missing required field Statement cannot be empty!$/],
  ['x', /^Syntax errors/],
];

test('identity policies are refused with the first thing that is wrong with them', () => {
  for (const [statement, expected] of FAULTS) assert.match(fault(statement) ?? 'nothing', expected);
  assert.equal(policyFault('{', 'identity'), 'Syntax errors in policy.');
  assert.equal(fault(GOOD, 'identity', {}), 'Policy document must be version 2012-10-17 or greater.');
  assert.equal(fault(GOOD, 'identity', { Version: '2020-01-01' }), 'Syntax errors in policy.');
});

test('trust policies name principals and nothing but STS actions', () => {
  assert.equal(policyFault('{', 'trust'), 'This policy contains invalid Json');
  assert.equal(fault({ ...TRUST, Principal: undefined }, 'trust'), 'Missing required field Principal');
  assert.equal(fault({ ...TRUST, Resource: '*' }, 'trust'), 'Has prohibited field Resource');
  const others = fault({ ...TRUST, Action: 's3:*' }, 'trust');
  assert.equal(others, 'AssumeRole policy may only specify STS AssumeRole actions.');
  const principal = (Principal: unknown) => fault({ ...TRUST, Principal }, 'trust');
  assert.equal(principal({ Service: 'lambda' }), 'Invalid principal in policy: "SERVICE":"lambda"');
  assert.equal(principal({ AWS: 'ann' }), 'Invalid principal in policy: "AWS":"ann"');
  assert.equal(principal({ Aws: '*' }), 'Invalid principal in policy: "Aws"');
});
