// biome-ignore-all lint/suspicious/noTemplateCurlyInString: policy variables are written so.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal, RoleSessionPrincipal, UserPrincipal } from '../principal.js';
import { ConditionContext } from './condition-context.js';
import { denialMessage } from './denial-message.js';
import { type ApplicablePolicies, type Decision, evaluate } from './evaluate.js';
import { type PolicyDocument, parsePolicy } from './policy-document.js';

const ACCOUNT = '111111111111';
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/t`;
const ann: UserPrincipal = {
  kind: 'user',
  accountId: ACCOUNT,
  userName: 'ann',
  userId: 'AIDAANN',
  arn: `arn:aws:iam::${ACCOUNT}:user/ann`,
};
const session: RoleSessionPrincipal = {
  kind: 'role-session',
  accountId: ACCOUNT,
  userId: 'AROAR:s',
  roleArn: `arn:aws:iam::${ACCOUNT}:role/r`,
  sessionName: 's',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
};
const root: Principal = { kind: 'root', accountId: ACCOUNT };
const stranger: UserPrincipal = { ...ann, accountId: '222222222222', arn: 'arn:aws:iam::222222222222:user/ann' };

function doc(...statements: object[]): PolicyDocument {
  return parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
}
const allow = (rest: object = {}) => ({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE, ...rest });
const deny = (rest: object = {}) => ({ ...allow(rest), Effect: 'Deny' });

function decide(
  policies: Partial<ApplicablePolicies>,
  { principal = ann as Principal, action = 'dynamodb:PutItem', resource = TABLE, context = {} } = {},
): Decision {
  const request = { principal, action, resource, context: new ConditionContext(context) };
  return evaluate(request, { identity: [], ...policies });
}
const outcome = (decision: Decision): string =>
  decision.allowed ? 'allowed' : `${decision.explicit ? 'explicit' : 'implicit'} ${decision.type}`;
const of = (documents: PolicyDocument[], accountId = ACCOUNT, isRequired = false) => ({
  accountId,
  documents,
  isRequired,
});

test('nothing is allowed that no policy allows, and a deny wins over every allow', () => {
  assert.equal(outcome(decide({})), 'implicit identity');
  assert.equal(outcome(decide({ identity: [doc(allow())] })), 'allowed');
  assert.equal(
    outcome(decide({ identity: [doc(allow()), doc(deny({ Action: '*', Resource: '*' }))] })),
    'explicit identity',
  );
});

test('actions are matched without regard to case, with wildcards, and by exclusion', () => {
  const can = (statement: object, action = 'dynamodb:PutItem') =>
    decide({ identity: [doc({ Effect: 'Allow', Resource: '*', ...statement })] }, { action }).allowed;
  assert.equal(can({ Action: 'DynamoDB:putitem' }), true);
  assert.equal(can({ Action: 'dynamodb:Put*' }), true);
  assert.equal(can({ Action: 'dynamodb:Pu?Item' }), true);
  assert.equal(can({ Action: ['s3:*', 'dynamodb:GetItem'] }), false);
  assert.equal(can({ Action: '*' }), true);
  assert.equal(can({ NotAction: 'dynamodb:Put*' }), false);
  assert.equal(can({ NotAction: 's3:*' }), true);
});

test('resources are matched part by part, with wildcards and variables, and by exclusion', () => {
  const can = (statement: object, resource = TABLE) =>
    decide(
      { identity: [doc({ Effect: 'Allow', Action: '*', ...statement })] },
      { resource, context: { 'aws:username': 'ann' } },
    ).allowed;
  assert.equal(can({ Resource: 'arn:aws:dynamodb:*:*:table/*' }), true);
  assert.equal(can({ Resource: 'arn:aws:dynamodb:*:table/t' }), false);
  assert.equal(can({ Resource: 'arn:aws:dynamodb:*' }), true);
  assert.equal(can({ Resource: '*' }), true);
  assert.equal(can({ Resource: TABLE }, `${TABLE}/index/i`), false);
  assert.equal(can({ Resource: `${TABLE}/index/*` }, `${TABLE}/index/i`), true);
  assert.equal(can({ Resource: `${TABLE}*` }, `${TABLE}/index/i`), true);
  assert.equal(can({ Resource: 'arn:aws:s3:::b/*' }, 'arn:aws:s3:::b/a:b/c'), true);
  assert.equal(can({ Resource: 'arn:aws:s3:::b/${aws:username}/*' }, 'arn:aws:s3:::b/ann/x'), true);
  assert.equal(can({ Resource: 'arn:aws:s3:::b/${aws:username}/*' }, 'arn:aws:s3:::b/bob/x'), false);
  assert.equal(can({ NotResource: TABLE }), false);
  assert.equal(can({ NotResource: `${TABLE}2` }), true);
  assert.equal(can({ Resource: TABLE.toUpperCase() }), false);
});

test('all conditions of a statement must hold', () => {
  const Condition = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
  const identity = [doc(allow({ Condition }))];
  assert.equal(decide({ identity }, { context: { a: '1', b: '2', c: 'true' } }).allowed, true);
  assert.equal(decide({ identity }, { context: { a: '1', b: '2', c: 'false' } }).allowed, false);
  assert.equal(decide({ identity }, { context: { a: '1', b: '2' } }).allowed, false);
});

test('in the same account the policy of the resource is enough, if it names the principal', () => {
  const granted = (Principal: unknown, principal: Principal = ann) =>
    outcome(decide({ resource: of([doc(allow({ Principal }))]) }, { principal }));
  assert.equal(granted('*'), 'allowed');
  assert.equal(granted({ AWS: ann.arn }), 'allowed');
  assert.equal(granted({ AWS: [stranger.arn, ann.arn] }), 'allowed');
  assert.equal(granted({ AWS: stranger.arn }), 'implicit identity');
  assert.equal(granted({ AWS: session.roleArn }, session), 'allowed');
  assert.equal(granted({ AWS: session.arn }, session), 'allowed');
  // The account's name hands the decision to identity policies.
  assert.equal(granted({ AWS: ACCOUNT }), 'implicit identity');
  assert.equal(granted({ AWS: `arn:aws:iam::${ACCOUNT}:root` }), 'implicit identity');
});

test('between accounts both sides must allow', () => {
  const both = (resource: PolicyDocument[], identity: PolicyDocument[]) =>
    outcome(decide({ identity, resource: of(resource) }, { principal: stranger }));
  const byName = doc(allow({ Principal: { AWS: stranger.arn } }));
  const byAccount = doc(allow({ Principal: { AWS: '222222222222' } }));
  assert.equal(both([], [doc(allow())]), 'implicit resource');
  assert.equal(both([byName], []), 'implicit identity');
  assert.equal(both([byName], [doc(allow())]), 'allowed');
  assert.equal(both([byAccount], [doc(allow())]), 'allowed');
  assert.equal(both([byName, doc(deny({ Principal: '*' }))], [doc(allow())]), 'explicit resource');
});

test('a boundary limits identity policies, and grants to roles, but not grants to a user by name', () => {
  const boundary = doc(allow({ Action: 's3:*', Resource: '*' }));
  const identity = [doc(allow())];
  assert.equal(outcome(decide({ identity, boundary })), 'implicit boundary');
  assert.equal(outcome(decide({ identity, boundary: doc(allow()) })), 'allowed');
  assert.equal(outcome(decide({ identity, boundary: doc(allow(), deny()) })), 'explicit boundary');
  assert.equal(outcome(decide({ boundary: doc(allow()) })), 'implicit identity');
  const grant = (Principal: object) => of([doc(allow({ Principal }))]);
  assert.equal(outcome(decide({ boundary, resource: grant({ AWS: ann.arn }) })), 'allowed');
  const asRole = { principal: session };
  assert.equal(outcome(decide({ boundary, resource: grant({ AWS: session.roleArn }) }, asRole)), 'implicit boundary');
  assert.equal(outcome(decide({ boundary, resource: grant({ AWS: session.arn }) }, asRole)), 'allowed');
});

test('the policies of a session limit what its role may do', () => {
  const identity = [doc(allow())];
  const run = (...policies: PolicyDocument[]) =>
    outcome(decide({ identity, session: policies }, { principal: session }));
  assert.equal(run(doc(allow())), 'allowed');
  assert.equal(run(doc(allow({ Action: 's3:*' }))), 'implicit session');
  assert.equal(run(doc(allow({ Action: 's3:*' })), doc(allow())), 'allowed');
  assert.equal(run(doc(allow(), deny())), 'explicit session');
});

test('the account itself may do everything in it that no resource policy denies', () => {
  assert.equal(decide({}, { principal: root }).allowed, true);
  const resource = of([doc(deny({ Principal: '*' }))]);
  assert.equal(outcome(decide({ resource }, { principal: root })), 'explicit resource');
});

test('where the policy of the resource is required, identity policies alone are not enough', () => {
  const identity = [doc(allow())];
  assert.equal(outcome(decide({ identity, resource: of([], ACCOUNT, true) })), 'implicit resource');
  const delegating = of([doc(allow({ Principal: { AWS: ACCOUNT } }))], ACCOUNT, true);
  assert.equal(outcome(decide({ identity, resource: delegating })), 'allowed');
  assert.equal(outcome(decide({ resource: delegating })), 'implicit identity');
  assert.equal(outcome(decide({ resource: of([], ACCOUNT, true) }, { principal: root })), 'implicit resource');
});

test('services are allowed by name only', () => {
  const principal: Principal = { kind: 'service', accountId: ACCOUNT, service: 's3.amazonaws.com' };
  const run = (Principal: unknown) => outcome(decide({ resource: of([doc(allow({ Principal }))]) }, { principal }));
  assert.equal(run({ Service: 's3.amazonaws.com' }), 'allowed');
  assert.equal(run({ Service: ['sns.amazonaws.com', 's3.amazonaws.com'] }), 'allowed');
  assert.equal(run({ Service: 'sns.amazonaws.com' }), 'implicit resource');
  assert.equal(run({ AWS: ACCOUNT }), 'implicit resource');
});

test('NotPrincipal means everybody else', () => {
  const resource = of([doc(deny({ NotPrincipal: { AWS: ann.arn } }))]);
  const identity = [doc(allow())];
  assert.equal(outcome(decide({ identity, resource })), 'allowed');
  assert.equal(outcome(decide({ identity, resource }, { principal: session })), 'explicit resource');
});

test('a denied principal is told in the words of AWS', () => {
  const told = (decision: Decision) =>
    denialMessage(decision, { user: session.arn, action: 'dynamodb:PutItem', resource: TABLE });
  const start = `User: ${session.arn} is not authorized to perform: dynamodb:PutItem on resource: ${TABLE}`;
  assert.equal(told(decide({})), `${start} because no identity-based policy allows the dynamodb:PutItem action`);
  const identity = [doc(allow(), deny())];
  assert.equal(told(decide({ identity })), `${start} with an explicit deny in an identity-based policy`);
  const boundary = doc(allow({ Action: 's3:*' }));
  const limited = decide({ identity: [doc(allow())], boundary });
  assert.equal(told(limited), `${start} because no permissions boundary allows the dynamodb:PutItem action`);
  assert.equal(told(decide({ identity: [doc(allow())] })), undefined);
});

test('a pattern of many stars is matched in a blink', () => {
  const identity = [doc(allow({ Resource: `arn:aws:s3:::${'*a'.repeat(200)}b` }))];
  assert.equal(decide({ identity }, { resource: `arn:aws:s3:::${'a'.repeat(5000)}` }).allowed, false);
});

test('a document that cannot be understood allows nothing', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"Statement":[1]}',
    '{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}',
  ]) {
    assert.equal(decide({ identity: [parsePolicy(text)] }).allowed, false, text);
  }
});
