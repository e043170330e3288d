import { parseDuration } from '@tablewright/base';
import { type KernelClock, LAST_INSTANT_MS, MAX_SPEED } from '../kernel/kernel-clock.js';
import { PrivateRequestError } from './private-request-error.js';

/** What `POST /_tablewright/clock` takes: one of these. */
export interface ClockRequest {
  /** true: stand still; false: run at the machine's pace. */
  readonly frozen?: boolean;
  /** E.g. `90s`, `1h30m`, `40d`. */
  readonly advance?: string;
  /** An instant to come: ISO 8601, or milliseconds since the epoch. */
  readonly advanceTo?: string | number;
  /** Times the machine's pace. */
  readonly speed?: number;
}

/** Carries out one request and resolves when all that fell due is done. */
export async function setClock(clock: KernelClock, request: ClockRequest): Promise<void> {
  const given = Object.keys(request);
  const [only] = given;
  if (given.length !== 1 || only === undefined) {
    throw new PrivateRequestError(`give one of frozen, advance, advanceTo, speed; got ${given.join(', ') || 'none'}`);
  }
  const { frozen, advance, advanceTo, speed } = request;
  if (typeof frozen === 'boolean') return clock.setSpeed(frozen ? 0 : 1);
  if (typeof speed === 'number') {
    if (!(speed > 0 && speed <= MAX_SPEED)) {
      throw new PrivateRequestError(`speed ${speed} is not above 0 and at most ${MAX_SPEED}`);
    }
    return clock.setSpeed(speed);
  }
  if (typeof advance === 'string') {
    const durationMs = parseDuration(advance);
    if (durationMs === undefined) {
      throw new PrivateRequestError(`"${advance}" is no duration; write one such as 90s, 1h30m or 40d`);
    }
    checkInstant(clock.nowMs() + durationMs, advance);
    return clock.advance(durationMs);
  }
  if (advanceTo !== undefined) {
    const instantMs = typeof advanceTo === 'number' ? advanceTo : Date.parse(advanceTo);
    if (Number.isNaN(instantMs)) {
      throw new PrivateRequestError(`"${advanceTo}" is no instant; write one such as 2026-12-24T18:00:00Z`);
    }
    checkInstant(instantMs, advanceTo);
    if (instantMs < clock.nowMs()) {
      const now = new Date(clock.nowMs()).toISOString();
      throw new PrivateRequestError(`${advanceTo} has passed: the clock stands at ${now} and never goes back`);
    }
    return clock.advanceTo(instantMs);
  }
  throw new PrivateRequestError(`${only} has no such value`);
}

function checkInstant(instantMs: number, given: string | number): void {
  if (!(instantMs <= LAST_INSTANT_MS)) throw new PrivateRequestError(`${given} is beyond the last date there is`);
}
