import type { TableRecord } from '../catalog/table-record.js';

const SINCE = 'LastUpdateToPayPerRequestDateTime';

/**
 * `TableThroughputMode` is another name of `BillingMode`, which decides where both are given. AWS takes and shows both;
 * its documentation has the older alone.
 */
export function withBillingMode(given: Record<string, unknown>): Record<string, unknown> {
  const { BillingMode: billingMode, TableThroughputMode: throughputMode } = given;
  if (throughputMode === undefined || billingMode !== undefined) return given;
  return { ...given, BillingMode: throughputMode };
}

/** Nothing of tables that never were on demand, but for restored ones: AWS's examples of both ways to restore have it. */
export function describeBillingMode({ billingMode, lastOnDemandMs, restore }: TableRecord): Record<string, unknown> {
  if (billingMode === 'PROVISIONED' && lastOnDemandMs === undefined && restore === undefined) return {};
  return summaries(billingMode, lastOnDemandMs === undefined ? {} : { [SINCE]: lastOnDemandMs / 1000 });
}

/** Of a table that is being created, which does not tell since when. */
export function describeNewBillingMode({ billingMode }: TableRecord): Record<string, unknown> {
  return billingMode === 'PROVISIONED' ? {} : summaries(billingMode, {});
}

function summaries(mode: TableRecord['billingMode'], since: Record<string, number>): Record<string, unknown> {
  return {
    BillingModeSummary: { BillingMode: mode, ...since },
    TableThroughputModeSummary: { TableThroughputMode: mode, ...since },
  };
}
