import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  BackupClient,
  CreateBackupVaultCommand,
  DescribeBackupVaultCommand,
  PutBackupVaultAccessPolicyCommand,
} from '@aws-sdk/client-backup';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { AddPermissionCommand, CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zipOfFiles } from '@tablewright/testkit';
import { iamOf, optionsAs, policyOf, type TestCredentials } from '../testing/iam-fixture.js';
import { testEndpoint } from '../testing/test-endpoint.js';

const ACCOUNT = '000000000000';
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;

async function start(t: TestContext) {
  const endpoint = await testEndpoint(t);
  return {
    endpoint,
    ...iamOf(t, endpoint),
    options: (credentials?: TestCredentials) =>
      credentials === undefined ? endpoint.clientOptions() : optionsAs(endpoint, credentials),
  };
}

test('a key is used by whom its policy lets, through identity policies where it names the account', async (t) => {
  const { user, options } = await start(t);
  const root = new KMSClient(options());
  const ann = new KMSClient(options(await user('ann', policyOf({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }))));
  for (const client of [root, ann]) t.after(() => client.destroy());
  const { KeyMetadata: key } = await root.send(new CreateKeyCommand({}));
  const KeyId = key?.KeyId ?? '';
  const encrypt = () => ann.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  await encrypt();
  const Policy = policyOf(
    {
      Sid: 'admin',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` },
      Action: 'kms:*',
      Resource: '*',
    },
    { Sid: 'look', Effect: 'Allow', Principal: { AWS: ANN }, Action: 'kms:DescribeKey', Resource: '*' },
  );
  await root.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  await ann.send(new DescribeKeyCommand({ KeyId }));
  await assert.rejects(encrypt(), {
    name: 'AccessDeniedException',
    message: `User: ${ANN} is not authorized to perform: kms:Encrypt on resource: ${key?.Arn} because no resource-based policy allows the kms:Encrypt action`,
  });
});

test('a bucket lets in whom its policy names, and denies even who may everything', async (t) => {
  const { user, options } = await start(t);
  const s3 = (credentials?: TestCredentials) => {
    const client = new S3Client({ ...options(credentials), forcePathStyle: true });
    t.after(() => client.destroy());
    return client;
  };
  const root = s3();
  await root.send(new CreateBucketCommand({ Bucket: 'files' }));
  await root.send(new PutObjectCommand({ Bucket: 'files', Key: 'a', Body: 'x' }));
  const Policy = policyOf(
    { Effect: 'Allow', Principal: { AWS: ANN }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::files/*' },
    { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: 'arn:aws:s3:::files/*' },
  );
  await root.send(new PutBucketPolicyCommand({ Bucket: 'files', Policy }));
  const ann = s3(await user('ann'));
  await ann.send(new GetObjectCommand({ Bucket: 'files', Key: 'a' }));
  const admin = s3(await user('bob', 'arn:aws:iam::aws:policy/AdministratorAccess'));
  await assert.rejects(admin.send(new PutObjectCommand({ Bucket: 'files', Key: 'b', Body: 'x' })), {
    name: 'AccessDenied',
    message: /with an explicit deny in a resource-based policy$/,
  });
});

test('a function is invoked by whom it has given permission', async (t) => {
  const { iam, user, options } = await start(t);
  const trust = policyOf({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const { Role: role } = await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: trust }));
  const root = new LambdaClient(options());
  const ann = new LambdaClient(options(await user('ann')));
  for (const client of [root, ann]) t.after(() => client.destroy());
  const ZipFile = zipOfFiles({ 'index.mjs': 'export const handler = () => 1' });
  await root.send(
    new CreateFunctionCommand({
      FunctionName: 'f',
      Role: role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile },
    }),
  );
  const dryRun = () => ann.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' }));
  await assert.rejects(dryRun(), {
    name: 'AccessDeniedException',
    message: /because no identity-based policy allows the lambda:InvokeFunction action$/,
  });
  await root.send(
    new AddPermissionCommand({ FunctionName: 'f', StatementId: 's', Action: 'lambda:InvokeFunction', Principal: ANN }),
  );
  await dryRun();
});

test('a vault keeps out whom its policy denies', async (t) => {
  const { user, options } = await start(t);
  const root = new BackupClient(options());
  const admin = new BackupClient(options(await user('ann', 'arn:aws:iam::aws:policy/AdministratorAccess')));
  for (const client of [root, admin]) t.after(() => client.destroy());
  await root.send(new CreateBackupVaultCommand({ BackupVaultName: 'vault' }));
  const describe = () => admin.send(new DescribeBackupVaultCommand({ BackupVaultName: 'vault' }));
  await describe();
  const Policy = policyOf({ Effect: 'Deny', Principal: '*', Action: 'backup:Describe*', Resource: '*' });
  await root.send(new PutBackupVaultAccessPolicyCommand({ BackupVaultName: 'vault', Policy }));
  const resource = `arn:aws:backup:us-east-1:${ACCOUNT}:backup-vault:vault`;
  await assert.rejects(describe(), {
    name: 'AccessDeniedException',
    message: `User: ${ANN} is not authorized to perform: backup:DescribeBackupVault on resource: ${resource} with an explicit deny in a resource-based policy`,
  });
});

test('a queue takes messages from whom its policy lets', async (t) => {
  const { user, options } = await start(t);
  const root = new SQSClient(options());
  const ann = new SQSClient(options(await user('ann')));
  for (const client of [root, ann]) t.after(() => client.destroy());
  const { QueueUrl = '' } = await root.send(new CreateQueueCommand({ QueueName: 'jobs' }));
  const put = () => ann.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  await assert.rejects(put(), {
    message: `User: ${ANN} is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:${ACCOUNT}:jobs because no identity-based policy allows the sqs:sendmessage action`,
  });
  const Policy = policyOf({
    Effect: 'Allow',
    Principal: { AWS: ANN },
    Action: 'sqs:SendMessage',
    Resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs`,
  });
  await root.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await put();
});

test('a topic lets in what its policies allow; that of its beginning allows nothing to users', async (t) => {
  const { user, options } = await start(t);
  const root = new SNSClient(options());
  const ann = new SNSClient(options(await user('ann')));
  for (const client of [root, ann]) t.after(() => client.destroy());
  const { TopicArn } = await root.send(new CreateTopicCommand({ Name: 'news' }));
  const publish = () => ann.send(new PublishCommand({ TopicArn, Message: 'x' }));
  await assert.rejects(publish(), {
    name: 'AuthorizationErrorException',
    message: `User: ${ANN} is not authorized to perform: SNS:Publish on resource: ${TopicArn} because no identity-based policy allows the SNS:Publish action`,
  });
  const AttributeValue = policyOf({
    Effect: 'Allow',
    Principal: { AWS: ANN },
    Action: 'sns:Publish',
    Resource: TopicArn,
  });
  await root.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  await publish();
});
