/** An attribute of a message. Binary values are base64. */
export interface AttributeRecord {
  /** `String`, `Number` or `Binary`, perhaps with a custom part: `Number.int`. */
  readonly type: string;
  readonly value: string;
}

export type AttributeRecords = Readonly<Record<string, AttributeRecord>>;

/** What of a message never changes. */
export interface MessageRecord {
  readonly messageId: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: AttributeRecords;
  readonly traceHeader?: string;
  readonly senderId: string;
  /** Of FIFO queues, and of standard queues whose groups share them fairly. */
  readonly groupId?: string;
  readonly deduplicationId?: string;
  /** The queue that it came from when it is in a dead letter queue. */
  readonly sourceArn?: string;
}

/** What of a message changes, in a record of its own, so that the body is not written again. Times in epoch milliseconds. */
export interface MessageState {
  readonly sentMs: number;
  /** Nobody receives it before. */
  readonly visibleMs: number;
  readonly receives: number;
  readonly firstReceivedMs?: number;
  /** Part of the receipt handle that counts: that of the last reception. */
  readonly receipt?: string;
  readonly groupId?: string;
}
