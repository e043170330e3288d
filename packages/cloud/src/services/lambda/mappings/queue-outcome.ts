import type { Message } from '@aws-sdk/client-sqs';
import type { InvocationResult } from '../invocation/invoker.js';

/**
 * The ids of the messages that are not handled: all when the function failed, or reported what is no failure of a
 * message. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedMessages(
  result: InvocationResult,
  batch: readonly Message[],
  reportsItemFailures: boolean,
): ReadonlySet<string | undefined> {
  const all = new Set(batch.map(({ MessageId }) => MessageId));
  if (result.isError) return all;
  const failures = reportsItemFailures ? failuresOf(result.payload) : undefined;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const failed = new Set<string>();
  for (const failure of failures as unknown[]) {
    const identifier: unknown =
      typeof failure === 'object' && failure !== null ? Reflect.get(failure, 'itemIdentifier') : '';
    if (typeof identifier !== 'string' || !all.has(identifier)) return all;
    failed.add(identifier);
  }
  return failed;
}

function failuresOf(payload: string): unknown {
  const response: unknown = JSON.parse(payload);
  return typeof response === 'object' && response !== null
    ? (Reflect.get(response, 'batchItemFailures') as unknown)
    : undefined;
}
