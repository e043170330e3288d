import { ServiceError } from '../../wire/index.js';
import type { QueueRecord } from './queue-record.js';
import { missingParameter } from './sqs-errors.js';

const PREFIX = 'AQEB';

/** What a receipt handle stands for: one reception of one message. */
export interface Receipt {
  readonly sequence: string;
  /** Changes with each reception; the last one counts. */
  readonly token: string;
}

export function receiptHandle(queue: QueueRecord, { sequence, token }: Receipt): string {
  return PREFIX + Buffer.from(`${queue.id}/${sequence}/${token}`).toString('base64');
}

/** Throws for what is no handle of this queue. */
export function parseHandle(queue: QueueRecord, handle: string | undefined): Receipt {
  if (handle === undefined || handle === '') throw missingParameter('ReceiptHandle');
  const text = handle.startsWith(PREFIX) ? Buffer.from(handle.slice(PREFIX.length), 'base64').toString() : '';
  const [queueId, sequence, token] = text.split('/');
  if (queueId !== queue.id || sequence === undefined || token === undefined) {
    throw new ServiceError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  return { sequence, token };
}
