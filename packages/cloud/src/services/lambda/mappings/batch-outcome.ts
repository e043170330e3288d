import type { InvocationResult } from '../invocation/invoker.js';
import type { EventRecord } from './stream-event.js';
import { isBefore } from './stream-reader.js';

/** What an invocation with a batch came to. */
export type BatchOutcome =
  | { readonly kind: 'success'; readonly state?: object }
  | { readonly kind: 'failure' }
  /** The records before `from` (an index) are done, the others are not. */
  | { readonly kind: 'partial'; readonly from: number };

export interface OutcomeRules {
  readonly reportsItemFailures: boolean;
  /** The function must return a state, but for a window's last invocation. */
  readonly needsState: boolean;
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html: nothing, null or an empty list
 * of failures is success; an identifier that is empty, null or unknown, or a key of another name, fails the whole batch;
 * otherwise the lowest sequence number says where to go on.
 */
export function batchOutcome(
  result: InvocationResult,
  records: readonly EventRecord[],
  rules: OutcomeRules,
): BatchOutcome {
  if (result.isError) return { kind: 'failure' };
  const response = parsed(result.payload);
  const state = stateOf(response);
  if (rules.needsState && state === undefined) return { kind: 'failure' };
  const success: BatchOutcome = { kind: 'success', ...(state === undefined ? {} : { state }) };
  const failures = rules.reportsItemFailures ? memberOf(response, 'batchItemFailures') : undefined;
  if (failures === undefined || failures === null) return success;
  if (!Array.isArray(failures)) return { kind: 'failure' };
  if (failures.length === 0) return success;
  let lowest: EventRecord | undefined;
  for (const failure of failures as unknown[]) {
    const identifier = memberOf(failure, 'itemIdentifier');
    const record = records.find(({ sequenceNumber }) => sequenceNumber === identifier);
    if (record === undefined) return { kind: 'failure' };
    if (lowest === undefined || isBefore(record.sequenceNumber, lowest.sequenceNumber)) lowest = record;
  }
  const from = lowest === undefined ? 0 : records.indexOf(lowest);
  return { kind: 'partial', from };
}

function stateOf(response: unknown): object | undefined {
  const state = memberOf(response, 'state');
  return typeof state === 'object' && state !== null ? state : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined;
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
