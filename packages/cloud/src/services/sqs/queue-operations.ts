import type * as Sqs from '@aws-sdk/client-sqs';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkName, shownAttributes, withAttributes } from './queue-attributes.js';
import { type QueueAttributes, type QueueRecord, queueArn, queueUrl } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { checkRedrive, redriveOf } from './redrive-policy.js';
import { missingParameter, noSuchQueue, unknownAttribute } from './sqs-errors.js';
import { mergedTags } from './tag-operations.js';

const PAGE = 1000;

export function queueOperations(store: QueueStore) {
  const { kernel, queues } = store;
  const find = (partition: string, name: string): QueueRecord | undefined => queues.get(partition, name);

  return {
    async create(
      { caller, endpointUrl }: RequestContext,
      input: Sqs.CreateQueueCommandInput,
    ): Promise<Sqs.CreateQueueResult> {
      const { QueueName: name } = input;
      if (name === undefined) throw missingParameter('QueueName');
      const given = textsOf(input.Attributes);
      const place = { ...caller, name };
      const present = find(partitionOf(caller), name);
      if (present !== undefined) {
        checkSame(present, given);
        return { QueueUrl: queueUrl(endpointUrl, place) };
      }
      checkName(name, given);
      const attributes = withAttributes(name, {}, given);
      checkRedrive(find, place, given);
      const nowMs = kernel.clock.nowMs();
      const queue: QueueRecord = {
        ...place,
        id: kernel.random.uuid(),
        createdMs: nowMs,
        modifiedMs: nowMs,
        attributes,
        tags: mergedTags({}, input.tags ?? {}),
      };
      await kernel.store.change((writer) => {
        // Two at once make one queue.
        if (queues.getFrom(writer, partitionOf(caller), name) !== undefined) return;
        queues.putIn(writer, partitionOf(caller), name, queue);
      });
      return { QueueUrl: queueUrl(endpointUrl, place) };
    },

    url({ caller, endpointUrl }: RequestContext, input: Sqs.GetQueueUrlCommandInput): Sqs.GetQueueUrlResult {
      const { QueueName: name, QueueOwnerAWSAccountId: accountId = caller.accountId } = input;
      if (name === undefined) throw missingParameter('QueueName');
      if (find(partitionOf({ ...caller, accountId }), name) === undefined) throw noSuchQueue();
      return { QueueUrl: queueUrl(endpointUrl, { accountId, name }) };
    },

    attributes({ caller }: RequestContext, input: Sqs.GetQueueAttributesCommandInput): Sqs.GetQueueAttributesResult {
      const queue = store.find(caller, input.QueueUrl);
      const names: readonly string[] = input.AttributeNames ?? [];
      const unknown = names.find((name) => !KNOWN.has(name));
      if (unknown !== undefined) throw unknownAttribute(unknown);
      const isWanted = (name: string): boolean => names.includes('All') || names.includes(name);
      const all = { ...shownAttributes(queue), ...(COUNTS.some(isWanted) && countsOf(store, queue)) };
      const Attributes = Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
      return Object.keys(Attributes).length === 0 ? {} : { Attributes };
    },

    async setAttributes({ caller }: RequestContext, input: Sqs.SetQueueAttributesCommandInput): Promise<object> {
      const found = store.find(caller, input.QueueUrl);
      const given = textsOf(input.Attributes);
      if (Object.keys(given).length === 0) throw missingParameter('Attribute.Name');
      if (
        given.FifoQueue !== undefined &&
        find(partitionOf(found), found.name)?.attributes.FifoQueue !== given.FifoQueue
      ) {
        throw unknownAttribute('FifoQueue');
      }
      checkRedrive(find, found, given);
      await store.update(found, (queue) => ({
        ...queue,
        attributes: withAttributes(queue.name, queue.attributes, given),
        modifiedMs: kernel.clock.nowMs(),
      }));
      // Who waits may have to wait no longer: retention and visibility are asked at each look.
      store.receivers.tell(found.id);
      return {};
    },

    list({ caller, endpointUrl }: RequestContext, input: Sqs.ListQueuesCommandInput): Sqs.ListQueuesResult {
      const { QueueNamePrefix: prefix = '', NextToken, MaxResults } = input;
      const page = pageOf([...queues.list(partitionOf(caller), { prefix })], NextToken, MaxResults);
      const QueueUrls = page.names.map((name) => queueUrl(endpointUrl, { ...caller, name }));
      return { ...(QueueUrls.length > 0 && { QueueUrls }), ...page.next };
    },

    async remove({ caller }: RequestContext, input: Sqs.DeleteQueueCommandInput): Promise<object> {
      await store.remove(store.find(caller, input.QueueUrl));
      return {};
    },

    async purge({ caller }: RequestContext, input: Sqs.PurgeQueueCommandInput): Promise<object> {
      await store.messages.clear(store.find(caller, input.QueueUrl));
      return {};
    },

    sources(
      { caller, endpointUrl }: RequestContext,
      input: Sqs.ListDeadLetterSourceQueuesCommandInput,
    ): Sqs.ListDeadLetterSourceQueuesResult {
      const target = queueArn(store.find(caller, input.QueueUrl));
      const sources = [...queues.list(partitionOf(caller))].filter(
        ([, { attributes }]) => redriveOf(attributes)?.targetArn === target,
      );
      const page = pageOf(sources, input.NextToken, input.MaxResults);
      return { queueUrls: page.names.map((name) => queueUrl(endpointUrl, { ...caller, name })), ...page.next };
    },
  };
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

const KNOWN = new Set<string>([
  ...COUNTS,
  'All',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]);

function countsOf(store: QueueStore, queue: QueueRecord): Record<(typeof COUNTS)[number], string> {
  const { visible, inFlight, delayed } = store.messages.counts(queue, store.kernel.clock.nowMs());
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

/** A queue that is there is taken for the one that is to be made if what is given agrees with what it has. */
function checkSame(present: QueueRecord, given: QueueAttributes): void {
  const shown = shownAttributes(present);
  const other = Object.entries(given).find(([name, value]) => (shown[name] ?? '') !== value);
  if (other === undefined) return;
  throw new ServiceError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${other[0]}`,
  );
}

function textsOf(attributes: Partial<Record<string, string>> | undefined): QueueAttributes {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes ?? {})) if (value !== undefined) texts[name] = value;
  return texts;
}

function pageOf(
  found: readonly (readonly [name: string, queue: QueueRecord])[],
  token: string | undefined,
  limit: number | undefined,
): { names: string[]; next: { NextToken?: string } } {
  const after = token === undefined ? '' : Buffer.from(token, 'base64').toString();
  const names = found.map(([name]) => name).filter((name) => name > after);
  const page = names.slice(0, limit ?? PAGE);
  // Without a limit of the client's there is one page, as on AWS.
  const last = limit !== undefined && page.length < names.length ? page.at(-1) : undefined;
  return { names: page, next: last === undefined ? {} : { NextToken: Buffer.from(last).toString('base64') } };
}
