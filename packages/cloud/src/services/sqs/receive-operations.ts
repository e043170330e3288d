import type * as Sqs from '@aws-sdk/client-sqs';
import type { RequestContext } from '../service.js';
import { numberOf } from './queue-attributes.js';
import type { QueueStore } from './queue-store.js';
import { shownMessage } from './shown-message.js';
import { badValue } from './sqs-errors.js';
import { type Taken, type Taking, takeIn } from './take-messages.js';

export function receiveOperations(store: QueueStore) {
  const { machineClock, clock } = store.kernel;
  return {
    async receive(
      { caller, whenAbandoned }: RequestContext,
      input: Sqs.ReceiveMessageCommandInput,
    ): Promise<Sqs.ReceiveMessageResult> {
      const untilMs = machineClock.nowMs() + waitSeconds(store, caller, input) * 1000;
      const gone = new AbortController();
      whenAbandoned?.(() => gone.abort());
      // A message that nobody is there to take stays for the next who asks.
      while (!gone.signal.aborted) {
        // Asked each time: the queue may have been deleted, or set anew.
        const queue = store.find(caller, input.QueueUrl);
        const visibilityMs = (input.VisibilityTimeout ?? numberOf(queue, 'VisibilityTimeout')) * 1000;
        const taking: Taking = { limit: input.MaxNumberOfMessages ?? 1, visibilityMs };
        let taken: Taken | undefined;
        const safe = store.kernel.store.change((writer) => {
          taken = takeIn(writer, store, queue, taking);
          return taken;
        });
        const remainingMs = untilMs - machineClock.nowMs();
        // In the turn of the look, so that nothing comes in between.
        const waiting =
          taken?.messages.length === 0 && remainingMs > 0
            ? store.receivers.wait(queue.id, {
                waitMs: remainingMs,
                nextMs: store.messages.nextMs(queue, clock.nowMs()),
                gone: gone.signal,
              })
            : undefined;
        const { messages, toldId } = await safe;
        if (toldId !== undefined) store.receivers.tell(toldId);
        if (messages.length > 0) return { Messages: messages.map((stored) => shownMessage(queue, stored, input)) };
        if (waiting === undefined || (await waiting) === 'over') break;
      }
      return {};
    },
  };
}

/** Checks the input's numbers, and says how long to wait for a message. */
function waitSeconds(
  store: QueueStore,
  caller: RequestContext['caller'],
  input: Sqs.ReceiveMessageCommandInput,
): number {
  const queue = store.find(caller, input.QueueUrl);
  check(input.MaxNumberOfMessages, 'MaxNumberOfMessages', 1, 10, 'Must be between 1 and 10, if provided.');
  check(input.VisibilityTimeout, 'VisibilityTimeout', 0, 43_200, 'Must be between 0 and 43200, if provided.');
  check(input.WaitTimeSeconds, 'WaitTimeSeconds', 0, 20, 'Must be >= 0 and <= 20, if provided.');
  return input.WaitTimeSeconds ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds');
}

function check(value: number | undefined, parameter: string, least: number, most: number, rule: string): void {
  if (value !== undefined && (value < least || value > most)) throw badValue(value, parameter, rule);
}
