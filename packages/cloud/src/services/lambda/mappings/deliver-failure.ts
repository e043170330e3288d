import { ServiceError } from '../../../wire/index.js';
import type { InvocationResult } from '../invocation/invoker.js';
import { count } from '../invocation/metrics.js';
import { type FailureCondition, failureRecord } from './failure-record.js';
import type { MappingContext } from './mapping-context.js';
import type { EventRecord } from './stream-event.js';
import { streamKind } from './stream-source.js';
import type { WindowMembers } from './tumbling-window.js';

/**
 * Tells the mapping's destination, if it has one, of records that are given up. Where that fails, a metric says so, and
 * the records are lost all the same, as on AWS. What reaches a destination does not count as dropped:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export async function deliverFailure(
  context: MappingContext,
  failure: {
    readonly shardId: string;
    readonly records: readonly EventRecord[];
    readonly invocations: number;
    readonly condition: FailureCondition;
    readonly requestId: string;
    /** Of the last invocation; none when the function was never run. */
    readonly result?: InvocationResult;
    /** Of a batch in a window. */
    readonly window?: WindowMembers;
    /** The function's event with these records. */
    readonly event: () => string;
  },
): Promise<void> {
  const { mapping, destinations } = context;
  const { shardId, records, invocations, condition, requestId, result, window } = failure;
  const destination = mapping.settings.onFailure;
  if (destination === undefined) {
    context.count('DroppedEventCount', records.length);
    return;
  }
  const record = failureRecord(
    {
      requestId,
      functionArn: context.functionArn,
      condition,
      invocations,
      executedVersion: result?.executedVersion ?? '$LATEST',
      isFunctionError: result?.isError ?? true,
      ...(window === undefined ? {} : { window }),
      nowMs: context.nowMs(),
      shardId,
      streamArn: mapping.sourceArn,
      batchInfoMember: streamKind(mapping.sourceArn).batchInfoMember,
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
    context.count('DroppedEventCount', records.length);
    const { caller, settings } = mapping;
    const subject = { caller, name: settings.functionName, qualifier: settings.qualifier };
    context.invoker.metrics.put(subject, [count('DestinationDeliveryFailures')]);
  }
}
