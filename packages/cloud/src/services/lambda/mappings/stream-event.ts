import type { StreamRecord } from './stream-reader.js';

/** A record as functions get it, encoded once. */
export interface EventRecord {
  readonly sequenceNumber: string;
  /** When the item changed. */
  readonly createdMs: number;
  /** The values of the item's key, as text: what must stay in order. */
  readonly key: string;
  /** JSON. */
  readonly json: string;
  readonly sizeBytes: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html: the record of the stream, with the stream's ARN. */
export function eventOf(record: StreamRecord, streamArn: string): object {
  const { userIdentity, ...rest } = record;
  return {
    ...rest,
    ...(userIdentity === undefined
      ? {}
      : { userIdentity: { principalId: userIdentity.PrincipalId, type: userIdentity.Type } }),
    eventSourceARN: streamArn,
  };
}

export function encodeEvent(record: StreamRecord, event: object): EventRecord {
  const json = JSON.stringify(event);
  const { SequenceNumber, ApproximateCreationDateTime, Keys } = record.dynamodb;
  return {
    sequenceNumber: SequenceNumber,
    createdMs: ApproximateCreationDateTime * 1000,
    key: JSON.stringify(Keys),
    json,
    sizeBytes: Buffer.byteLength(json),
  };
}
