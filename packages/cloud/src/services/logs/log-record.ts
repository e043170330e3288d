import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs';

/** A log group as it is kept. */
export interface LogGroupRecord {
  readonly name: string;
  readonly createdMs: number;
  readonly retentionDays?: number;
  readonly kmsKeyId?: string;
  readonly logGroupClass: LogGroupClass;
  readonly deletionProtected: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Of its events, each with what is added to it. Not there in groups from before it was kept. */
  readonly storedBytes?: number;
}

/** A log stream as it is kept. */
export interface LogStreamRecord {
  readonly group: string;
  readonly name: string;
  readonly createdMs: number;
  readonly firstMs?: number;
  readonly lastMs?: number;
  readonly lastIngestionMs?: number;
}

/** A log event as it is kept. */
export interface LogEventRecord {
  readonly timestampMs: number;
  readonly ingestedMs: number;
  readonly message: string;
}

/** An event with where it stands. Positions order the events of a group, and those of a stream, by time, then arrival. */
export interface LogEvent extends LogEventRecord {
  readonly stream: string;
  /** Time and arrival, fixed width, ordered as text. */
  readonly position: string;
}

/** What CloudWatch Logs adds to the size of each message. */
const EVENT_OVERHEAD_BYTES = 26;

/** Size of an event as CloudWatch Logs counts it. */
export function eventBytes({ message }: { readonly message: string }): number {
  return Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
}

export const DAY_MS = 86_400_000;
