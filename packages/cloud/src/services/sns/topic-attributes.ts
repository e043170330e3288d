import { policyFault } from '../../kernel/policy/validate-policy.js';
import { checkDeliveryPolicy, DEFAULT_HTTP_POLICY } from './delivery-policy.js';
import { invalidParameter } from './sns-errors.js';
import { type Attributes, isFifo, type SubscriptionRecord, type TopicRecord, topicArn } from './topic-record.js';

const FEEDBACK =
  /^(HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn)$/;
const SETTABLE = new Set([
  'Policy',
  'DisplayName',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'FifoTopic',
  'ContentBasedDeduplication',
  'FifoThroughputScope',
  'ArchivePolicy',
]);
/** Those that an empty value takes away. */
const REMOVABLE = new Set(['Policy', 'DeliveryPolicy', 'KmsMasterKeyId', 'DisplayName', 'ArchivePolicy']);

/** Attributes of a topic after some were given. Throws in AWS's words. */
export function withAttributes(name: string, present: Attributes, given: Attributes): Attributes {
  const next: Record<string, string> = { ...present };
  for (const [attribute, value] of Object.entries(given)) {
    checkAttribute(name, attribute, value);
    if (value === '' && REMOVABLE.has(attribute)) delete next[attribute];
    else next[attribute] = value;
  }
  return next;
}

function checkAttribute(name: string, attribute: string, value: string): void {
  if (!SETTABLE.has(attribute) && !FEEDBACK.test(attribute)) throw invalidParameter('AttributeName');
  if (attribute === 'Policy' && value !== '') {
    const fault = policyFault(value, 'resource');
    if (fault !== undefined) throw invalidParameter(`Policy Error: ${fault}`);
  }
  if (attribute === 'DeliveryPolicy' && value !== '') checkDeliveryPolicy(value);
  if (attribute === 'DisplayName' && value.length > 100) throw invalidParameter('DisplayName');
  if (attribute === 'SignatureVersion' && !/^[12]$/.test(value)) throw invalidParameter('SignatureVersion');
  if (attribute === 'TracingConfig' && !/^(PassThrough|Active)$/.test(value)) throw invalidParameter('TracingConfig');
  if (['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'].includes(attribute) && !isFifo({ name })) {
    throw invalidParameter(`${attribute} Reason: It is an attribute of FIFO topics`);
  }
}

/** What a topic has been given and what it has from the start. */
export function shownAttributes(topic: TopicRecord, subscriptions: readonly SubscriptionRecord[]): Attributes {
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
  return {
    TopicArn: topicArn(topic),
    Owner: topic.accountId,
    DisplayName: '',
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(subscriptions.length - confirmed),
    SubscriptionsDeleted: String(topic.deletedSubscriptions),
    EffectiveDeliveryPolicy: topic.attributes.DeliveryPolicy ?? DEFAULT_HTTP_POLICY,
    ...(isFifo(topic) && { FifoTopic: 'true', ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' }),
    ...topic.attributes,
    Policy: policyOf(topic),
  };
}

/** Without one that was given: the account's own may do everything, and what AWS does for it. */
export function policyOf(topic: TopicRecord): string {
  const { attributes, accountId } = topic;
  return (
    attributes.Policy ??
    JSON.stringify({
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [
        {
          Sid: '__default_statement_ID',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'SNS:GetTopicAttributes',
            'SNS:SetTopicAttributes',
            'SNS:AddPermission',
            'SNS:RemovePermission',
            'SNS:DeleteTopic',
            'SNS:Subscribe',
            'SNS:ListSubscriptionsByTopic',
            'SNS:Publish',
          ],
          Resource: topicArn(topic),
          Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
        },
      ],
    })
  );
}

/** Throws when no topic can be called so. */
export function checkName(name: string, attributes: Attributes): void {
  if (attributes.FifoTopic === 'true') {
    if (/^[\w-]{1,251}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'Fifo Topic names must end with .fifo and must be made up of only uppercase and lowercase ASCII letters, ' +
        'numbers, underscores, and hyphens, and must be between 1 and 256 characters long.',
    );
  }
  if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
}
