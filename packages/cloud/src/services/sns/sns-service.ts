import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { Outbox } from './outbox.js';
import { permissionOperations } from './permission-operations.js';
import { publishOperations } from './publish-operations.js';
import { subscriptionOperations } from './subscription-operations.js';
import { tagOperations } from './tag-operations.js';
import { topicOperations } from './topic-operations.js';
import { TopicStore } from './topic-store.js';

/**
 * Amazon Simple Notification Service, in the Query protocol. https://docs.aws.amazon.com/sns/latest/api/
 * Messages reach queues and functions of this endpoint, as far as the policies there let them, and HTTP endpoints that
 * confirmed; they are kept until they are there, and tried again on the kernel clock.
 * Differs: mail and text messages are taken and sent to nobody, so that subscriptions by mail are never confirmed;
 * messages bear signatures that nobody made; links to confirm and to unsubscribe act for the account's root; FIFO topics
 * leave deduplication to the queues; archives, data protection, feedback roles and KMS settings are kept and do nothing;
 * no mobile push, no Firehose.
 */
export function snsService(kernel: Kernel): Service {
  const store = new TopicStore(kernel);
  kernel.resourcePolicies.offer('sns', (arn) => store.policyOf(arn));
  const outbox = new Outbox(store);
  const topics = topicOperations(store);
  const tags = tagOperations(store);
  const permissions = permissionOperations(store);
  const subscriptions = subscriptionOperations(store, outbox);
  const publishing = publishOperations(store, outbox);
  return defineService<typeof import('@aws-sdk/client-sns')>(
    {
      AddPermission: permissions.add,
      CheckIfPhoneNumberIsOptedOut: undefined,
      ConfirmSubscription: subscriptions.confirm,
      CreatePlatformApplication: undefined,
      CreatePlatformEndpoint: undefined,
      CreateSMSSandboxPhoneNumber: undefined,
      CreateTopic: topics.create,
      DeleteEndpoint: undefined,
      DeletePlatformApplication: undefined,
      DeleteSMSSandboxPhoneNumber: undefined,
      DeleteTopic: topics.remove,
      GetDataProtectionPolicy: undefined,
      GetEndpointAttributes: undefined,
      GetPlatformApplicationAttributes: undefined,
      GetSMSAttributes: undefined,
      GetSMSSandboxAccountStatus: undefined,
      GetSubscriptionAttributes: subscriptions.attributes,
      GetTopicAttributes: topics.attributes,
      ListEndpointsByPlatformApplication: undefined,
      ListOriginationNumbers: undefined,
      ListPhoneNumbersOptedOut: undefined,
      ListPlatformApplications: undefined,
      ListSMSSandboxPhoneNumbers: undefined,
      ListSubscriptions: subscriptions.list,
      ListSubscriptionsByTopic: subscriptions.listOfTopic,
      ListTagsForResource: tags.list,
      ListTopics: topics.list,
      OptInPhoneNumber: undefined,
      Publish: publishing.publish,
      PublishBatch: publishing.publishMany,
      PutDataProtectionPolicy: undefined,
      RemovePermission: permissions.remove,
      SetEndpointAttributes: undefined,
      SetPlatformApplicationAttributes: undefined,
      SetSMSAttributes: undefined,
      SetSubscriptionAttributes: subscriptions.setAttributes,
      SetTopicAttributes: topics.setAttributes,
      Subscribe: subscriptions.subscribe,
      TagResource: tags.tag,
      Unsubscribe: subscriptions.unsubscribe,
      UntagResource: tags.untag,
      VerifySMSSandboxPhoneNumber: undefined,
    },
    {
      title: 'SNS',
      bodyLimitBytes: 4 * 1024 * 1024,
      resourceMember: 'TopicArn',
      start: () => outbox.start(),
      close: () => outbox.close(),
      definition: {
        name: 'sns',
        client: () => import('@aws-sdk/client-sns'),
        protocols: ['awsQuery'],
        version: '2010-03-31',
        xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
      },
    },
  );
}
