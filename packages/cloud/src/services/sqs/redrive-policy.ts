import { type Caller, partitionOf } from '../../kernel/caller.js';
import { isFifo, type QueueAttributes, type QueueRecord, queueArn } from './queue-record.js';
import { badValue } from './sqs-errors.js';

/** Where messages go that were received too often. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export interface RedrivePolicy {
  readonly targetArn: string;
  /** Received more often than this, a message moves. */
  readonly maxReceives: number;
}

/** Finds the queue of a name in `account/region`. */
export type FindQueue = (partition: string, name: string) => QueueRecord | undefined;

export function redriveOf({ RedrivePolicy: text }: QueueAttributes): RedrivePolicy | undefined {
  const policy = text === undefined ? undefined : parseObject(text);
  const { deadLetterTargetArn: targetArn, maxReceiveCount } = policy ?? {};
  return typeof targetArn === 'string' ? { targetArn, maxReceives: Number(maxReceiveCount) } : undefined;
}

/** The queue with this ARN. */
export function queueByArn(find: FindQueue, arn: string): QueueRecord | undefined {
  const [, , service, region = '', accountId = '', name = ''] = arn.split(':');
  return service === 'sqs' ? find(partitionOf({ accountId, region }), name) : undefined;
}

/** Throws, in AWS's words, when the queue's redrive policies cannot hold. */
export function checkRedrive(
  find: FindQueue,
  source: Caller & { readonly name: string },
  given: QueueAttributes,
): void {
  const { RedrivePolicy: text = '', RedriveAllowPolicy: allow = '' } = given;
  if (text !== '') checkPolicy(find, source, text);
  if (allow !== '') checkAllowPolicy(allow);
}

function checkPolicy(find: FindQueue, source: Caller & { readonly name: string }, text: string): void {
  const refuse = (reason: string): Error => badValue(text, 'RedrivePolicy', reason);
  const policy = parseObject(text);
  if (policy === undefined) throw refuse('Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn: targetArn, maxReceiveCount: count, ...others } = policy;
  if (targetArn === undefined)
    throw refuse('Redrive policy does not contain mandatory attribute: deadLetterTargetArn.');
  if (count === undefined) throw refuse('Redrive policy does not contain mandatory attribute: maxReceiveCount.');
  if (Object.keys(others).length > 0) {
    throw refuse('Only following attributes are allowed: [deadLetterTargetArn, maxReceiveCount].');
  }
  const receives = typeof count === 'string' && count !== '' ? Number(count) : count;
  if (typeof receives !== 'number' || !Number.isInteger(receives) || receives < 1 || receives > 1000) {
    throw refuse(
      `Invalid value for maxReceiveCount: ${String(count)}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  if (typeof targetArn !== 'string' || !/^arn:aws[\w-]*:sqs:[\w-]+:\d{12}:.+$/.test(targetArn)) {
    throw refuse('Invalid value for deadLetterTargetArn.');
  }
  const target = queueByArn(find, targetArn);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.region !== source.region) throw refuse('Dead-letter target must be in same region as the source.');
  if (isFifo(target) !== isFifo(source)) throw refuse('Dead-letter target must be same type of queue as the source.');
  if (!allows(target, queueArn(source))) {
    throw refuse(`Queue does not allow ${queueArn(source)} to use it as dead letter target.`);
  }
}

/** Whether a queue may be the dead letter queue of another. */
function allows(target: QueueRecord, sourceArn: string): boolean {
  const { redrivePermission = 'allowAll', sourceQueueArns } =
    parseObject(target.attributes.RedriveAllowPolicy ?? '{}') ?? {};
  if (redrivePermission !== 'byQueue') return redrivePermission === 'allowAll';
  return Array.isArray(sourceQueueArns) && sourceQueueArns.includes(sourceArn);
}

function checkAllowPolicy(text: string): void {
  const { redrivePermission: permission, sourceQueueArns: arns } = parseObject(text) ?? {};
  const isKnown = typeof permission === 'string' && ['allowAll', 'denyAll', 'byQueue'].includes(permission);
  const isList = Array.isArray(arns) && arns.length >= 1 && arns.length <= 10;
  if (isKnown && (permission === 'byQueue' ? isList : arns === undefined)) return;
  throw badValue(
    text,
    'RedriveAllowPolicy',
    "Amazon SQS can't create the redrive allow policy. Check its permission and its source queues.",
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
