import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import * as Iam from '@aws-sdk/client-iam';
import { type TestEndpoint, testEndpoint } from '../../testing/test-endpoint.js';

const ACCOUNT = '000000000000';
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});
const READ = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }],
});
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

async function start(t: TestContext): Promise<{ endpoint: TestEndpoint; iam: Iam.IAMClient }> {
  const endpoint = await testEndpoint(t);
  const iam = new Iam.IAMClient(endpoint.clientOptions());
  t.after(() => iam.destroy());
  return { endpoint, iam };
}

const role = (name: string, rest: object = {}) =>
  new Iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST, ...rest });

test('a role is read back as it was made, its document percent-encoded, and is there after a restart', async (t) => {
  const { endpoint, iam } = await start(t);
  const { Role: made } = await iam.send(
    role('r', { Path: '/team/', Description: 'd', Tags: [{ Key: 'a', Value: 'b' }] }),
  );
  assert.equal(made?.Arn, `arn:aws:iam::${ACCOUNT}:role/team/r`);
  assert.match(made?.RoleId ?? '', /^AROA[A-Z2-7]{17}$/);
  iam.destroy();
  await endpoint.restart();
  const again = new Iam.IAMClient(endpoint.clientOptions());
  t.after(() => again.destroy());
  const { Role: got } = await again.send(new Iam.GetRoleCommand({ RoleName: 'r' }));
  assert.equal(got?.AssumeRolePolicyDocument, encodeURIComponent(TRUST));
  assert.equal(got?.MaxSessionDuration, 3600);
  assert.equal(got?.Description, 'd');
  assert.deepEqual(got?.Tags, [{ Key: 'a', Value: 'b' }]);
  assert.deepEqual(got?.CreateDate, made?.CreateDate);
});

test('accounts have roles of their own', async (t) => {
  const { endpoint, iam } = await start(t);
  await iam.send(role('r'));
  const other = new Iam.IAMClient(endpoint.clientOptions('123456789012'));
  t.after(() => other.destroy());
  await assert.rejects(other.send(new Iam.GetRoleCommand({ RoleName: 'r' })), {
    name: 'NoSuchEntityException',
    message: 'The role with name r cannot be found.',
  });
});

test('what is still used cannot be deleted, and says so in the order of AWS', async (t) => {
  const { iam } = await start(t);
  await iam.send(role('r'));
  await iam.send(new Iam.AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: BASIC }));
  await iam.send(new Iam.PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: READ }));
  await iam.send(new Iam.CreateInstanceProfileCommand({ InstanceProfileName: 'ip' }));
  await iam.send(new Iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'ip', RoleName: 'r' }));
  const remove = () => iam.send(new Iam.DeleteRoleCommand({ RoleName: 'r' }));
  const conflict = (what: string) => ({
    name: 'DeleteConflictException',
    message: `Cannot delete entity, must ${what} first.`,
  });
  await assert.rejects(remove(), conflict('remove roles from instance profile'));
  await iam.send(new Iam.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'ip', RoleName: 'r' }));
  await assert.rejects(remove(), conflict('detach all policies'));
  await iam.send(new Iam.DetachRolePolicyCommand({ RoleName: 'r', PolicyArn: BASIC }));
  await assert.rejects(remove(), conflict('delete policies'));
  await iam.send(new Iam.DeleteRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }));
  await remove();
  await assert.rejects(remove(), { name: 'NoSuchEntityException' });
});

test('names are taken whatever their case, and malformed ones are refused', async (t) => {
  const { iam } = await start(t);
  await iam.send(role('Reader'));
  await assert.rejects(iam.send(role('reader')), {
    name: 'EntityAlreadyExistsException',
    message: 'Role with name reader already exists.',
  });
  await assert.rejects(iam.send(role('a b')), {
    name: 'ValidationError',
    message: /^The specified value for roleName is invalid\./,
  });
  await assert.rejects(iam.send(role('x'.repeat(65))), { message: /'roleName' failed to satisfy constraint/ });
  await assert.rejects(iam.send(role('r', { MaxSessionDuration: 60 })), { message: /greater than or equal to 3600/ });
});

test('documents are checked: grammar, size, and principals of the account that must be there', async (t) => {
  const { iam } = await start(t);
  const bad = READ.replace('"*"', '"t"');
  await assert.rejects(iam.send(new Iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: bad })), {
    name: 'MalformedPolicyDocumentException',
    message: 'Resource t must be in ARN format or "*".',
  });
  const long = READ.replace('dynamodb:GetItem', `dynamodb:${'G'.repeat(6200)}`);
  await assert.rejects(iam.send(new Iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: long })), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for PolicySize: 6144',
  });
  const nobody = `arn:aws:iam::${ACCOUNT}:user/nobody`;
  const trust = TRUST.replace('{"Service":"lambda.amazonaws.com"}', JSON.stringify({ AWS: nobody }));
  await assert.rejects(iam.send(role('r', { AssumeRolePolicyDocument: trust })), {
    name: 'MalformedPolicyDocumentException',
    message: `Invalid principal in policy: "AWS":"${nobody}"`,
  });
});

test('a managed policy has up to five versions, one of which holds', async (t) => {
  const { iam } = await start(t);
  const { Policy: policy } = await iam.send(new Iam.CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: READ }));
  const PolicyArn = policy?.Arn;
  const add = (SetAsDefault: boolean) =>
    iam.send(new Iam.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: READ, SetAsDefault }));
  for (const isDefault of [false, true, false, false]) await add(isDefault);
  await assert.rejects(add(false), {
    name: 'LimitExceededException',
    message: /^A managed policy can have up to 5 versions\./,
  });
  const { Versions: versions = [] } = await iam.send(new Iam.ListPolicyVersionsCommand({ PolicyArn }));
  assert.deepEqual(
    versions.map(({ VersionId }) => VersionId),
    ['v5', 'v4', 'v3', 'v2', 'v1'],
  );
  assert.deepEqual(
    versions.filter((version) => version.IsDefaultVersion).map(({ VersionId }) => VersionId),
    ['v3'],
  );
  const remove = (VersionId: string) => iam.send(new Iam.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
  await assert.rejects(remove('v3'), { message: 'Cannot delete the default version of a policy.' });
  await assert.rejects(iam.send(new Iam.DeletePolicyCommand({ PolicyArn })), {
    message: /^This policy has more than one version\./,
  });
  for (const id of ['v1', 'v2', 'v4', 'v5']) await remove(id);
  await iam.send(role('r'));
  await iam.send(new Iam.AttachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
  await assert.rejects(iam.send(new Iam.DeletePolicyCommand({ PolicyArn })), {
    message: 'Cannot delete a policy attached to entities.',
  });
  const { PolicyRoles: holders } = await iam.send(new Iam.ListEntitiesForPolicyCommand({ PolicyArn }));
  assert.deepEqual(
    holders?.map(({ RoleName }) => RoleName),
    ['r'],
  );
  await iam.send(new Iam.DetachRolePolicyCommand({ RoleName: 'r', PolicyArn }));
  await iam.send(new Iam.DeletePolicyCommand({ PolicyArn }));
  await assert.rejects(iam.send(new Iam.GetPolicyCommand({ PolicyArn })), {
    message: `Policy ${PolicyArn} was not found.`,
  });
});

test("AWS's own policies have the documents that AWS published", async (t) => {
  const { iam } = await start(t);
  const { PolicyVersion: version } = await iam.send(
    new Iam.GetPolicyVersionCommand({
      PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaDynamoDBExecutionRole',
      VersionId: 'v1',
    }),
  );
  const document = JSON.parse(decodeURIComponent(version?.Document ?? ''));
  assert.ok(document.Statement[0].Action.includes('dynamodb:GetShardIterator'));
  const { Policies: listed = [] } = await iam.send(new Iam.ListPoliciesCommand({ Scope: 'AWS', MaxItems: 1000 }));
  const names = listed.map(({ PolicyName }) => PolicyName);
  for (const name of ['AdministratorAccess', 'ReadOnlyAccess', 'AWSBackupServiceRolePolicyForRestores']) {
    assert.ok(names.includes(name), name);
  }
  await iam.send(role('r'));
  await assert.rejects(iam.send(new Iam.AttachRolePolicyCommand({ RoleName: 'r', PolicyArn: `${BASIC}s` })), {
    name: 'NoSuchEntityException',
    message: `Policy ${BASIC}s does not exist or is not attachable.`,
  });
});

test('lists come in pages', async (t) => {
  const { iam } = await start(t);
  for (const name of ['c', 'a', 'b', 'e', 'd']) await iam.send(new Iam.CreateUserCommand({ UserName: name }));
  const names: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new Iam.ListUsersCommand({ MaxItems: 2, Marker }));
    assert.ok((page.Users?.length ?? 0) <= 2);
    names.push(...(page.Users ?? []).map(({ UserName }) => UserName));
    Marker = page.Marker;
  } while (Marker !== undefined);
  assert.deepEqual(names, ['a', 'b', 'c', 'd', 'e']);
});

test('the secret of an access key is shown once; two are the most that a user has', async (t) => {
  const { iam } = await start(t);
  await iam.send(new Iam.CreateUserCommand({ UserName: 'ann' }));
  const { AccessKey: key } = await iam.send(new Iam.CreateAccessKeyCommand({ UserName: 'ann' }));
  assert.match(key?.AccessKeyId ?? '', /^AKIA[A-Z2-7]{16}$/);
  assert.match(key?.SecretAccessKey ?? '', /^[A-Za-z0-9+/]{40}$/);
  await iam.send(new Iam.CreateAccessKeyCommand({ UserName: 'ann' }));
  await assert.rejects(iam.send(new Iam.CreateAccessKeyCommand({ UserName: 'ann' })), {
    name: 'LimitExceededException',
    message: 'Cannot exceed quota for AccessKeysPerUser: 2',
  });
  const { AccessKeyMetadata: listed } = await iam.send(new Iam.ListAccessKeysCommand({ UserName: 'ann' }));
  assert.equal(JSON.stringify(listed).includes(key?.SecretAccessKey ?? 'none'), false);
  await assert.rejects(iam.send(new Iam.DeleteUserCommand({ UserName: 'ann' })), {
    message: 'Cannot delete entity, must delete access keys first.',
  });
});

test('users are in groups, and both keep their tie when they are renamed', async (t) => {
  const { iam } = await start(t);
  await iam.send(new Iam.CreateUserCommand({ UserName: 'ann' }));
  await iam.send(new Iam.CreateGroupCommand({ GroupName: 'devs' }));
  await iam.send(new Iam.AddUserToGroupCommand({ GroupName: 'devs', UserName: 'ann' }));
  await iam.send(new Iam.UpdateGroupCommand({ GroupName: 'devs', NewGroupName: 'ops' }));
  await iam.send(new Iam.UpdateUserCommand({ UserName: 'ann', NewUserName: 'anna' }));
  const { Users: users } = await iam.send(new Iam.GetGroupCommand({ GroupName: 'ops' }));
  assert.deepEqual(
    users?.map(({ UserName }) => UserName),
    ['anna'],
  );
  const { Groups: groups } = await iam.send(new Iam.ListGroupsForUserCommand({ UserName: 'anna' }));
  assert.deepEqual(
    groups?.map(({ GroupName }) => GroupName),
    ['ops'],
  );
  await assert.rejects(iam.send(new Iam.DeleteGroupCommand({ GroupName: 'ops' })), { name: 'DeleteConflictException' });
});

test('a service-linked role is made once, with the policy of its service, and only that service changes it', async (t) => {
  const { iam } = await start(t);
  const make = () =>
    iam.send(
      new Iam.CreateServiceLinkedRoleCommand({ AWSServiceName: 'dynamodb.application-autoscaling.amazonaws.com' }),
    );
  const { Role: made } = await make();
  const RoleName = made?.RoleName;
  assert.equal(RoleName, 'AWSServiceRoleForApplicationAutoScaling_DynamoDBTable');
  await assert.rejects(make(), {
    name: 'InvalidInputException',
    message: `Service role name ${RoleName} has been taken in this account, please try a different suffix.`,
  });
  await assert.rejects(iam.send(new Iam.AttachRolePolicyCommand({ RoleName, PolicyArn: BASIC })), {
    name: 'UnmodifiableEntityException',
    message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
  });
  const { DeletionTaskId } = await iam.send(new Iam.DeleteServiceLinkedRoleCommand({ RoleName }));
  const { Status } = await iam.send(new Iam.GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }));
  assert.equal(Status, 'SUCCEEDED');
});

test('simulations tell which statement decides, and the account details tell who has what', async (t) => {
  const { iam } = await start(t);
  await iam.send(role('r'));
  const limited = READ.replace('}]', ',"Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}]');
  await iam.send(new Iam.PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: limited }));
  const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:role/r`;
  const simulate = async (region?: string) => {
    const ContextEntries =
      region === undefined
        ? []
        : [{ ContextKeyName: 'aws:RequestedRegion', ContextKeyType: 'string' as const, ContextKeyValues: [region] }];
    const input = { PolicySourceArn, ActionNames: ['dynamodb:GetItem'], ContextEntries };
    const { EvaluationResults: results } = await iam.send(new Iam.SimulatePrincipalPolicyCommand(input));
    return results?.[0];
  };
  const allowed = await simulate('eu-west-1');
  assert.equal(allowed?.EvalDecision, 'allowed');
  const [match] = allowed?.MatchedStatements ?? [];
  assert.equal(match?.SourcePolicyId, 'role_r_p');
  assert.deepEqual(match?.StartPosition, { Line: 1, Column: limited.indexOf('[{') + 2 });
  const unknown = await simulate();
  assert.equal(unknown?.EvalDecision, 'implicitDeny');
  assert.deepEqual(unknown?.MissingContextValues, ['aws:RequestedRegion']);
  const details = await iam.send(new Iam.GetAccountAuthorizationDetailsCommand({}));
  assert.deepEqual(
    details.RoleDetailList?.map(({ RolePolicyList }) => RolePolicyList?.length),
    [1],
  );
});
