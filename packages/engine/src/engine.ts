import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { Catalog } from './catalog/catalog.js';
import type { Caller } from './catalog/table.js';
import { TableStatistics } from './catalog/table-statistics.js';
import { type KmsKeyResolver, resolveKmsKeyByName } from './control/encryption.js';
import { Housekeeper } from './control/housekeeper.js';
import { Lifecycle, storageNumbers } from './control/lifecycle.js';
import { DynamoError, type DynamoErrorCode } from './errors.js';
import type { OperationName } from './operation-name.js';
import { type OperationTable, operationTable } from './operations.js';
import { checkAllTypes, checkInput } from './validation/index.js';

export interface EngineOptions {
  /** Stays the caller's: close the engine first, then the store. */
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * How long tables stay CREATING, UPDATING and DELETING, on the clock. Default 0: the answer says so, and the next
   * request sees the state after it.
   */
  readonly transitionDelayMs?: number;
  /** Asks KMS for the key of an SSESpecification. Default: by name, without asking whether the key is there. */
  readonly resolveKmsKey?: KmsKeyResolver;
  /** `host:port` of the server, for DescribeEndpoints, which is not emulated without it. */
  readonly endpointAddress?: string;
}

/** An operation's output in AWS JSON 1.0 terms; items in it may be stored items, see `encodeOutput`. */
export type Output = Readonly<Record<string, unknown>>;

/** Errors that a wrong JSON type elsewhere in the request comes before. */
const PRECEDED_BY_TYPES: ReadonlySet<DynamoErrorCode> = new Set([
  'ResourceNotFoundException',
  'SerializationException',
  'ValidationException',
]);

/** DynamoDB, for every account and region of one store. */
export class Engine {
  readonly operations: readonly OperationName[];
  readonly #table: OperationTable;
  readonly #statistics: TableStatistics;
  readonly #housekeeper: Housekeeper;

  constructor(options: EngineOptions) {
    const { store, clock, transitionDelayMs = 0, resolveKmsKey = resolveKmsKeyByName } = options;
    const tables = new Catalog(store);
    const statistics = new TableStatistics(store);
    const housekeeper = new Housekeeper(store, tables, statistics);
    const lifecycle = new Lifecycle({
      catalog: tables,
      statistics,
      clock,
      transitionDelayMs,
      wake: () => housekeeper.wake(),
    });
    this.#table = operationTable({ ...options, tables, statistics, lifecycle, resolveKmsKey });
    this.operations = Object.keys(this.#table) as OperationName[];
    this.#statistics = statistics;
    this.#housekeeper = housekeeper;
    // What it deletes was written by a clean stop; should that fail, every write after it fails, too.
    statistics.start(tables.all().flatMap(storageNumbers)).catch(() => {});
    lifecycle.start();
    housekeeper.wake();
  }

  /** Runs one operation. Rejects with {@link DynamoError}; a write is durable once this resolves. */
  async execute(operation: string, caller: Caller, input: unknown): Promise<Output> {
    if (!this.#isOperation(operation)) {
      throw new DynamoError('UnknownOperationException', `The operation ${operation} is unknown.`);
    }
    try {
      const checked = checkInput(operation, input);
      return (await this.#table[operation](caller, checked)) as Output;
    } catch (error) {
      if (error instanceof DynamoError && PRECEDED_BY_TYPES.has(error.code)) checkAllTypes(operation, input);
      throw error;
    }
  }

  /** Resolves when the work in the background (new indexes, removal of deleted tables, counts) is done. */
  async idle(): Promise<void> {
    await this.#housekeeper.idle();
  }

  /** Stops the work in the background and saves the item counts. No operation may run any more. */
  async close(): Promise<void> {
    await this.#housekeeper.close();
    await this.#statistics.save();
  }

  #isOperation(operation: string): operation is OperationName {
    return Object.hasOwn(this.#table, operation);
  }
}
