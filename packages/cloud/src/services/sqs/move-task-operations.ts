import type * as Sqs from '@aws-sdk/client-sqs';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import type { StoredMessage } from './message-store.js';
import type { MoveTaskRecord } from './move-task-record.js';
import { isFifo, type QueueRecord, queueArn } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { redriveOf } from './redrive-policy.js';
import { badValue, invalidParameter, missingParameter } from './sqs-errors.js';

type Outcome = Pick<MoveTaskRecord, 'moved' | 'failure'>;

const CHUNK = 500;
const MOST_SHOWN = 10;
const NUMBER_DIGITS = 12;
const MOST_PER_SECOND = 500;

/**
 * Moves messages from a dead letter queue back to where they came from, or to another queue. Moved messages are new:
 * they have other ids, and are kept as long as others that are sent now.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 * Differs: a task is over when its start is answered, whatever pace was asked for, so that none can be cancelled; what it
 * needs of other permissions than that to start it is not asked for.
 */
export function moveTaskOperations(store: QueueStore) {
  function named(arn: string | undefined, parameter: string): QueueRecord {
    if (arn === undefined || arn === '') throw missingParameter(parameter);
    if (!/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w.-]+$/.test(arn)) {
      throw invalidParameter(
        `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
      );
    }
    const queue = store.byArn(arn);
    if (queue !== undefined) return queue;
    throw notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  }

  function isDeadLetterQueue(queue: QueueRecord): boolean {
    const arn = queueArn(queue);
    return [...store.queues.list(partitionOf(queue))].some(([, one]) => redriveOf(one.attributes)?.targetArn === arn);
  }

  /** In several changes; what was moved before a message that cannot be stays moved. */
  async function move(from: QueueRecord, destination: QueueRecord | undefined): Promise<Outcome> {
    let moved = 0;
    for (;;) {
      const told = new Set<string>();
      let failure: string | undefined;
      const count = await store.kernel.store.change((writer) => {
        const nowMs = store.kernel.clock.nowMs();
        let done = 0;
        for (const stored of store.messages.availableIn(writer, from, CHUNK, nowMs)) {
          const to = destination ?? sourceOf(stored);
          if (typeof to === 'string') {
            failure = to;
            break;
          }
          const { sourceArn: _, ...message } = stored.message;
          const { groupId } = stored.state;
          store.messages.removeIn(writer, from, stored.sequence);
          const state = { sentMs: nowMs, visibleMs: nowMs, receives: 0, ...(groupId !== undefined && { groupId }) };
          store.messages.addIn(writer, to, { ...message, messageId: store.kernel.random.uuid() }, state);
          told.add(to.id);
          done += 1;
        }
        return done;
      });
      for (const id of told) store.receivers.tell(id);
      moved += count;
      if (failure !== undefined) return { moved, failure };
      if (count === 0) return { moved };
    }
  }

  /** Notes a task, and forgets those that are not shown any more. */
  function keep(queue: QueueRecord, task: MoveTaskRecord): Promise<void> {
    return store.kernel.store.change((writer) => {
      const names = [...store.moveTasks.list(queue.id, { reader: writer })].map(([name]) => name);
      const next = Number(names.at(-1) ?? 0) + 1;
      store.moveTasks.putIn(writer, queue.id, String(next).padStart(NUMBER_DIGITS, '0'), task);
      for (const name of names.slice(0, 1 - MOST_SHOWN)) store.moveTasks.deleteIn(writer, queue.id, name);
    });
  }

  /** Where a message came from, or why that is not known. */
  function sourceOf({ message: { sourceArn } }: StoredMessage): QueueRecord | string {
    if (sourceArn === undefined) return 'CouldNotDetermineMessageSource';
    return store.byArn(sourceArn) ?? 'AWS.SimpleQueueService.NonExistentQueue';
  }

  return {
    async start(_context: RequestContext, input: Sqs.StartMessageMoveTaskCommandInput) {
      const { DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: perSecond } = input;
      const from = named(input.SourceArn, 'SourceArn');
      if (!isDeadLetterQueue(from)) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
      const to = destinationArn === undefined ? undefined : named(destinationArn, 'DestinationArn');
      if (to?.id === from.id) {
        throw invalidParameter('Source queue arn and destination queue arn cannot be the same.');
      }
      if (to !== undefined && isFifo(to) !== isFifo(from)) {
        throw invalidParameter('The source queue and destination queue must be of the same queue type.');
      }
      if (perSecond !== undefined && (perSecond < 1 || perSecond > MOST_PER_SECOND)) {
        const rule = `Must be between 1 and ${MOST_PER_SECOND}, if provided.`;
        throw badValue(perSecond, 'MaxNumberOfMessagesPerSecond', rule);
      }
      const startedMs = store.kernel.clock.nowMs();
      const toMove = store.messages.counts(from, startedMs).visible;
      const outcome = await move(from, to);
      await keep(from, {
        status: outcome.failure === undefined ? 'COMPLETED' : 'FAILED',
        ...(destinationArn !== undefined && { destinationArn }),
        ...(perSecond !== undefined && { perSecond }),
        ...outcome,
        toMove,
        startedMs,
      });
      const handle = JSON.stringify({ taskId: store.kernel.random.uuid(), sourceArn: queueArn(from) });
      return { TaskHandle: Buffer.from(handle).toString('base64') };
    },

    list(_context: RequestContext, input: Sqs.ListMessageMoveTasksCommandInput): Sqs.ListMessageMoveTasksResult {
      const from = named(input.SourceArn, 'SourceArn');
      const limit = input.MaxResults ?? 1;
      if (limit < 1 || limit > MOST_SHOWN) {
        throw badValue(limit, 'MaxResults', `Must be between 1 and ${MOST_SHOWN}, if provided.`);
      }
      const latest = [...store.moveTasks.list(from.id)].reverse().slice(0, limit);
      return { Results: latest.map(([, task]) => shown(task, queueArn(from))) };
    },

    cancel(_context: RequestContext, input: Sqs.CancelMessageMoveTaskCommandInput): Sqs.CancelMessageMoveTaskResult {
      if (input.TaskHandle === undefined) throw missingParameter('TaskHandle');
      throw notFound('Task does not exist.');
    },
  };
}

function shown(task: MoveTaskRecord, SourceArn: string): Sqs.ListMessageMoveTasksResultEntry {
  return {
    Status: task.status,
    SourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failure,
    StartedTimestamp: task.startedMs,
  };
}

function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, { httpStatus: 404 });
}
