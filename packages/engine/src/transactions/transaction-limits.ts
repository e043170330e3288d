import type { TableLayout } from '../data/index.js';
import { validationError } from '../errors.js';
import { strongTransaction } from '../global/strong-rules.js';

const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

/**
 * Throws when the items of a transaction are larger than 4 MB together (docs: Constraints). Of one that writes, what
 * counts is what the request holds, not the items that it deletes (recorded by a public conformance suite).
 */
export function checkTransactionSize(sizeBytes: number): void {
  if (sizeBytes <= MAX_TRANSACTION_BYTES) return;
  throw validationError(`Transaction payload size cannot exceed 4MB. Payload Size: ${sizeBytes}`);
}

/** Throws when two actions have one target. Targets without a key (undefined) are left out: they fail by themselves. */
export function checkDistinctTargets(storeKeys: readonly (string | undefined)[]): void {
  const keys = storeKeys.filter((key) => key !== undefined);
  if (new Set(keys).size === keys.length) return;
  throw validationError('Transaction request cannot include multiple operations on one item');
}

/** Tables with strong consistency between regions take part in no transaction (docs: V2globaltables_HowItWorks). */
export function assertNoneStrong(targets: readonly { readonly layout: TableLayout }[]): void {
  if (targets.some(({ layout }) => layout.table.replication?.isStrong === true)) throw strongTransaction();
}
