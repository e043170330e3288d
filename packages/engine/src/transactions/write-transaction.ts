import type { Reader, Writer } from '@tablewright/store';
import type { Caller } from '../catalog/table.js';
import {
  type EntryChange,
  type ItemChange,
  planEntries,
  readUnits,
  replaceItem,
  type TableLayout,
  type Units,
  unitsAsItIs,
  writtenUnits,
} from '../data/index.js';
import type { EngineContext } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { assertNotCancelled, type CancellationReason, NO_REASON } from './cancellation.js';
import { IdempotencyTokens, requestDigest, tokenKey } from './idempotency.js';
import { ofThrottles, writeReason } from './throttle-reasons.js';
import { TRANSACTION_FACTOR, TransactionCapacity } from './transaction-capacity.js';
import { assertNoneStrong, checkDistinctTargets } from './transaction-limits.js';

/** What an action comes to: its change (for a mere condition, the item as it is), or a reason to cancel. */
export type Outcome =
  | { readonly change: ItemChange; readonly isWrite: boolean }
  | { readonly reason: CancellationReason };

/** One action of a transaction that writes. */
export interface TransactionStep {
  /** The table as the request names it. */
  readonly tableName: string;
  readonly layout: TableLayout;
  /** Undefined when there is a reason to cancel before any item is read. */
  readonly storeKey: string | undefined;
  /** What the action comes to, given the items as they are. Changes nothing. */
  attempt(reader: Reader): Outcome;
}

export interface TransactionRequest {
  readonly caller: Caller;
  readonly token: string | undefined;
  /** All of the request but its token: the same again under the same token is a repetition. */
  readonly content: object;
}

/** Puts the answer together, inside the change. */
export type Report = (reader: Reader, capacity: TransactionCapacity) => object;

/**
 * Transactions that write, each carried out once for its client request token: all actions in one change of the store,
 * which runs alone and leaves nothing behind when it throws. Differs from AWS: TransactionConflict and
 * TransactionInProgressException cannot occur, as a change runs from its first read to its last write in one turn of
 * the event loop.
 */
export class WriteTransactions {
  readonly #tokens = new IdempotencyTokens();

  constructor(private readonly context: EngineContext) {}

  run(
    { caller, token, content }: TransactionRequest,
    steps: readonly TransactionStep[],
    report: Report,
  ): Promise<object> {
    assertNoneStrong(steps);
    checkDistinctTargets(steps.map((step) => step.storeKey));
    const { clock, store } = this.context;
    if (token === undefined) return store.change((writer) => this.#carryOut(writer, steps, report).output);
    const [key, digest] = [tokenKey(caller, token), requestDigest(content)];
    // The answer to a repetition says that the first request's change is durable.
    const known = store.get(key) === undefined ? Promise.resolve() : store.flush();
    const done = store.change((writer) => {
      const nowMs = clock.nowMs();
      const known = this.#tokens.unitsOfRepetition(writer, key, digest, nowMs);
      if (known !== undefined) return repeat(this.context, writer, { steps, units: known, report });
      try {
        const { output, units } = this.#carryOut(writer, steps, report);
        this.#tokens.note(writer, key, digest, nowMs, units);
        return output;
      } catch (error) {
        if (isCancellation(error)) this.#tokens.noteCancelled(key, digest, nowMs);
        throw error;
      }
    });
    return Promise.all([done, known]).then(([output]) => output);
  }

  /** The answer, and what reading the items would cost, by action. */
  #carryOut(
    writer: Writer,
    steps: readonly TransactionStep[],
    report: Report,
  ): { readonly output: object; readonly units: readonly number[] } {
    assertNoneIsFaulty(writer, steps);
    const outcomes = steps.map((step) => this.#attempt(writer, step));
    this.#refuse(writer, steps, outcomes.map(reasonIn));
    const done = outcomes.filter((outcome) => 'change' in outcome);
    const entries = done.map(({ change, isWrite }) => (isWrite ? planEntries(writer, change) : []));
    const { throughput } = this.context;
    assertNotCancelled(
      done.map(({ change }, at) => ofThrottles(throughput.entryThrottles(change.layout, entries[at] ?? []))),
    );
    const capacity = new TransactionCapacity('WriteCapacityUnits');
    for (const [at, outcome] of done.entries()) {
      const units = this.#write(writer, outcome, entries[at] ?? []);
      capacity.add(steps[at]?.tableName ?? '', outcome.change.layout, units);
    }
    // The larger of both images counts (recorded on AWS).
    const units = done.map(({ change: { before, after } }) =>
      readUnits(Math.max(before?.sizeBytes ?? 0, after?.sizeBytes ?? 0), true),
    );
    return { output: report(writer, capacity), units };
  }

  #attempt(reader: Reader, step: TransactionStep): Outcome {
    const reason = writeReason(this.context, step.layout, step.storeKey);
    return reason === NO_REASON ? step.attempt(reader) : { reason };
  }

  /**
   * Throws when there are reasons to cancel. A transaction that conditions cancel has consumed what writing the items as
   * they are would (recorded on AWS); one that is throttled, nothing.
   */
  #refuse(reader: Reader, steps: readonly TransactionStep[], reasons: readonly CancellationReason[]): void {
    if (reasons.every(({ Code }) => Code === 'None')) return;
    if (!reasons.some(({ Code }) => THROTTLED.has(Code))) {
      for (const { layout, storeKey } of steps) {
        if (storeKey === undefined) continue;
        const units = unitsAsItIs(reader, layout, storeKey);
        this.context.throughput.chargeWrite(layout, storeKey, units, [], TRANSACTION_FACTOR);
      }
    }
    assertNotCancelled(reasons);
  }

  /** Checking a mere condition costs what writing its item would. */
  #write(writer: Writer, { change, isWrite }: Planned, entries: readonly EntryChange[]): Units {
    const units = isWrite
      ? replaceItem(this.context, writer, { ...change, cause: 'transaction' }, entries)
      : { table: writtenUnits(change.layout, change.after ?? change.before) };
    const { throughput } = this.context;
    throughput.chargeWrite(change.layout, change.key, units.table, entries, TRANSACTION_FACTOR);
    if (units.vectors !== undefined) throughput.chargeVectors(change.layout, 'Write', units.vectors);
    return units;
  }
}

type Planned = Extract<Outcome, { readonly change: ItemChange }>;

const THROTTLED: ReadonlySet<CancellationReason['Code']> = new Set([
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
]);

/**
 * Throws for the first action that cannot be carried out whatever the items are: AWS looks neither for further such
 * actions nor at conditions then (recorded by a public conformance suite).
 */
function assertNoneIsFaulty(reader: Reader, steps: readonly TransactionStep[]): void {
  const faulty = steps.find(({ storeKey }) => storeKey === undefined);
  if (faulty === undefined) return;
  assertNotCancelled(steps.map((step) => (step === faulty ? reasonIn(step.attempt(reader)) : NO_REASON)));
}

function reasonIn(outcome: Outcome): CancellationReason {
  return 'reason' in outcome ? outcome.reason : NO_REASON;
}

function isCancellation(error: unknown): boolean {
  return error instanceof DynamoError && error.code === 'TransactionCanceledException';
}

/**
 * Answers a request that has been carried out before: nothing is written, and reading the items as they were then is what
 * it costs.
 */
function repeat(
  { throughput }: EngineContext,
  reader: Reader,
  done: { readonly steps: readonly TransactionStep[]; readonly units: readonly number[]; readonly report: Report },
): object {
  const capacity = new TransactionCapacity('ReadCapacityUnits');
  for (const [at, { tableName, layout, storeKey }] of done.steps.entries()) {
    const units = done.units[at] ?? readUnits(0, true);
    capacity.add(tableName, layout, { table: units });
    if (storeKey !== undefined) throughput.chargeRead(layout, undefined, storeKey, units * TRANSACTION_FACTOR);
  }
  return done.report(reader, capacity);
}
