import type * as Sqs from '@aws-sdk/client-sqs';
import type { RequestContext } from '../service.js';
import { type QueueRecord, queueArn } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { badValue, missingParameter } from './sqs-errors.js';

const ACTIONS = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]);

interface PolicyText {
  readonly Version: string;
  readonly Id: string;
  readonly Statement: readonly { readonly Sid?: string }[];
}

/** Permissions by label: statements of the queue's policy. */
export function permissionOperations(store: QueueStore) {
  return {
    async add({ caller }: RequestContext, input: Sqs.AddPermissionCommandInput): Promise<object> {
      const { Label: label = '', AWSAccountIds: accounts = [], Actions: actions = [] } = input;
      if (!/^[\w-]{1,80}$/.test(label)) throw missingParameter('Label');
      if (accounts.length === 0) throw missingParameter('AWSAccountIds');
      if (actions.length === 0) throw missingParameter('Actions');
      for (const action of actions) {
        if (ACTIONS.has(action)) continue;
        const rule = `Only the queue owner is allowed to invoke this action, or there is no such action.`;
        throw badValue(`SQS:${action}`, 'ActionName', rule);
      }
      await store.update(store.find(caller, input.QueueUrl), (queue) => {
        const policy = policyOf(queue);
        if (policy.Statement.some(({ Sid }) => Sid === label)) {
          throw badValue(label, 'Label', 'Already exists.');
        }
        const statement = {
          Sid: label,
          Effect: 'Allow',
          Principal: { AWS: one(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
          Action: one(actions.map((action) => `SQS:${action}`)),
          Resource: queueArn(queue),
        };
        return withPolicy(queue, { ...policy, Statement: [...policy.Statement, statement] });
      });
      return {};
    },

    async remove({ caller }: RequestContext, input: Sqs.RemovePermissionCommandInput): Promise<object> {
      await store.update(store.find(caller, input.QueueUrl), (queue) => {
        const policy = policyOf(queue);
        const Statement = policy.Statement.filter(({ Sid }) => Sid !== input.Label);
        if (Statement.length === policy.Statement.length) {
          throw badValue(input.Label, 'Label', "can't find label on existing policy");
        }
        return withPolicy(queue, { ...policy, Statement });
      });
      return {};
    },
  };
}

function policyOf(queue: QueueRecord): PolicyText {
  const { Policy: text } = queue.attributes;
  const empty = { Version: '2008-10-17', Id: `${queueArn(queue)}/SQSDefaultPolicy`, Statement: [] };
  if (text === undefined) return empty;
  // Checked when it was set.
  const policy = JSON.parse(text) as PolicyText;
  return { ...empty, ...policy, Statement: [policy.Statement].flat() };
}

function withPolicy(queue: QueueRecord, policy: PolicyText): QueueRecord {
  const { Policy: _, ...others } = queue.attributes;
  const attributes = policy.Statement.length === 0 ? others : { ...others, Policy: JSON.stringify(policy) };
  return { ...queue, attributes };
}

/** A list of one is written as that one. */
function one(list: readonly string[]): string | readonly string[] {
  return list.length === 1 ? (list[0] ?? '') : list;
}
