import { ServiceError } from '../../../wire/index.js';
import type { InvocationResult } from '../invocation/invoker.js';
import { count } from '../invocation/metrics.js';
import { type FailureCondition, failureRecord } from './failure-record.js';
import type { MappingContext } from './mapping-context.js';
import type { EventRecord } from './stream-event.js';

export interface LastInvocation {
  readonly requestId: string;
  readonly result: InvocationResult;
}

/**
 * Tells the mapping's destination, if it has one, of records that are given up. Where that fails, a metric says so, and
 * the records are lost all the same, as on AWS.
 */
export async function deliverFailure(
  context: MappingContext,
  failure: {
    readonly shardId: string;
    readonly records: readonly EventRecord[];
    readonly invocations: number;
    readonly condition: FailureCondition;
    /** None when the function was never run. */
    readonly invocation?: LastInvocation;
    /** The function's event with these records. */
    readonly event: () => string;
  },
): Promise<void> {
  const { mapping, destinations, parts } = context;
  const { shardId, records, invocations, condition, invocation } = failure;
  const destination = mapping.settings.onFailure;
  context.count('DroppedEventCount', records.length);
  if (destination === undefined || records.length === 0) return;
  const record = failureRecord(
    {
      requestId: invocation?.requestId ?? parts.kernel.random.uuid(),
      functionArn: context.functionArn,
      condition,
      invocations,
      executedVersion: invocation?.result.executedVersion ?? '$LATEST',
      isFunctionError: invocation?.result.isError ?? true,
      nowMs: context.nowMs(),
      shardId,
      streamArn: mapping.sourceArn,
      records,
    },
    destination.includes(':s3:::') ? failure.event() : undefined,
  );
  try {
    const folder = `aws/lambda/${mapping.uuid}/${shardId}`;
    await destinations.deliver(context.actor(), destination, JSON.stringify(record), folder);
    context.count('OnFailureDestinationDeliveredEventCount', records.length);
  } catch (error) {
    if (context.isClosing) return;
    if (!(error instanceof ServiceError)) throw error;
    const { caller, settings } = mapping;
    const subject = { caller, name: settings.functionName, qualifier: settings.qualifier };
    context.invoker.metrics.put(subject, [count('DestinationDeliveryFailures')]);
  }
}
