import { createHash } from 'node:crypto';
import type { Caller } from '../../kernel/caller.js';
import { type AttributeRecords, type PublishedMessage, textFor } from './published-message.js';
import { type SubscriptionRecord, subscriptionArn, topicArn } from './topic-record.js';

/**
 * What a subscriber gets around a message, in order. Signatures are there, but nobody signed.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function notification(
  subscription: SubscriptionRecord,
  message: PublishedMessage,
  sequence: string | undefined,
  address: string,
): Record<string, unknown> {
  const { topic, protocol } = subscription;
  return {
    Type: 'Notification',
    MessageId: message.id,
    ...(sequence !== undefined && { SequenceNumber: sequence }),
    TopicArn: topicArn(topic),
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: textFor(message, protocol),
    Timestamp: new Date(message.publishedMs).toISOString(),
    ...signature(message.id, topic.region),
    UnsubscribeURL: actionUrl(address, topic, {
      Action: 'Unsubscribe',
      SubscriptionArn: subscriptionArn(subscription),
    }),
    ...attributesMember(message.attributes),
  };
}

/** What asks an HTTP endpoint to confirm. */
export function confirmationRequest(
  { topic, token }: SubscriptionRecord,
  made: { readonly id: string; readonly timeMs: number },
  address: string,
): Record<string, unknown> {
  const arn = topicArn(topic);
  return {
    Type: 'SubscriptionConfirmation',
    MessageId: made.id,
    Token: token,
    TopicArn: arn,
    Message: `You have chosen to subscribe to the topic ${arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
    SubscribeURL: actionUrl(address, topic, { Action: 'ConfirmSubscription', TopicArn: arn, Token: token }),
    Timestamp: new Date(made.timeMs).toISOString(),
    ...signature(made.id, topic.region),
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function lambdaEvent(
  subscription: SubscriptionRecord,
  message: PublishedMessage,
  address: string,
): Record<string, unknown> {
  const {
    SigningCertURL: SigningCertUrl,
    UnsubscribeURL: UnsubscribeUrl,
    Subject = null,
    MessageAttributes = {},
    ...rest
  } = notification(subscription, message, undefined, address);
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn(subscription),
        Sns: { ...rest, Subject, SigningCertUrl, UnsubscribeUrl, MessageAttributes },
      },
    ],
  };
}

/** As AWS writes it: a member a line, with spaces around the colon. */
export function envelopeText(members: Record<string, unknown>): string {
  const lines = Object.entries(members).map(([name, value]) => `  ${JSON.stringify(name)} : ${JSON.stringify(value)}`);
  return `{\n${lines.join(',\n')}\n}`;
}

function attributesMember(attributes: AttributeRecords): object {
  const entries = Object.entries(attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }]);
  return entries.length === 0 ? {} : { MessageAttributes: Object.fromEntries(entries) };
}

function signature(
  id: string,
  region: string,
): { SignatureVersion: string; Signature: string; SigningCertURL: string } {
  return {
    SignatureVersion: '1',
    Signature: createHash('sha512').update(id).digest('base64'),
    SigningCertURL: `https://sns.${region}.amazonaws.com/SimpleNotificationService-${'0'.repeat(32)}.pem`,
  };
}

/** AWS takes these without a signature; here the URL has one of the account's root, which nobody verifies. */
function actionUrl(address: string, { accountId, region }: Caller, parameters: Record<string, string>): string {
  const query = new URLSearchParams({
    ...parameters,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `${accountId}/20260101/${region}/sns/aws4_request`,
    'X-Amz-Date': '20260101T000000Z',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '0'.repeat(64),
  });
  return `http://${address}/?${query}`;
}
