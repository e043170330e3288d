import type * as Sqs from '@aws-sdk/client-sqs';
import { attributesMd5 } from './message-digests.js';
import type { AttributeRecord, AttributeRecords } from './message-record.js';
import type { StoredMessage } from './message-store.js';
import { isFifo, type QueueRecord } from './queue-record.js';
import { receiptHandle } from './receipt-handle.js';
import { sequenceNumber } from './send-operations.js';

type Wanted = Pick<
  Sqs.ReceiveMessageRequest,
  'AttributeNames' | 'MessageSystemAttributeNames' | 'MessageAttributeNames'
>;

/** A received message with the attributes that were asked for. */
export function shownMessage(queue: QueueRecord, stored: StoredMessage, wanted: Wanted): Sqs.Message {
  const { message, state, sequence } = stored;
  const attributes = wantedAttributes(message.attributes, wanted.MessageAttributeNames ?? []);
  const attributesDigest = attributesMd5(attributes);
  const system = wantedSystemAttributes(systemAttributes(queue, stored), wanted);
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle(queue, { sequence, token: state.receipt ?? '' }),
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(attributesDigest !== undefined && {
      MD5OfMessageAttributes: attributesDigest,
      MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, shown(one)])),
    }),
  };
}

function shown({ type, value }: AttributeRecord): Sqs.MessageAttributeValue {
  return type.startsWith('Binary')
    ? { DataType: type, BinaryValue: Buffer.from(value, 'base64') }
    : { DataType: type, StringValue: value };
}

/** By name, by the beginning of names (`user.*`), or all (`All`, `.*`). */
function wantedAttributes(attributes: AttributeRecords, names: readonly string[]): AttributeRecords {
  const isWanted = (name: string): boolean =>
    names.some(
      (wanted) =>
        wanted === name || wanted === 'All' || (wanted.endsWith('.*') && name.startsWith(wanted.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

function systemAttributes(
  queue: QueueRecord,
  { message, state, sequence }: StoredMessage,
): Record<string, string | undefined> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(state.sentMs),
    ApproximateReceiveCount: String(state.receives),
    ApproximateFirstReceiveTimestamp: String(state.firstReceivedMs ?? state.sentMs),
    AWSTraceHeader: message.traceHeader,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: isFifo(queue) ? sequenceNumber(sequence) : undefined,
    DeadLetterQueueSourceArn: message.sourceArn,
  };
}

function wantedSystemAttributes(all: Record<string, string | undefined>, wanted: Wanted): Record<string, string> {
  const names: readonly string[] = [...(wanted.AttributeNames ?? []), ...(wanted.MessageSystemAttributeNames ?? [])];
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined && (names.includes('All') || names.includes(name))) found[name] = value;
  }
  return found;
}
