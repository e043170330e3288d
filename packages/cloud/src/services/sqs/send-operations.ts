import { createHash } from 'node:crypto';
import type * as Sqs from '@aws-sdk/client-sqs';
import type { Writer } from '@tablewright/store';
import type { Principal } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { batchOf, eachEntry } from './batch.js';
import { attributeRecords, checkBody, sizeOf } from './message-checks.js';
import { attributesMd5, md5 } from './message-digests.js';
import type { AttributeRecords, MessageRecord } from './message-record.js';
import { MAX_MESSAGE_BYTES, numberOf } from './queue-attributes.js';
import { isFifo, type QueueRecord } from './queue-record.js';
import type { QueueStore } from './queue-store.js';
import { badValue, invalidParameter, missingParameter } from './sqs-errors.js';

type GivenMessage = Omit<Sqs.SendMessageRequest, 'QueueUrl'>;

/** A message that has been checked. */
interface Prepared {
  readonly message: MessageRecord;
  readonly delaySeconds: number;
  readonly systemMd5: string | undefined;
}

export function sendOperations(store: QueueStore) {
  return {
    async send(context: RequestContext, input: Sqs.SendMessageCommandInput): Promise<Sqs.SendMessageResult> {
      const queue = store.find(context.caller, input.QueueUrl);
      const prepared = prepare(queue, input, context);
      const result = await store.kernel.store.change((writer) => put(store, writer, queue, prepared));
      store.receivers.tell(queue.id);
      return result;
    },

    async sendMany(
      context: RequestContext,
      input: Sqs.SendMessageBatchCommandInput,
    ): Promise<Sqs.SendMessageBatchResult> {
      const queue = store.find(context.caller, input.QueueUrl);
      const entries = batchOf(input.Entries, 'SendMessageBatchRequestEntry');
      const bytes = entries.reduce((sum, entry) => sum + givenBytes(entry), 0);
      if (bytes > MAX_MESSAGE_BYTES) {
        throw new ServiceError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
        );
      }
      const { done, failed } = eachEntry(entries, (entry) => prepare(queue, entry, context));
      const Successful = await store.kernel.store.change((writer) =>
        done.map(({ id, result }) => {
          const { MessageId, MD5OfMessageBody, ...more } = put(store, writer, queue, result);
          return { Id: id, MessageId, MD5OfMessageBody, ...more };
        }),
      );
      store.receivers.tell(queue.id);
      return { Successful, Failed: failed };
    },
  };
}

function prepare(queue: QueueRecord, given: GivenMessage, { principal, kernel }: RequestContext): Prepared {
  const body = checkBody(given.MessageBody);
  const attributes = attributeRecords(given.MessageAttributes);
  const limit = numberOf(queue, 'MaximumMessageSize');
  if (sizeOf(body, attributes) > limit) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  const trace = traceOf(given);
  const groupId = groupOf(queue, given);
  const deduplicationId = deduplicationOf(queue, given, body);
  return {
    message: {
      messageId: kernel.random.uuid(),
      body,
      bodyMd5: md5(body),
      attributes,
      senderId: senderOf(principal),
      ...(trace !== undefined && { traceHeader: trace }),
      ...(groupId !== undefined && { groupId }),
      ...(deduplicationId !== undefined && { deduplicationId }),
    },
    delaySeconds: delayOf(queue, given),
    systemMd5: trace === undefined ? undefined : attributesMd5({ AWSTraceHeader: { type: 'String', value: trace } }),
  };
}

/** Throws when the queue is gone. A message that was sent before is not sent again, but answered as the first was. */
function put(
  store: QueueStore,
  writer: Writer,
  given: QueueRecord,
  { message, delaySeconds, systemMd5 }: Prepared,
): Sqs.SendMessageResult & { MessageId: string; MD5OfMessageBody: string } {
  const queue = store.latestIn(writer, given);
  const { groupId = '', deduplicationId } = message;
  const sentMs = store.kernel.clock.nowMs();
  const md5s = digests(message, systemMd5);
  if (deduplicationId !== undefined) {
    const before = store.deduplication.findIn(writer, queue, deduplicationId, groupId, sentMs);
    if (before !== undefined) {
      return { ...md5s, MessageId: before.messageId, SequenceNumber: sequenceNumber(before.sequence) };
    }
  }
  const { messageId } = message;
  const sequence = store.messages.addIn(writer, queue, message, {
    sentMs,
    visibleMs: sentMs + delaySeconds * 1000,
    receives: 0,
    ...(isFifo(queue) && { groupId }),
  });
  if (deduplicationId === undefined) return { ...md5s, MessageId: messageId };
  store.deduplication.noteIn(writer, queue, deduplicationId, groupId, { messageId, sequence, sentMs });
  return { ...md5s, MessageId: messageId, SequenceNumber: sequenceNumber(sequence) };
}

function digests(
  { bodyMd5, attributes }: MessageRecord,
  systemMd5: string | undefined,
): Sqs.SendMessageResult & { MD5OfMessageBody: string } {
  const MD5OfMessageAttributes = attributesMd5(attributes);
  return {
    MD5OfMessageBody: bodyMd5,
    ...(MD5OfMessageAttributes !== undefined && { MD5OfMessageAttributes }),
    ...(systemMd5 !== undefined && { MD5OfMessageSystemAttributes: systemMd5 }),
  };
}

/** Twenty digits, as on AWS. */
export function sequenceNumber(sequence: string): string {
  return `1888${sequence}`;
}

/** Who sent a message, as its attribute SenderId says. */
function senderOf(principal: Principal): string {
  if (principal.kind === 'service') return principal.accountId;
  return 'userId' in principal ? principal.userId : principal.accountId;
}

function traceOf({ MessageSystemAttributes: given = {} }: GivenMessage): string | undefined {
  for (const [name, value] of Object.entries(given)) {
    if (name !== 'AWSTraceHeader')
      throw badValue(name, 'MessageSystemAttributes', 'There is no such system attribute.');
    return attributeRecords({ [name]: { ...value } })[name]?.value;
  }
  return undefined;
}

const TOKEN = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;
const TOKEN_RULE = 'can only include alphanumeric and punctuation characters. 1 to 128 in length.';

function groupOf(queue: QueueRecord, { MessageGroupId: groupId }: GivenMessage): string | undefined {
  if (groupId === undefined) {
    if (isFifo(queue)) throw missingParameter('MessageGroupId');
    return undefined;
  }
  if (!TOKEN.test(groupId)) throw badValue(groupId, 'MessageGroupId', `MessageGroupId ${TOKEN_RULE}`);
  return groupId;
}

function deduplicationOf(queue: QueueRecord, given: GivenMessage, body: string): string | undefined {
  const { MessageDeduplicationId: id } = given;
  if (!isFifo(queue)) {
    if (id === undefined) return undefined;
    const reason = 'The request includes a parameter that is not valid for this queue type.';
    throw badValue(id, 'MessageDeduplicationId', reason);
  }
  if (id !== undefined) {
    if (!TOKEN.test(id)) throw badValue(id, 'MessageDeduplicationId', `MessageDeduplicationId ${TOKEN_RULE}`);
    return id;
  }
  if (queue.attributes.ContentBasedDeduplication === 'true') return createHash('sha256').update(body).digest('hex');
  throw invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

function delayOf(queue: QueueRecord, { DelaySeconds: delay }: GivenMessage): number {
  if (delay === undefined) return numberOf(queue, 'DelaySeconds');
  if (delay < 0 || delay > 900) {
    throw badValue(delay, 'DelaySeconds', 'DelaySeconds must be >= 0 and <= 900.');
  }
  if (delay > 0 && isFifo(queue)) {
    throw badValue(delay, 'DelaySeconds', 'The request include parameter that is not valid for this queue type.');
  }
  return delay === 0 && isFifo(queue) ? numberOf(queue, 'DelaySeconds') : delay;
}

/** Of an entry that may be faulty. */
function givenBytes({ MessageBody: body = '', MessageAttributes: given = {} }: GivenMessage): number {
  const attributes: AttributeRecords = Object.fromEntries(
    Object.entries(given).map(([name, { DataType: type = '', StringValue = '', BinaryValue }]) => [
      name,
      { type, value: BinaryValue === undefined ? StringValue : Buffer.from(BinaryValue).toString('base64') },
    ]),
  );
  return sizeOf(body, attributes);
}
