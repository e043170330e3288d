import type { TestContext } from 'node:test';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { testEndpoint } from '../../../testing/test-endpoint.js';

/** An endpoint with SQS, and short ways to do what tests do again and again. */
export async function queueFixture(t: TestContext, accountId?: string) {
  const endpoint = await testEndpoint(t);
  let client = new SQSClient(endpoint.clientOptions(accountId));
  t.after(() => client.destroy());
  return {
    endpoint,
    sqs: () => client,
    /** After a restart the endpoint has another port. */
    reconnect() {
      client.destroy();
      client = new SQSClient(endpoint.clientOptions(accountId));
    },
    async queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return QueueUrl ?? '';
    },
    send: (QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    async receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
          ...more,
        }),
      );
      return Messages;
    },
    async attributes(QueueUrl: string): Promise<Record<string, string>> {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return Attributes;
    },
  };
}

export const bodies = (messages: readonly Message[]): (string | undefined)[] => messages.map(({ Body }) => Body);
