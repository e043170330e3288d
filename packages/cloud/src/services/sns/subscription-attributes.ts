import { checkDeliveryPolicy, DEFAULT_HTTP_POLICY } from './delivery-policy.js';
import { checkFilterPolicy } from './filter-policy.js';
import { invalidParameter } from './sns-errors.js';
import { type Attributes, type SubscriptionRecord, subscriptionArn, topicArn } from './topic-record.js';

/** Attributes of a subscription after some were given. Throws in AWS's words. */
export function withAttributes(present: Attributes, given: Attributes): Attributes {
  const next: Record<string, string> = { ...present };
  for (const [name, value] of Object.entries(given)) {
    checkAttribute(name, value);
    // Policies of nothing are none.
    if (value === '' || (value === '{}' && name !== 'DeliveryPolicy')) delete next[name];
    else next[name] = value;
  }
  if (next.FilterPolicy !== undefined)
    checkFilterPolicy(next.FilterPolicy, next.FilterPolicyScope ?? 'MessageAttributes');
  return next;
}

function checkAttribute(name: string, value: string): void {
  switch (name) {
    case 'RawMessageDelivery':
      if (value !== 'true' && value !== 'false') {
        throw invalidParameter(
          `Attributes Reason: RawMessageDelivery: Invalid value [${value}]. Must be true or false.`,
        );
      }
      return;
    case 'DeliveryPolicy':
      if (value !== '') checkDeliveryPolicy(value);
      return;
    case 'RedrivePolicy':
      if (value !== '' && value !== '{}') checkRedrivePolicy(value);
      return;
    case 'FilterPolicyScope':
      if (value !== 'MessageAttributes' && value !== 'MessageBody') {
        throw invalidParameter(
          `FilterPolicyScope: Invalid value [${value}]. Please use MessageBody or MessageAttributes`,
        );
      }
      return;
    case 'FilterPolicy':
    case 'SubscriptionRoleArn':
      return;
    default:
      throw invalidParameter('AttributeName');
  }
}

function checkRedrivePolicy(text: string): void {
  let target: unknown;
  try {
    target = (JSON.parse(text) as { deadLetterTargetArn?: unknown }).deadLetterTargetArn;
  } catch {
    throw invalidParameter('RedrivePolicy: failed to parse JSON.');
  }
  if (typeof target !== 'string' || !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:.+$/.test(target)) {
    throw invalidParameter('RedrivePolicy: deadLetterTargetArn must be the ARN of an SQS queue');
  }
}

export function shownAttributes(subscription: SubscriptionRecord, topicPolicy: string | undefined): Attributes {
  const { attributes, protocol, endpoint, owner, isConfirmed, principalArn, topic } = subscription;
  const isHttp = protocol.startsWith('http');
  return {
    SubscriptionArn: subscriptionArn(subscription),
    TopicArn: topicArn(topic),
    Owner: owner,
    Protocol: protocol,
    Endpoint: endpoint,
    SubscriptionPrincipal: principalArn,
    PendingConfirmation: String(!isConfirmed),
    ConfirmationWasAuthenticated: String(isConfirmed),
    RawMessageDelivery: 'false',
    ...(attributes.FilterPolicy !== undefined && { FilterPolicyScope: 'MessageAttributes' }),
    ...(isHttp && { EffectiveDeliveryPolicy: attributes.DeliveryPolicy ?? topicPolicy ?? DEFAULT_HTTP_POLICY }),
    ...attributes,
  };
}
