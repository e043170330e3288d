import type { Writer } from '@tablewright/store';
import type { MessageState } from './message-record.js';
import type { StoredMessage } from './message-store.js';
import { isFifo, type QueueRecord, queueArn } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { redriveOf } from './redrive-policy.js';

export interface Taking {
  readonly limit: number;
  readonly visibilityMs: number;
}

export interface Taken {
  /** With the state after the reception. */
  readonly messages: readonly StoredMessage[];
  /** The dead letter queue that got some; who waits there is to be told. */
  readonly toldId: string | undefined;
}

/** Receives messages within a change: they are in flight; those received too often go to the dead letter queue instead. */
export function takeIn(writer: Writer, store: QueueStore, queue: QueueRecord, taking: Taking): Taken {
  const nowMs = store.kernel.clock.nowMs();
  const redrive = redriveOf(queue.attributes);
  const target = redrive === undefined ? undefined : store.byArn(redrive.targetArn);
  const taken = new Map<string, StoredMessage>();
  let movesMade = 0;
  for (;;) {
    const movesBefore = movesMade;
    for (const stored of store.messages.availableIn(writer, queue, taking.limit, nowMs)) {
      if (taken.size === taking.limit) break;
      if (taken.has(stored.sequence)) continue;
      const isSpent = redrive !== undefined && stored.state.receives >= redrive.maxReceives;
      if (isSpent && target !== undefined && target.id !== queue.id) {
        moveIn(writer, store, stored, { from: queue, to: target });
        movesMade += 1;
        continue;
      }
      const state: MessageState = {
        ...stored.state,
        visibleMs: nowMs + taking.visibilityMs,
        receives: stored.state.receives + 1,
        firstReceivedMs: stored.state.firstReceivedMs ?? nowMs,
        receipt: Buffer.from(store.kernel.random.bytes(12)).toString('hex'),
      };
      store.messages.updateIn(writer, queue, stored, state);
      taken.set(stored.sequence, { ...stored, state });
    }
    // Moved messages have made room for others.
    if (taken.size === taking.limit || movesMade === movesBefore) break;
  }
  return { messages: [...taken.values()], toldId: movesMade > 0 ? target?.id : undefined };
}

/**
 * Messages keep their ids, how often they were received and, in standard queues, the time they were sent, by which they
 * expire. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
function moveIn(
  writer: Writer,
  store: QueueStore,
  { sequence, message, state }: StoredMessage,
  { from, to }: { readonly from: QueueRecord; readonly to: QueueRecord },
): void {
  const nowMs = store.kernel.clock.nowMs();
  const { receipt: _, ...kept } = state;
  store.messages.removeIn(writer, from, sequence);
  const moved = { ...kept, sentMs: isFifo(to) ? nowMs : state.sentMs, visibleMs: nowMs };
  store.messages.addIn(writer, to, { ...message, sourceArn: queueArn(from) }, moved);
}
