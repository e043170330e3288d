import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { zipOfFiles } from '@tablewright/testkit';
import { policyOf } from '../../testing/iam-fixture.js';
import { topicFixture } from './testing/topic-fixture.js';

test('a function gets what is published as an event, if it lets the topic; its destination gets the outcome', async (t) => {
  const { endpoint, topic, queue, subscribe, publish, received } = await topicFixture(t);
  const lambda = new LambdaClient(endpoint.clientOptions());
  const iam = new IAMClient(endpoint.clientOptions());
  t.after(() => {
    lambda.destroy();
    iam.destroy();
  });
  const trust = policyOf({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: trust }));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'worker', PolicyArn }));
  const FunctionName = 'worker';
  const ZipFile = zipOfFiles({ 'index.mjs': 'export const handler = async (event) => event.Records[0].Sns.Message' });
  const { FunctionArn = '' } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { ZipFile },
    }),
  );
  const DestinationConfig = { OnSuccess: { Destination: await queue('done') } };
  await lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, DestinationConfig }));
  const arn = await topic('news');
  const subscription = await subscribe(arn, 'lambda', FunctionArn);
  await publish(arn, 'not allowed');
  assert.deepEqual(await received('done'), []);
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'topic',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: arn,
    }),
  );
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'a' } };
  const { MessageId } = await publish(arn, 'hello', { MessageAttributes });
  const [message] = await received('done');
  const outcome = JSON.parse(message?.Body ?? '{}');
  assert.equal(outcome.responsePayload, 'hello');
  const [record] = outcome.requestPayload.Records;
  assert.deepEqual(
    [record.EventSource, record.EventVersion, record.EventSubscriptionArn],
    ['aws:sns', '1.0', subscription],
  );
  const { Type, MessageId: id, TopicArn, Subject, Message, MessageAttributes: attributes } = record.Sns;
  assert.deepEqual(
    { Type, id, TopicArn, Subject, Message, attributes },
    {
      Type: 'Notification',
      id: MessageId,
      TopicArn: arn,
      Subject: null,
      Message: 'hello',
      attributes: { kind: { Type: 'String', Value: 'a' } },
    },
  );
});
