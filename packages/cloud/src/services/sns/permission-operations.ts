import type * as Sns from '@aws-sdk/client-sns';
import type { RequestContext } from '../service.js';
import { invalidParameter } from './sns-errors.js';
import { policyOf } from './topic-attributes.js';
import { type TopicRecord, topicArn } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

const ACTIONS = new Set([
  '*',
  'AddPermission',
  'DeleteTopic',
  'GetTopicAttributes',
  'ListSubscriptionsByTopic',
  'Publish',
  'RemovePermission',
  'SetTopicAttributes',
  'Subscribe',
]);

interface PolicyText {
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** Permissions by label: statements of the topic's policy. */
export function permissionOperations(store: TopicStore) {
  return {
    async add(_context: RequestContext, input: Sns.AddPermissionCommandInput): Promise<object> {
      const { Label: label = '', AWSAccountId: accounts = [], ActionName: actions = [] } = input;
      if (label === '') throw invalidParameter('Label');
      if (accounts.length === 0) throw invalidParameter('AWSAccountId');
      if (actions.length === 0 || !actions.every((action) => ACTIONS.has(action))) {
        throw invalidParameter('Policy statement action out of service scope!');
      }
      await store.update(store.find(input.TopicArn), (topic) => {
        const policy = parse(topic);
        if (policy.Statement.some(({ Sid }) => Sid === label)) throw invalidParameter('Statement already exists');
        const statement = {
          Sid: label,
          Effect: 'Allow',
          Principal: { AWS: one(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
          Action: one(actions.map((action) => `SNS:${action}`)),
          Resource: topicArn(topic),
        };
        return withPolicy(topic, { ...policy, Statement: [...policy.Statement, statement] });
      });
      return {};
    },

    /** A label that is not there is removed already. */
    async remove(_context: RequestContext, input: Sns.RemovePermissionCommandInput): Promise<object> {
      await store.update(store.find(input.TopicArn), (topic) => {
        const policy = parse(topic);
        const Statement = policy.Statement.filter(({ Sid }) => Sid !== input.Label);
        return Statement.length === policy.Statement.length ? topic : withPolicy(topic, { ...policy, Statement });
      });
      return {};
    },
  };
}

function parse(topic: TopicRecord): PolicyText {
  // Checked when it was set.
  const policy = JSON.parse(policyOf(topic)) as PolicyText;
  return { ...policy, Statement: [policy.Statement].flat() };
}

function withPolicy(topic: TopicRecord, policy: PolicyText): TopicRecord {
  return { ...topic, attributes: { ...topic.attributes, Policy: JSON.stringify(policy) } };
}

/** A list of one is written as that one. */
function one(list: readonly string[]): string | readonly string[] {
  return list.length === 1 ? (list[0] ?? '') : list;
}
