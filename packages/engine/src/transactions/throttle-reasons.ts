import type { TableLayout } from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { type Throttle, throttleError } from '../throughput/index.js';
import { type CancellationReason, NO_REASON, reasonOf } from './cancellation.js';

// A transaction is cancelled as a whole where one of its actions meets a limit (docs: TransactWriteItems).

/** Whether the table has read capacity left for the item. */
export function readReason(
  { throughput }: EngineContext,
  layout: TableLayout,
  storeKey: string | undefined,
): CancellationReason {
  return storeKey === undefined ? NO_REASON : ofThrottles([throughput.readThrottle(layout, undefined, storeKey)]);
}

/** Whether the table has write capacity left for the item. */
export function writeReason(
  { throughput }: EngineContext,
  layout: TableLayout,
  storeKey: string | undefined,
): CancellationReason {
  return storeKey === undefined ? NO_REASON : ofThrottles([throughput.writeThrottle(layout, storeKey)]);
}

export function ofThrottles([first]: readonly (Throttle | undefined)[]): CancellationReason {
  return first === undefined ? NO_REASON : reasonOf(throttleError([first]));
}
