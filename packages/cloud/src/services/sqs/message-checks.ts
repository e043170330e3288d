import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { ServiceError } from '../../wire/index.js';
import type { AttributeRecord, AttributeRecords } from './message-record.js';
import { invalidParameter, missingParameter } from './sqs-errors.js';

const MAX_ATTRIBUTES = 10;
const NAME = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!(?:aws|amazon)\.)[\w.-]{1,256}$/i;

/** What XML can hold. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab, line feed and carriage return are allowed
const TEXT = /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Throws in AWS's words when text holds what a message cannot. */
export function checkText(text: string): void {
  if (TEXT.test(text)) return;
  throw new ServiceError(
    'InvalidMessageContents',
    'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | ' +
      '#x10000 to #x10FFFF',
  );
}

export function checkBody(body: string | undefined): string {
  if (body === undefined || body === '') throw missingParameter('MessageBody');
  checkText(body);
  return body;
}

/** The attributes as they are kept. Throws in AWS's words. */
export function attributeRecords(given: Record<string, MessageAttributeValue> | undefined): AttributeRecords {
  const entries = Object.entries(given ?? {});
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, attributeRecord(name, value)]));
}

function attributeRecord(name: string, given: MessageAttributeValue): AttributeRecord {
  if (!NAME.test(name)) {
    throw invalidParameter(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), ` +
        'hyphen (-), and period (.) characters, and must not begin with AWS. or Amazon.',
    );
  }
  const type = given.DataType ?? '';
  if (type === '') {
    throw invalidParameter(`The message attribute '${name}' must contain non-empty message attribute type.`);
  }
  if (!/^(String|Number|Binary)(\..+)?$/.test(type) || type.length > 256) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is ` +
        'Binary, Number, and String.',
    );
  }
  const value = type.startsWith('Binary')
    ? Buffer.from(given.BinaryValue ?? []).toString('base64')
    : (given.StringValue ?? '');
  if (value === '') {
    throw invalidParameter(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (type.startsWith('Number') && (value.trim() === '' || !Number.isFinite(Number(value)))) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  if (type.startsWith('String')) checkText(value);
  return { type, value };
}

/** Bytes that count against the limit: body, and names, types and values of attributes. */
export function sizeOf(body: string, attributes: AttributeRecords): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { type, value }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type);
    bytes += Buffer.byteLength(value, type.startsWith('Binary') ? 'base64' : 'utf8');
  }
  return bytes;
}
