import { createHash } from 'node:crypto';
import type { PublishInput } from '@aws-sdk/client-sns';
import { invalidParameter, invalidValue } from './sns-errors.js';
import { isFifo, type Protocol, type TopicRecord } from './topic-record.js';

const MAX_BYTES = 256 * 1024;

/** An attribute of a message. Binary values are base64. */
export interface AttributeRecord {
  readonly type: string;
  readonly value: string;
}

export type AttributeRecords = Readonly<Record<string, AttributeRecord>>;

/** A message as it was published. */
export interface PublishedMessage {
  readonly id: string;
  readonly subject?: string;
  /** The text, or one for each protocol and `default` for the others. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: AttributeRecords;
  readonly publishedMs: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

type GivenMessage = Omit<PublishInput, 'TopicArn' | 'TargetArn' | 'PhoneNumber'>;

export function textFor({ texts }: PublishedMessage, protocol: Protocol): string {
  return texts[protocol] ?? texts.default ?? '';
}

/**
 * Checks what is to be published. Throws in AWS's words.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function publishedMessage(
  topic: TopicRecord | undefined,
  given: GivenMessage,
  made: { readonly id: string; readonly publishedMs: number },
): PublishedMessage {
  const { Message: text = '', Subject: subject, MessageStructure: structure } = given;
  if (text === '') throw invalidParameter('Empty message');
  const attributes = attributeRecords(given.MessageAttributes);
  if (sizeOf(text, attributes) > MAX_BYTES) throw invalidParameter('Message too long');
  // Printable, on one line, not beginning with a space.
  if (subject !== undefined && !/^[\u0021-\u007e][\u0020-\u007e]{0,99}$/.test(subject))
    throw invalidParameter('Subject');
  return {
    ...made,
    texts: structure === 'json' ? textsOf(text) : { default: text },
    attributes,
    ...(subject !== undefined && { subject }),
    ...groupOf(topic, given, text),
  };
}

function textsOf(text: string): Record<string, string> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts: Record<string, string> = {};
  for (const [protocol, value] of Object.entries(typeof given === 'object' && given !== null ? given : {})) {
    if (typeof value === 'string') texts[protocol] = value;
  }
  if (texts.default === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return texts;
}

function groupOf(
  topic: TopicRecord | undefined,
  { MessageGroupId: groupId, MessageDeduplicationId: given }: GivenMessage,
  text: string,
): { groupId?: string; deduplicationId?: string } {
  if (topic === undefined || !isFifo(topic)) {
    if (given !== undefined) {
      throw invalidParameter(
        'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
      );
    }
    return groupId === undefined ? {} : { groupId };
  }
  if (groupId === undefined) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
  const byContent = topic.attributes.ContentBasedDeduplication === 'true';
  if (given === undefined && !byContent) {
    throw invalidParameter(
      'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return { groupId, deduplicationId: given ?? createHash('sha256').update(text).digest('hex') };
}

function attributeRecords(given: GivenMessage['MessageAttributes']): AttributeRecords {
  return Object.fromEntries(
    Object.entries(given ?? {}).map(([name, { DataType: type = '', StringValue, BinaryValue }]) => {
      if (!/^[\w.-]{1,256}$/.test(name)) throw invalidValue(`Invalid message attribute name: ${name}`);
      if (!/^(String|Number|Binary)(\..+)?$/.test(type)) {
        throw invalidValue(
          `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes ` +
            'is Binary, Number, and String.',
        );
      }
      const value = type.startsWith('Binary') ? Buffer.from(BinaryValue ?? []).toString('base64') : (StringValue ?? '');
      if (value === '') {
        throw invalidValue(
          `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
        );
      }
      if (type === 'Number' && !Number.isFinite(Number(value))) {
        throw invalidValue(`Could not cast message attribute '${name}' value to number.`);
      }
      if (type === 'String.Array' && !isList(value)) {
        throw invalidValue(`The message attribute '${name}' must contain a JSON array for its type 'String.Array'.`);
      }
      return [name, { type, value }];
    }),
  );
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function sizeOf(text: string, attributes: AttributeRecords): number {
  let bytes = Buffer.byteLength(text);
  for (const [name, { type, value }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  }
  return bytes;
}
