import type { LocalEndpoint } from '@tablewright/cloud';

const DAY_MS = 86_400_000;

/**
 * Lets an endpoint's clock stand still at the next noon (UTC): a test sees no more of the hour at which it runs, such as
 * the quotas of a day that begin anew, or an hour of a schedule that comes while it runs.
 */
export async function standAtNoon(endpoint: LocalEndpoint): Promise<void> {
  await endpoint.setClock({ frozen: true });
  const { nowMs } = endpoint.clock();
  const noonMs = (Math.floor(nowMs / DAY_MS) + 0.5) * DAY_MS;
  await endpoint.setClock({ advanceTo: noonMs < nowMs ? noonMs + DAY_MS : noonMs });
}
