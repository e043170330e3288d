import type * as Sqs from '@aws-sdk/client-sqs';
import type { Writer } from '@tablewright/store';
import type { RequestContext } from '../service.js';
import { batchOf, eachEntry } from './batch.js';
import { isFifo, type QueueRecord } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { parseHandle } from './receipt-handle.js';
import { badValue, missingParameter } from './sqs-errors.js';

const LONGEST_SECONDS = 43_200;

/** What is done with messages that were received. */
export function receiptOperations(store: QueueStore) {
  /** Runs `act` within one change, and has those who wait look again. */
  const change = async <T>(
    { caller }: RequestContext,
    url: string | undefined,
    act: (writer: Writer, queue: QueueRecord) => T,
  ): Promise<T> => {
    const queue = store.find(caller, url);
    const result = await store.kernel.store.change((writer) => act(writer, store.latestIn(writer, queue)));
    store.receivers.tell(queue.id);
    return result;
  };

  /** One change for all entries; those that fail are told of, and hold up no other. */
  const changeEach = <Entry extends { readonly Id: string | undefined }>(
    context: RequestContext,
    batch: { readonly QueueUrl: string | undefined; readonly Entries: Entry[] | undefined },
    kind: string,
    act: (writer: Writer, queue: QueueRecord, entry: Entry) => void,
  ) =>
    change(context, batch.QueueUrl, (writer, queue) => {
      const { done, failed } = eachEntry(batchOf(batch.Entries, kind), (entry) => act(writer, queue, entry));
      return { Successful: done.map(({ id }) => ({ Id: id })), Failed: failed };
    });

  return {
    async remove(context: RequestContext, input: Sqs.DeleteMessageCommandInput): Promise<object> {
      await change(context, input.QueueUrl, (writer, queue) => removeIn(writer, store, queue, input.ReceiptHandle));
      return {};
    },

    async removeMany(
      context: RequestContext,
      input: Sqs.DeleteMessageBatchCommandInput,
    ): Promise<Sqs.DeleteMessageBatchResult> {
      return changeEach(context, input, 'DeleteMessageBatchRequestEntry', (writer, queue, entry) =>
        removeIn(writer, store, queue, entry.ReceiptHandle),
      );
    },

    async changeVisibility(context: RequestContext, input: Sqs.ChangeMessageVisibilityCommandInput): Promise<object> {
      await change(context, input.QueueUrl, (writer, queue) => delayIn(writer, store, queue, input));
      return {};
    },

    async changeVisibilityOfMany(
      context: RequestContext,
      input: Sqs.ChangeMessageVisibilityBatchCommandInput,
    ): Promise<Sqs.ChangeMessageVisibilityBatchResult> {
      return changeEach(context, input, 'ChangeMessageVisibilityBatchRequestEntry', (writer, queue, entry) =>
        delayIn(writer, store, queue, entry),
      );
    },
  };
}

/** A message that is gone, or that was received again since, is left as it is, which AWS calls a success. */
function removeIn(writer: Writer, store: QueueStore, queue: QueueRecord, handle: string | undefined): void {
  const { sequence, token } = parseHandle(queue, handle);
  const stored = store.messages.getIn(writer, queue, sequence);
  if (stored?.state.receipt !== token) return;
  if (isFifo(queue) && stored.state.visibleMs <= store.kernel.clock.nowMs()) {
    throw badValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');
  }
  store.messages.removeIn(writer, queue, sequence);
}

function delayIn(
  writer: Writer,
  store: QueueStore,
  queue: QueueRecord,
  given: { readonly ReceiptHandle: string | undefined; readonly VisibilityTimeout?: number | undefined },
): void {
  const { ReceiptHandle: handle, VisibilityTimeout: seconds } = given;
  const { sequence, token } = parseHandle(queue, handle);
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  if (seconds < 0 || seconds > LONGEST_SECONDS) {
    const rule = `VisibilityTimeout must be an integer between 0 and ${LONGEST_SECONDS}.`;
    throw badValue(seconds, 'VisibilityTimeout', rule);
  }
  const nowMs = store.kernel.clock.nowMs();
  const stored = store.messages.getIn(writer, queue, sequence);
  if (stored?.state.receipt !== token || stored.state.visibleMs <= nowMs) {
    const reason = 'Message does not exist or is not available for visibility timeout change.';
    throw badValue(handle, 'ReceiptHandle', reason);
  }
  store.messages.updateIn(writer, queue, stored, { ...stored.state, visibleMs: nowMs + seconds * 1000 });
}
