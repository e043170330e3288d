import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateRoleCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListUsersCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type Credentials,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { iamOf, optionsAs, policyOf, type TestCredentials } from '../../testing/iam-fixture.js';
import { send, testEndpoint } from '../../testing/test-endpoint.js';

test('the caller is the root user of the account that the access key names', async (t) => {
  const endpoint = await testEndpoint(t);
  const client = new STSClient(endpoint.clientOptions('123456789012'));
  const { Account, Arn, UserId } = await client.send(new GetCallerIdentityCommand({}));
  assert.deepEqual(
    { Account, Arn, UserId },
    {
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
      UserId: '123456789012',
    },
  );
  const info = await client.send(new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIDEXAMPLEEXAMPLE00' }));
  assert.equal(info.Account, '000000000000');
  client.destroy();
});

test('a request without a signature is refused with 403', async (t) => {
  const endpoint = await testEndpoint(t);
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = 'Action=GetCallerIdentity&Version=2011-06-15';
  const answer = await send(endpoint.current().url, { headers, body });
  assert.equal(answer.status, 403);
  assert.match(answer.body, /<Code>MissingAuthenticationToken<\/Code>/);
});

const ACCOUNT = '000000000000';
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;

async function start(t: TestContext) {
  const endpoint = await testEndpoint(t);
  const { iam, user } = iamOf(t, endpoint);
  const role = async (RoleName: string, statement: object, rest: object = {}) => {
    const trust = policyOf({ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], ...statement });
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, ...rest }));
    return `arn:aws:iam::${ACCOUNT}:role/${RoleName}`;
  };
  const stsAs = (credentials?: TestCredentials) => {
    const client = new STSClient(
      credentials === undefined ? endpoint.clientOptions() : optionsAs(endpoint, credentials),
    );
    t.after(() => client.destroy());
    return client;
  };
  return { endpoint, iam, user, role, stsAs };
}

function credentialsOf(given: Credentials | undefined): TestCredentials {
  const {
    AccessKeyId: accessKeyId = '',
    SecretAccessKey: secretAccessKey = '',
    SessionToken: sessionToken = '',
  } = given ?? {};
  return { accessKeyId, secretAccessKey, sessionToken };
}

test('a role is assumed by whom it trusts, under its conditions, for as long as it says', async (t) => {
  const { endpoint, user, role, stsAs } = await start(t);
  const ann = await user('ann');
  const Condition = { StringEquals: { 'sts:ExternalId': 'secret' } };
  const RoleArn = await role('r', { Principal: { AWS: ANN }, Condition });
  const sts = stsAs(ann);
  const assume = (rest: object) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1', ...rest }));
  const denied = {
    name: 'AccessDenied',
    message: `User: ${ANN} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
  };
  await assert.rejects(assume({}), denied);
  await assert.rejects(assume({ ExternalId: 'other' }), denied);
  await assert.rejects(assume({ ExternalId: 'secret', DurationSeconds: 7200 }), {
    name: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  });
  const { Credentials: given, AssumedRoleUser: who } = await assume({ ExternalId: 'secret', DurationSeconds: 900 });
  assert.match(given?.AccessKeyId ?? '', /^ASIA[A-Z2-7]{16}$/);
  assert.equal(who?.Arn, `arn:aws:sts::${ACCOUNT}:assumed-role/r/s1`);
  const session = stsAs(credentialsOf(given));
  const identity = await session.send(new GetCallerIdentityCommand({}));
  assert.deepEqual([identity.Arn, identity.UserId, identity.Account], [who?.Arn, who?.AssumedRoleId, ACCOUNT]);
  const unsigned = stsAs({ ...credentialsOf(given), sessionToken: 'another' });
  await assert.rejects(unsigned.send(new GetCallerIdentityCommand({})), { name: 'InvalidClientTokenId' });
  endpoint.clock.advance(900_000);
  await assert.rejects(session.send(new GetCallerIdentityCommand({})), { name: 'ExpiredToken' });
});

test('a role that trusts the account leaves the decision to policies; one that is not there is not told apart', async (t) => {
  const { user, role, stsAs } = await start(t);
  const RoleArn = await role('r', { Principal: { AWS: ACCOUNT } });
  const allowed = await user('bob', policyOf({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: RoleArn }));
  await stsAs(allowed).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
  const sts = stsAs(await user('ann'));
  await assert.rejects(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' })), {
    message: `User: ${ANN} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn} because no identity-based policy allows the sts:AssumeRole action`,
  });
  await assert.rejects(sts.send(new AssumeRoleCommand({ RoleArn: `${RoleArn}x`, RoleSessionName: 's1' })), {
    name: 'AccessDenied',
    message: `User: ${ANN} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}x`,
  });
  // The keys that IAM does not know stand for the account.
  await stsAs().send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1' }));
  const forLambda = await role('l', { Principal: { Service: 'lambda.amazonaws.com' } });
  await assert.rejects(stsAs().send(new AssumeRoleCommand({ RoleArn: forLambda, RoleSessionName: 's1' })), {
    name: 'AccessDenied',
  });
});

test('policies and tags of a session narrow what its role may do', async (t) => {
  const { endpoint, iam, role, stsAs } = await start(t);
  const RoleArn = await role('r', { Principal: { AWS: ACCOUNT } });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
  const own = { Effect: 'Allow', Action: 'iam:Get*', Resource: 'arn:aws:iam::*:role/${aws:PrincipalTag/team}' };
  await iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: policyOf(own) }));
  const getRole = async (input: object) => {
    const { Credentials: given } = await stsAs().send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 's1', ...input }),
    );
    const client = new IAMClient(optionsAs(endpoint, credentialsOf(given)));
    t.after(() => client.destroy());
    return client.send(new GetRoleCommand({ RoleName: 'r' }));
  };
  const Tags = [{ Key: 'team', Value: 'r' }];
  await getRole({ Tags });
  await assert.rejects(getRole({}), { message: /because no identity-based policy allows the iam:GetRole action$/ });
  await assert.rejects(getRole({ Tags: [{ Key: 'team', Value: 'x' }] }), { name: 'AccessDenied' });
  const Policy = policyOf({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
  await assert.rejects(getRole({ Tags, Policy }), {
    message: /because no session policy allows the iam:GetRole action$/,
  });
});

test('a session of a user is the user; federated users get what their policy and issuer allow', async (t) => {
  const { endpoint, user, stsAs } = await start(t);
  const ann = await user('ann', policyOf({ Effect: 'Allow', Action: ['iam:GetUser', 'sts:*'], Resource: '*' }));
  const { Credentials: given } = await stsAs(ann).send(new GetSessionTokenCommand({}));
  const session = stsAs(credentialsOf(given));
  assert.equal((await session.send(new GetCallerIdentityCommand({}))).Arn, ANN);
  await assert.rejects(stsAs(ann).send(new GetSessionTokenCommand({ DurationSeconds: 10 })), {
    name: 'ValidationError',
  });
  const Policy = policyOf({ Effect: 'Allow', Action: 'iam:*', Resource: '*' });
  const federated = await stsAs(ann).send(new GetFederationTokenCommand({ Name: 'guest', Policy }));
  assert.equal(federated.FederatedUser?.Arn, `arn:aws:sts::${ACCOUNT}:federated-user/guest`);
  const guest = new IAMClient(optionsAs(endpoint, credentialsOf(federated.Credentials)));
  t.after(() => guest.destroy());
  await guest.send(new GetUserCommand({ UserName: 'ann' }));
  await assert.rejects(guest.send(new ListUsersCommand({})), { message: /because no identity-based policy allows/ });
});
