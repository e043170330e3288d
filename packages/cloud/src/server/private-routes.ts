import type { FaultRequest } from '../faults/fault-rule.js';
import type { ClockReading } from '../kernel/kernel-clock.js';
import { type ClockRequest, setClock } from './clock-api.js';
import type { Estate } from './estate.js';
import { PrivateRequestError } from './private-request-error.js';
import { coverageOf } from './service-coverage.js';
import type { SnapshotRequest } from './snapshots.js';

/** What a route does with its input (the body of a POST), or with the last part of its path. */
export type PrivateRoute = (input: object, argument: string) => unknown;

/** What routes need besides the estate. */
export interface RouteParts {
  /** The estate that is open. */
  estate(): Estate;
  snapshots(request?: SnapshotRequest): Promise<unknown>;
}

/**
 * The routes of the endpoint's own API that take and give JSON:
 *
 *     GET  clock                       how the clock stands
 *     POST clock                       {@link ClockRequest}; answers when the clock is there
 *     GET  denials                     what policies denied, or would have
 *     GET  faults                      the rules that are in force
 *     POST faults                      {@link FaultRequest}: adds a rule
 *     DELETE faults[/<id>]             removes one rule, or all
 *     GET  regions                     regions that are cut off
 *     POST regions                     `{ "cutOff": "eu-west-1" }` or `{ "rejoin": "eu-west-1" }`
 *     GET  coverage                    the operations of every service, and which are emulated
 *     GET  snapshots                   those that there are
 *     POST snapshots                   {@link SnapshotRequest}
 */
export function privateRoutes(parts: RouteParts): Readonly<Record<string, PrivateRoute>> {
  const clock = (): ClockReading => parts.estate().clock.reading();
  return {
    'GET clock': clock,
    async 'POST clock'(input) {
      await setClock(parts.estate().clock, input as ClockRequest);
      return clock();
    },
    'GET denials'() {
      const { authorizer } = parts.estate().kernel;
      return { mode: authorizer.mode, denials: authorizer.denials() };
    },
    'GET faults': () => ({ faults: parts.estate().faults.list() }),
    'POST faults': (input) => parts.estate().faults.add(input as FaultRequest),
    'DELETE faults': async (_input, id) => ({
      removed: await parts.estate().faults.clear(id === '' ? undefined : id),
    }),
    'GET regions': () => ({ cutOff: parts.estate().replication.cutRegions() }),
    async 'POST regions'(input) {
      const { replication } = parts.estate();
      const [[action, region] = [], ...more] = Object.entries(input);
      if ((action !== 'cutOff' && action !== 'rejoin') || more.length > 0 || !isRegion(region)) {
        throw new PrivateRequestError('give either {"cutOff": "<region>"} or {"rejoin": "<region>"}');
      }
      await (action === 'cutOff' ? replication.cutOff(region) : replication.rejoin(region));
      return { cutOff: replication.cutRegions() };
    },
    'GET coverage': async () => ({ services: await coverageOf(parts.estate()) }),
    'GET snapshots': () => parts.snapshots(),
    'POST snapshots': (input) => parts.snapshots(input as SnapshotRequest),
  };
}

function isRegion(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{2}(-[a-z]+)+-\d$/.test(value);
}
