import type { Caller } from '../../../kernel/caller.js';
import type { Kernel } from '../../../kernel/kernel.js';
import type { ResolvedFunction } from '../functions/function-catalog.js';
import { executionActor } from '../invocation/execution-role.js';
import { constraintError, invalidParameter } from '../lambda-errors.js';
import type { LambdaParts } from '../lambda-parts.js';
import type { MappingSettings } from './mapping-record.js';
import { isCode } from './stream-reader.js';

const QUEUE_ARN = /^arn:aws[a-zA-Z-]*:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}(\.fifo)?$/;
const NEEDED = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** The URL that requests name a queue by. */
export function queueUrl({ address }: Kernel, queueArn: string): string {
  const [, , , , accountId, name] = queueArn.split(':');
  return `http://${address}/${accountId}/${name}`;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html. Throws what AWS answers to other settings. */
export function checkQueueSettings(queueArn: string, settings: MappingSettings): void {
  const { batchSize, batchingWindowSeconds, maximumConcurrency } = settings;
  const isFifo = queueArn.endsWith('.fifo');
  if (isFifo && batchSize > 10) {
    throw invalidParameter('Batch size must be less than or equal to 10 for FIFO queues.');
  }
  if (isFifo && batchingWindowSeconds > 0) {
    throw invalidParameter('Batching window is not supported for FIFO queues.');
  }
  if (batchSize > 10 && batchingWindowSeconds < 1) {
    throw invalidParameter(
      'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    );
  }
  if (maximumConcurrency !== undefined && (maximumConcurrency < 2 || maximumConcurrency > 1000)) {
    const constraint =
      maximumConcurrency < 2
        ? 'Member must have value greater than or equal to 2'
        : 'Member must have value less than or equal to 1000';
    throw constraintError(maximumConcurrency, 'scalingConfig.maximumConcurrency', constraint);
  }
}

/** The queue must be there, hide messages for as long as the function may run, and let its role take them. */
export async function checkQueueAccess(
  { kernel }: LambdaParts,
  caller: Caller,
  resolved: ResolvedFunction,
  queueArn: string,
): Promise<void> {
  if (!QUEUE_ARN.test(queueArn)) throw invalidParameter(`Invalid event source ARN: ${queueArn}`);
  const actor = executionActor(kernel, resolved);
  for (const operation of NEEDED) {
    const need = { action: `sqs:${operation}`, resource: queueArn };
    if (kernel.authorizer.demand({ service: 'sqs', operation, ...actor }, need) === undefined) continue;
    throw invalidParameter(`The provided execution role does not have permissions to call ${operation} on SQS`);
  }
  const input = { QueueUrl: queueUrl(kernel, queueArn), AttributeNames: ['VisibilityTimeout'] };
  let attributes: Readonly<Record<string, string>>;
  try {
    const run = kernel.calls.run<{ Attributes?: Record<string, string> }>('sqs', 'GetQueueAttributes', actor, input);
    attributes = (await run).Attributes ?? {};
  } catch (error) {
    if (!isCode(error, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) throw error;
    throw invalidParameter(
      'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ' +
        'The specified queue does not exist for this wsdl version.',
    );
  }
  const [, , , region] = queueArn.split(':');
  if (region !== caller.region) throw invalidParameter(`Invalid event source ARN: ${queueArn}`);
  const visibilitySeconds = Number(attributes.VisibilityTimeout ?? 30);
  const timeoutSeconds = resolved.configuration.Timeout ?? 3;
  if (visibilitySeconds < timeoutSeconds) {
    throw invalidParameter(
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
}
