import { expirySecond, type Ledger } from '../ledger.js';
import type { Change } from './changes.js';
import { brief, few } from './walk-context.js';

const RETENTION_MS = 24 * 3600 * 1000;

interface ExpectedChange {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly isExpiry: boolean;
  /** The change did not happen before. */
  readonly fromMs: number;
}

/** A stream against the ledger: per item every change of the last day, in order, with the images of before and after. */
export function checkChanges(what: string, changes: readonly Change[], ledger: Ledger, nowMs: number): string[] {
  const byKey = new Map<string, Change[]>();
  for (const change of changes) {
    const list = byKey.get(change.key) ?? [];
    list.push(change);
    byKey.set(change.key, list);
  }
  const found: string[] = [];
  for (const key of byKey.keys()) {
    if (ledger.history(key).length === 1) found.push(`${what}: ${key}: a record of an item that nobody has written`);
  }
  for (const key of ledger.keys()) {
    const fault = compare(byKey.get(key) ?? [], expectedChanges(ledger, key, nowMs), nowMs - RETENTION_MS);
    if (fault !== undefined) found.push(`${what}: ${key}: ${fault}`);
  }
  return few(found);
}

function expectedChanges(ledger: Ledger, key: string, nowMs: number): ExpectedChange[] {
  const expected: ExpectedChange[] = [];
  let before: string | undefined;
  for (const { text, operation } of ledger.history(key)) {
    if (text === before || operation === undefined) continue;
    expected.push({ before, after: text, isExpiry: false, fromMs: operation.begunMs });
    before = text;
  }
  const second = expirySecond(ledger.current(key));
  if (second !== undefined && second * 1000 <= nowMs) {
    expected.push({ before, after: undefined, isExpiry: true, fromMs: second * 1000 });
  }
  return expected;
}

/** The records must be the last of the expected changes; only what is older than a day may be missing. */
function compare(
  records: readonly Change[],
  expected: readonly ExpectedChange[],
  horizonMs: number,
): string | undefined {
  if (records.length > expected.length) return `${records.length} records of ${expected.length} changes`;
  const trimmed = expected.slice(0, expected.length - records.length);
  const lost = trimmed.find(({ fromMs }) => fromMs > horizonMs);
  if (lost !== undefined) return `${trimmed.length} of ${expected.length} records are missing`;
  for (const [at, record] of records.entries()) {
    const change = expected[trimmed.length + at];
    const [before, after] = [change?.before, change?.after];
    if (record.before !== before) return `record ${at} has the old image ${brief(record.before)}, not ${brief(before)}`;
    if (record.after !== after) return `record ${at} has the new image ${brief(record.after)}, not ${brief(after)}`;
    // The other region may have been the first to delete what has expired: that deletion comes as any other.
    if (record.isExpiry && change?.isExpiry !== true) return `record ${at} says that the item has expired`;
  }
  return undefined;
}
