import { expirySecond, type Instant, type Ledger, type Operation } from '../ledger.js';
import { brief, few } from './walk-context.js';

export interface StateOptions {
  readonly ledger: Ledger;
  readonly instant: Instant;
}

/**
 * Compares all items of an instant with the ledger: each must be in a state that it may have been in, nothing that was
 * acknowledged is lost, no request was made half. Items that have expired may be there or not.
 *
 * @param texts by key
 */
export function checkState(texts: ReadonlyMap<string, string>, options: StateOptions): string[] {
  const { ledger, instant } = options;
  const found: string[] = [];
  for (const key of texts.keys()) {
    if (ledger.history(key).length === 1) found.push(`${key}: an item that nobody has written`);
  }
  for (const key of ledger.keys()) {
    const text = texts.get(key);
    const possible = ledger.possible(key, instant);
    const expires = expirySecond(possible.at(-1)?.item);
    const hasExpired = expires !== undefined && expires * 1000 <= instant.toMs;
    if (hasExpired && text === undefined) continue;
    if (!possible.some((version) => version.text === text)) {
      const acknowledged = possible.length === 1 ? '' : `one of ${possible.length}, the first of them `;
      found.push(`${key}: ${brief(text)} instead of ${acknowledged}${brief(possible[0]?.text)}`);
    }
  }
  return [...few(found), ...few(halves(texts, options))];
}

/** Items that have expired and are there. */
export function checkExpired(texts: ReadonlyMap<string, string>, ledger: Ledger, nowMs: number): string[] {
  const found: string[] = [];
  for (const key of texts.keys()) {
    const expires = expirySecond(ledger.current(key));
    if (expires !== undefined && expires * 1000 <= nowMs) {
      found.push(`${key}: the item expired at ${expires}, and is there`);
    }
  }
  return few(found);
}

/** Atomic requests of which one effect is there and another is not. */
function halves(texts: ReadonlyMap<string, string>, { ledger, instant }: StateOptions): string[] {
  return ledger
    .atomicOperations()
    .filter(
      ({ effects, begunMs, ackedMs = Number.POSITIVE_INFINITY }) =>
        effects.size > 1 && begunMs <= instant.toMs && ackedMs > instant.fromMs,
    )
    .flatMap((operation) => {
      const marks = [...operation.effects.keys()].map((key) => [key, hasHappened(texts, ledger, operation, key)]);
      const done = marks.find(([, mark]) => mark === true);
      const missing = marks.find(([, mark]) => mark === false);
      if (done === undefined || missing === undefined) return [];
      return [`half a transaction: ${done[0]} is as it is after it, ${missing[0]} as before it`];
    });
}

/** Undefined when the item's state does not tell. */
function hasHappened(
  texts: ReadonlyMap<string, string>,
  ledger: Ledger,
  operation: Operation,
  key: string,
): boolean | undefined {
  const versions = ledger.history(key);
  const own = versions.findIndex((version) => version.operation === operation);
  if (own === -1) return undefined;
  const text = texts.get(key);
  const after = versions.some((version, at) => at >= own && version.text === text);
  const before = versions.some((version, at) => at < own && version.text === text);
  return after === before ? undefined : after;
}
