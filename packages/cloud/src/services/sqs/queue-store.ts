import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import { Deduplication } from './deduplication.js';
import { MessageStore } from './message-store.js';
import type { MoveTaskRecord } from './move-task-record.js';
import { parseQueueUrl, type QueueRecord } from './queue-record.js';
import { Receivers } from './receivers.js';
import { queueByArn } from './redrive-policy.js';
import { missingParameter, noSuchQueue } from './sqs-errors.js';

/** Queues of every account and region, their messages, and who waits for these. */
export class QueueStore {
  readonly queues: Records<QueueRecord>;
  readonly messages: MessageStore;
  readonly deduplication: Deduplication;
  readonly receivers: Receivers;
  readonly moveTasks: Records<MoveTaskRecord>;

  constructor(readonly kernel: Kernel) {
    this.queues = new Records(kernel.store, 'sqs.queues');
    this.messages = new MessageStore(kernel.store);
    this.deduplication = new Deduplication(kernel.store);
    this.receivers = new Receivers(kernel);
    this.moveTasks = new Records(kernel.store, 'sqs.moveTasks');
  }

  /** The queue that a request names by its URL. Throws when there is none. */
  find({ region }: Caller, url: string | undefined): QueueRecord {
    if (url === undefined || url === '') throw missingParameter('QueueUrl');
    const { accountId, name } = parseQueueUrl(url);
    const queue = this.queues.get(partitionOf({ accountId, region }), name);
    if (queue === undefined) throw noSuchQueue();
    return queue;
  }

  byArn(arn: string): QueueRecord | undefined {
    return queueByArn((partition, name) => this.queues.get(partition, name), arn);
  }

  /** The queue as a change sees it; throws when it was deleted, and perhaps made anew, in the meantime. */
  latestIn(writer: Writer, { id, name, ...place }: QueueRecord): QueueRecord {
    const queue = this.queues.getFrom(writer, partitionOf(place), name);
    if (queue?.id !== id) throw noSuchQueue();
    return queue;
  }

  /** Changes the queue's record, durably. */
  update(queue: QueueRecord, change: (queue: QueueRecord) => QueueRecord): Promise<void> {
    return this.kernel.store.change((writer) => {
      const next = change(this.latestIn(writer, queue));
      this.queues.putIn(writer, partitionOf(next), next.name, next);
    });
  }

  /** The queue is gone once this resolves; who waits for its messages gets none. */
  async remove(queue: QueueRecord): Promise<void> {
    await this.kernel.store.change((writer) => {
      this.latestIn(writer, queue);
      this.queues.deleteIn(writer, partitionOf(queue), queue.name);
      this.messages.forgetIn(writer, queue);
      const tasks = [...this.moveTasks.list(queue.id, { reader: writer })];
      for (const [name] of tasks) this.moveTasks.deleteIn(writer, queue.id, name);
    });
    this.receivers.tell(queue.id);
    await this.messages.clear(queue);
    await this.deduplication.clear(queue);
  }

  /** When the next message that is in flight or delayed becomes receivable. */
  nextMs(arn: string): number | undefined {
    const queue = this.byArn(arn);
    return queue === undefined ? undefined : this.messages.nextMs(queue, this.kernel.clock.nowMs());
  }

  policyOf(arn: string): OfferedPolicy | undefined {
    const queue = this.byArn(arn);
    if (queue === undefined) return undefined;
    const { Policy: policy } = queue.attributes;
    return { accountId: queue.accountId, documents: policy === undefined ? [] : [policy] };
  }
}
