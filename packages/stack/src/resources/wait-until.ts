import { delay, UserError } from '@tablewright/base';
import type { ResourceContext } from './resource-handler.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** Raised where a wait is ended by the person; what was begun goes on at AWS. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/**
 * Asks `isReached` until it is true, with pauses that grow from 0.1 to 5 seconds on the connection's clock.
 * `what` completes "waited … for", e.g. `table users-table to become ACTIVE`.
 */
export async function waitUntil(
  context: ResourceContext,
  what: string,
  timeoutMs: number,
  isReached: () => Promise<boolean>,
): Promise<void> {
  const { clock } = context.aws;
  const deadlineMs = clock.nowMs() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.6, LONGEST_PAUSE_MS)) {
    if (await isReached()) return;
    if (context.signal?.aborted === true) throw new InterruptedError(`interrupted while waiting for ${what}`);
    if (clock.nowMs() >= deadlineMs) {
      const minutes = Math.round(timeoutMs / 60_000);
      throw new UserError(
        `waited ${minutes} minutes in vain for ${what}`,
        'Run the command again: it goes on from here.',
      );
    }
    await delay(clock, pauseMs);
  }
}
