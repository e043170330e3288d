import type * as Sns from '@aws-sdk/client-sns';
import type { Writer } from '@tablewright/store';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { wants } from './filter-policy.js';
import type { Outbox } from './outbox.js';
import { type PublishedMessage, publishedMessage, textFor } from './published-message.js';
import { invalidParameter } from './sns-errors.js';
import { isFifo, type TopicRecord } from './topic-record.js';
import type { TopicStore } from './topic-store.js';

const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 256 * 1024;

type Deliveries = ReturnType<Outbox['addIn']>[];

export function publishOperations(store: TopicStore, outbox: Outbox) {
  const { kernel } = store;
  const made = (): { id: string; publishedMs: number } => ({
    id: kernel.random.uuid(),
    publishedMs: kernel.clock.nowMs(),
  });

  /** Puts a message on its way to whom it concerns, within a change. */
  const putIn = (
    writer: Writer,
    given: TopicRecord,
    message: PublishedMessage,
    deliveries: Deliveries,
  ): { MessageId: string; SequenceNumber?: string } => {
    const topic = store.latestIn(writer, given);
    const position = topic.sequence + 1;
    const sequence = isFifo(topic) ? `1${String(position).padStart(19, '0')}` : undefined;
    if (sequence !== undefined) store.putIn(writer, { ...topic, sequence: position });
    for (const subscription of store.subscriptionsOf(topic)) {
      const text = textFor(message, subscription.protocol);
      if (!subscription.isConfirmed || !wants(subscription.attributes, text, message.attributes)) continue;
      deliveries.push(outbox.addIn(writer, topic, subscription, message, { position, sequence }));
    }
    return { MessageId: message.id, ...(sequence !== undefined && { SequenceNumber: sequence }) };
  };

  return {
    async publish(_context: RequestContext, input: Sns.PublishCommandInput): Promise<Sns.PublishResponse> {
      const { TopicArn, TargetArn, PhoneNumber } = input;
      if (PhoneNumber !== undefined) {
        // Taken, and sent to nobody.
        return { MessageId: publishedMessage(undefined, input, made()).id };
      }
      const arn = TopicArn ?? TargetArn;
      if (arn === undefined) throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
      const topic = store.find(arn, TopicArn === undefined ? 'TargetArn' : 'TopicArn');
      const message = publishedMessage(topic, input, made());
      const deliveries: Deliveries = [];
      const result = await kernel.store.change((writer) => putIn(writer, topic, message, deliveries));
      outbox.run(deliveries);
      return result;
    },

    async publishMany(
      _context: RequestContext,
      input: Sns.PublishBatchCommandInput,
    ): Promise<Sns.PublishBatchResponse> {
      const topic = store.find(input.TopicArn);
      const entries = input.PublishBatchRequestEntries ?? [];
      checkBatch(entries);
      const deliveries: Deliveries = [];
      const Successful: Sns.PublishBatchResultEntry[] = [];
      const Failed: Sns.BatchResultErrorEntry[] = [];
      await kernel.store.change((writer) => {
        for (const entry of entries) {
          try {
            const message = publishedMessage(topic, entry, made());
            Successful.push({ Id: entry.Id, ...putIn(writer, topic, message, deliveries) });
          } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            const Code = error.code.replace(/Exception$/, '');
            Failed.push({ Id: entry.Id, Code, Message: error.message, SenderFault: true });
          }
        }
      });
      outbox.run(deliveries);
      return { Successful, Failed };
    },
  };
}

function checkBatch(entries: readonly Sns.PublishBatchRequestEntry[]): void {
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequestException', "The batch request doesn't contain any entries.");
  }
  if (entries.length > MAX_ENTRIES) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequestException',
      'The batch request contains more entries than permissible.',
    );
  }
  if (!entries.every(({ Id: id }) => /^[\w-]{1,80}$/.test(id ?? ''))) {
    throw new ServiceError(
      'InvalidBatchEntryIdException',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new ServiceError(
      'BatchEntryIdsNotDistinctException',
      'Two or more batch entries in the request have the same Id.',
    );
  }
  const bytes = entries.reduce((sum, { Message: text = '' }) => sum + Buffer.byteLength(text), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw new ServiceError(
      'BatchRequestTooLongException',
      'The length of all the batch messages put together is more than the limit.',
    );
  }
}
