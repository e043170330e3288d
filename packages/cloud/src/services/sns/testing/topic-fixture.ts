import type { TestContext } from 'node:test';
import {
  CreateTopicCommand,
  PublishCommand,
  type PublishCommandInput,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { policyOf } from '../../../testing/iam-fixture.js';
import { testEndpoint } from '../../../testing/test-endpoint.js';

const PLACE = 'us-east-1:000000000000';

/** An endpoint with topics and queues, and short ways to do what tests do again and again. */
export async function topicFixture(t: TestContext) {
  const endpoint = await testEndpoint(t);
  const connect = () => ({
    sns: new SNSClient(endpoint.clientOptions()),
    sqs: new SQSClient(endpoint.clientOptions()),
  });
  let clients = connect();
  const disconnect = (): void => {
    clients.sns.destroy();
    clients.sqs.destroy();
  };
  t.after(disconnect);
  const urlOf = (name: string): string => `${endpoint.current().url}/000000000000/${name}`;
  const fixture = {
    endpoint,
    sns: () => clients.sns,
    sqs: () => clients.sqs,
    /** After a restart the endpoint has another port. */
    reconnect() {
      disconnect();
      clients = connect();
    },
    async topic(Name: string, Attributes: Record<string, string> = {}): Promise<string> {
      return (await clients.sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn ?? '';
    },
    /** A queue that takes what the service SNS delivers, and its ARN. */
    async queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
      const Resource = `arn:aws:sqs:${PLACE}:${QueueName}`;
      const Principal = { Service: 'sns.amazonaws.com' };
      const Policy = policyOf({ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource });
      await clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy, ...Attributes } }));
      return Resource;
    },
    setPolicy: (name: string, Policy: string) =>
      clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: urlOf(name), Attributes: { Policy } })),
    async subscribe(TopicArn: string, Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) {
      const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true };
      return (await clients.sns.send(new SubscribeCommand(input))).SubscriptionArn ?? '';
    },
    publish: (TopicArn: string, Message: string, more: Partial<PublishCommandInput> = {}) =>
      clients.sns.send(new PublishCommand({ TopicArn, Message, ...more })),
    /** What the queue has, once all deliveries are done. */
    async received(name: string): Promise<Message[]> {
      await endpoint.advance('1s');
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: urlOf(name),
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages;
    },
  };
  return fixture;
}

/** The envelope of a message that was not delivered raw. */
export function envelopeOf(message: Message | undefined): Record<string, unknown> {
  return JSON.parse(message?.Body ?? '{}') as Record<string, unknown>;
}
