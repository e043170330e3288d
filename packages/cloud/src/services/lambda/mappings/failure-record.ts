import type { EventRecord } from './stream-event.js';
import type { WindowMembers } from './tumbling-window.js';

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
  /** The member that says which records it is about. */
  readonly batchInfoMember: string;
  readonly records: readonly EventRecord[];
  /** Of a batch in a window. */
  readonly window?: WindowMembers;
}

/**
 * What is told of records that were given up. S3 gets the records, too; queues and topics get where they are. The
 * last invocation of a window has none (recorded on AWS, as what is told of windows; so is the count of one without any
 * invocation).
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html, …/kinesis-on-failure-destination.html
 */
export function failureRecord(failure: BatchFailure, event: string | undefined): object {
  const { records, invocations, window } = failure;
  const [first, last] = [records.at(0), records.at(-1)];
  return {
    requestContext: {
      requestId: failure.requestId,
      functionArn: failure.functionArn,
      condition: failure.condition,
      approximateInvokeCount: Math.max(1, invocations),
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
    [failure.batchInfoMember]: {
      shardId: failure.shardId,
      ...(first === undefined || last === undefined ? {} : whereabouts(first, last, records.length)),
      streamArn: failure.streamArn,
    },
    ...(window === undefined ? {} : { timeWindowInfo: windowInfo(window) }),
    ...(event === undefined ? {} : { payload: event }),
  };
}

function whereabouts(first: EventRecord, last: EventRecord, batchSize: number): object {
  return {
    startSequenceNumber: first.sequenceNumber,
    endSequenceNumber: last.sequenceNumber,
    approximateArrivalOfFirstRecord: arrival(first),
    approximateArrivalOfLastRecord: arrival(last),
    batchSize,
  };
}

function windowInfo({ window, isFinalInvokeForWindow, isWindowTerminatedEarly }: WindowMembers): object {
  return { window, isFinalInvokeForWindow, isWindowTerminatedEarly };
}

/** To the second or the millisecond, as the stream knows it. */
function arrival(record: EventRecord): string {
  return new Date(record.createdMs).toISOString().replace('.000Z', 'Z');
}
