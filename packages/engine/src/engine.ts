import type { Clock, Random } from '@tablewright/base';
import type { Store } from '@tablewright/store';
import { Catalog } from './catalog/catalog.js';
import type { Caller } from './catalog/table.js';
import { DynamoError } from './errors.js';
import type { OperationName } from './operation-name.js';
import { type OperationTable, operationTable } from './operations.js';
import { checkInput } from './validation/index.js';

export interface EngineOptions {
  /** Stays the caller's: the engine does not close it. */
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** How long tables stay CREATING, UPDATING and DELETING, on the clock. Default 0: until the answer is given. */
  readonly transitionDelayMs?: number;
}

/** An operation's output in AWS JSON 1.0 terms; items in it may be stored items, see `encodeOutput`. */
export type Output = Readonly<Record<string, unknown>>;

/** DynamoDB, for every account and region of one store. */
export class Engine {
  readonly operations: readonly OperationName[];
  readonly #table: OperationTable;

  constructor(options: EngineOptions) {
    const tables = new Catalog(options.store);
    this.#table = operationTable({
      ...options,
      tables,
      statistics: { add: () => {} },
      transitionDelayMs: options.transitionDelayMs ?? 0,
    });
    this.operations = Object.keys(this.#table) as OperationName[];
  }

  /** Runs one operation. Rejects with {@link DynamoError}; a write is durable once this resolves. */
  async execute(operation: string, caller: Caller, input: unknown): Promise<Output> {
    if (!this.#isOperation(operation)) {
      throw new DynamoError('UnknownOperationException', '');
    }
    const checked = checkInput(operation, input);
    return (await this.#table[operation](caller, checked)) as Output;
  }

  async close(): Promise<void> {}

  #isOperation(operation: string): operation is OperationName {
    return Object.hasOwn(this.#table, operation);
  }
}
