import type { Kernel } from '../../kernel/kernel.js';
import { type Actor, serviceActor } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';
import { httpPolicy } from './delivery-policy.js';
import { confirmationRequest, envelopeText, lambdaEvent, notification } from './envelope.js';
import { type PostResult, postMessage } from './post-message.js';
import { type PublishedMessage, textFor } from './published-message.js';
import { isFifo, type SubscriptionRecord, subscriptionArn, topicArn } from './topic-record.js';

const SERVICE = 'sns.amazonaws.com';

/** Codes of services that may answer otherwise next time. */
const PASSING = /Throttl|TooManyRequests|Unavailable|^Internal|RequestLimitExceeded|OverLimit/;

/** A message on its way to one subscriber. */
export interface Parcel {
  readonly subscription: SubscriptionRecord;
  readonly message: PublishedMessage;
  /** Of a FIFO topic. */
  readonly sequence: string | undefined;
  /** Of the topic. */
  readonly deliveryPolicy: string | undefined;
}

/** Brings messages to subscribers, as the service SNS, on the topic's behalf. */
export class Courier {
  constructor(private readonly kernel: Kernel) {}

  async bring(parcel: Parcel): Promise<PostResult> {
    const { protocol, endpoint } = parcel.subscription;
    switch (protocol) {
      case 'sqs':
        return this.#called(() => this.#toQueue(parcel, endpoint));
      case 'lambda':
        return this.#called(() => this.#toFunction(parcel));
      case 'http':
      case 'https':
        return this.#post(parcel);
      default:
        // Mail and text messages leave no machine.
        return { kind: 'taken' };
    }
  }

  /** What could not be brought goes to the subscription's dead letter queue, as it would to a queue that subscribes. */
  async bury(parcel: Parcel): Promise<void> {
    const policy = parcel.subscription.attributes.RedrivePolicy;
    if (policy === undefined) return;
    // Checked when it was set.
    const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn: string };
    const result = await this.#called(() => this.#toQueue(parcel, deadLetterTargetArn));
    if (result.kind !== 'taken') this.#note(parcel, `dead letter queue ${deadLetterTargetArn}`, result.reason);
  }

  /** Asks an HTTP endpoint, or the queue of another account, to confirm its subscription. */
  askToConfirm(subscription: SubscriptionRecord): Promise<PostResult> {
    const { protocol, endpoint } = subscription;
    const id = this.kernel.random.uuid();
    const made = { id, timeMs: this.kernel.clock.nowMs() };
    const body = envelopeText(confirmationRequest(subscription, made, this.kernel.address));
    if (protocol === 'sqs') return this.#called(() => this.#send(subscription, endpoint, { MessageBody: body }));
    const headers = {
      'content-type': 'text/plain; charset=UTF-8',
      ...ownHeaders('SubscriptionConfirmation', id, subscription),
    };
    return postMessage(endpoint, headers, body);
  }

  givenUp(parcel: Parcel, reason: string): void {
    this.#note(parcel, parcel.subscription.endpoint, reason);
  }

  #note({ subscription, message }: Parcel, to: string, reason: string): void {
    this.kernel.note(`sns: message ${message.id} of ${topicArn(subscription.topic)} did not reach ${to}: ${reason}`);
  }

  async #called(call: () => Promise<unknown>): Promise<PostResult> {
    try {
      await call();
      return { kind: 'taken' };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      const kind = PASSING.test(error.code) ? 'failed' : 'refused';
      return { kind, reason: `${error.code}: ${error.message}` };
    }
  }

  #toQueue({ subscription, message, sequence }: Parcel, queueArn: string): Promise<object> {
    const isRaw = subscription.attributes.RawMessageDelivery === 'true';
    const isOrdered = isFifo({ name: queueArn });
    return this.#send(subscription, queueArn, {
      MessageBody: isRaw
        ? textFor(message, 'sqs')
        : envelopeText(notification(subscription, message, sequence, this.kernel.address)),
      ...(isRaw && { MessageAttributes: attributesForQueue(message) }),
      ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
      ...(isOrdered && { MessageDeduplicationId: message.deduplicationId ?? message.id }),
    });
  }

  #send(subscription: SubscriptionRecord, queueArn: string, message: object): Promise<object> {
    const { accountId, name } = locate(queueArn);
    const QueueUrl = `http://${this.kernel.address}/${accountId}/${name}`;
    return this.kernel.calls.run('sqs', 'SendMessage', this.#actor(subscription, queueArn), { QueueUrl, ...message });
  }

  #toFunction({ subscription, message }: Parcel): Promise<object> {
    return this.kernel.calls.run('lambda', 'Invoke', this.#actor(subscription, subscription.endpoint), {
      FunctionName: subscription.endpoint,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(lambdaEvent(subscription, message, this.kernel.address))),
    });
  }

  #post({ subscription, message, deliveryPolicy }: Parcel): Promise<PostResult> {
    const { attributes, endpoint, protocol } = subscription;
    const isRaw = attributes.RawMessageDelivery === 'true';
    const { contentType } = httpPolicy(deliveryPolicy, attributes.DeliveryPolicy);
    const headers = {
      'content-type': contentType,
      ...ownHeaders('Notification', message.id, subscription),
      'x-amz-sns-subscription-arn': subscriptionArn(subscription),
      ...(isRaw && { 'x-amz-sns-rawdelivery': 'true' }),
    };
    const body = isRaw
      ? textFor(message, protocol)
      : envelopeText(notification(subscription, message, undefined, this.kernel.address));
    return postMessage(endpoint, headers, body);
  }

  /** Where the target is, for the topic's account. */
  #actor({ topic }: SubscriptionRecord, targetArn: string): Actor {
    const { region } = locate(targetArn);
    return serviceActor(SERVICE, { accountId: topic.accountId, region }, topicArn(topic));
  }
}

function ownHeaders(type: string, id: string, { topic }: SubscriptionRecord): Record<string, string> {
  return {
    'user-agent': 'Amazon Simple Notification Service Agent',
    'x-amz-sns-message-type': type,
    'x-amz-sns-message-id': id,
    'x-amz-sns-topic-arn': topicArn(topic),
  };
}

function locate(arn: string): { region: string; accountId: string; name: string } {
  const [, , , region = '', accountId = '', name = ''] = arn.split(':');
  return { region, accountId, name };
}

function attributesForQueue({ attributes }: PublishedMessage): Record<string, object> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { type, value }]) => [
      name,
      type.startsWith('Binary')
        ? { DataType: type, BinaryValue: Buffer.from(value, 'base64') }
        : { DataType: type, StringValue: value },
    ]),
  );
}
