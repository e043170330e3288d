import { policyFault } from '../../kernel/policy/validate-policy.js';
import { isFifo, type QueueAttributes, type QueueRecord, queueArn } from './queue-record.js';
import { badAttribute, invalidParameter, unknownAttribute } from './sqs-errors.js';

/** The most that a message, or a batch of them, may have. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Attributes that are whole numbers: their default, least and most. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const NUMBERS = {
  VisibilityTimeout: [30, 0, 43_200],
  MaximumMessageSize: [MAX_MESSAGE_BYTES, 1024, MAX_MESSAGE_BYTES],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  DelaySeconds: [0, 0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  KmsDataKeyReusePeriodSeconds: [300, 60, 86_400],
} as const;

export type NumberAttribute = keyof typeof NUMBERS;

const BOOLEANS = new Set(['SqsManagedSseEnabled', 'FifoQueue', 'ContentBasedDeduplication']);
const FIFO_ONLY = new Set(['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']);
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  DeduplicationScope: ['queue', 'messageGroup'],
  FifoThroughputLimit: ['perQueue', 'perMessageGroupId'],
};
/** Attributes that an empty value takes away. */
const REMOVABLE = new Set(['Policy', 'RedrivePolicy', 'RedriveAllowPolicy', 'KmsMasterKeyId']);

/** A number in the unit of the attribute: seconds, or bytes. */
export function numberOf({ attributes }: QueueRecord, name: NumberAttribute): number {
  return Number(attributes[name] ?? NUMBERS[name][0]);
}

/**
 * The attributes of a queue after some were given. The redrive policies are checked elsewhere, against other queues.
 * Throws in AWS's words.
 */
export function withAttributes(name: string, present: QueueAttributes, given: QueueAttributes): QueueAttributes {
  const next: Record<string, string> = { ...present };
  for (const [attribute, value] of Object.entries(given)) {
    checkAttribute(name, attribute, value);
    if (value === '' && REMOVABLE.has(attribute)) delete next[attribute];
    else next[attribute] = value;
  }
  // One way to encrypt replaces the other.
  if (given.KmsMasterKeyId !== undefined && given.KmsMasterKeyId !== '') next.SqsManagedSseEnabled = 'false';
  else if (given.SqsManagedSseEnabled === 'true') delete next.KmsMasterKeyId;
  if (next.FifoThroughputLimit === 'perMessageGroupId' && next.DeduplicationScope !== 'messageGroup') {
    throw badAttribute('FifoThroughputLimit');
  }
  return next;
}

function checkAttribute(name: string, attribute: string, value: string): void {
  const range = Object.hasOwn(NUMBERS, attribute) ? NUMBERS[attribute as NumberAttribute] : undefined;
  if (range !== undefined) {
    const [, least, most] = range;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most) throw badAttribute(attribute);
    return;
  }
  if (FIFO_ONLY.has(attribute) && !isFifo({ name })) throw unknownAttribute(attribute);
  if (BOOLEANS.has(attribute)) {
    if (value !== 'true' && (value !== 'false' || attribute === 'FifoQueue')) throw badAttribute(attribute);
    return;
  }
  const choices = Object.hasOwn(CHOICES, attribute) ? CHOICES[attribute] : undefined;
  if (choices !== undefined) {
    if (!choices.includes(value)) throw badAttribute(attribute);
    return;
  }
  if (!REMOVABLE.has(attribute)) throw unknownAttribute(attribute);
  if (attribute === 'Policy' && value !== '' && policyFault(value, 'resource') !== undefined)
    throw badAttribute('Policy');
}

/** What the queue has been given and what it has from the start, without counts. */
export function shownAttributes(queue: QueueRecord): Record<string, string> {
  const { attributes } = queue;
  const { KmsDataKeyReusePeriodSeconds: reuse, ...numbers } = Object.fromEntries(
    Object.entries(NUMBERS).map(([name, [usual]]) => [name, String(usual)]),
  );
  return {
    QueueArn: queueArn(queue),
    CreatedTimestamp: seconds(queue.createdMs),
    LastModifiedTimestamp: seconds(queue.modifiedMs),
    ...numbers,
    ...(attributes.KmsMasterKeyId !== undefined && reuse !== undefined && { KmsDataKeyReusePeriodSeconds: reuse }),
    SqsManagedSseEnabled: 'true',
    ...(isFifo(queue) && {
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    }),
    ...attributes,
  };
}

/** Throws when no queue can be called so. */
export function checkName(name: string, attributes: QueueAttributes): void {
  if (attributes.FifoQueue === 'true') {
    if (/^[\w-]{1,75}\.fifo$/.test(name)) return;
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with ' +
        '.fifo suffix and be 1 to 80 in length.',
    );
  }
  if (!/^[\w-]{1,80}$/.test(name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
}

function seconds(timeMs: number): string {
  return String(Math.floor(timeMs / 1000));
}
