import type { EventRecord } from './stream-event.js';

export type FailureCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface BatchFailure {
  readonly requestId: string;
  readonly functionArn: string;
  readonly condition: FailureCondition;
  readonly invocations: number;
  readonly executedVersion: string;
  readonly isFunctionError: boolean;
  readonly nowMs: number;
  readonly shardId: string;
  readonly streamArn: string;
  readonly records: readonly EventRecord[];
}

/**
 * What is told of records that were given up. S3 gets the records, too; queues and topics get where they are.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function failureRecord(failure: BatchFailure, event: string | undefined): object {
  const { records, invocations } = failure;
  const [first, last] = [records.at(0), records.at(-1)];
  return {
    requestContext: {
      requestId: failure.requestId,
      functionArn: failure.functionArn,
      condition: failure.condition,
      approximateInvokeCount: invocations,
    },
    ...(invocations === 0
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: failure.executedVersion,
            functionError: failure.isFunctionError ? 'Unhandled' : null,
          },
        }),
    version: '1.0',
    timestamp: new Date(failure.nowMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: failure.shardId,
      startSequenceNumber: first?.sequenceNumber,
      endSequenceNumber: last?.sequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: failure.streamArn,
    },
    ...(event === undefined ? {} : { payload: event }),
  };
}

/** To the second, as the stream knows it. */
function arrival(record: EventRecord | undefined): string | undefined {
  return record === undefined ? undefined : new Date(record.createdMs).toISOString().replace('.000Z', 'Z');
}
