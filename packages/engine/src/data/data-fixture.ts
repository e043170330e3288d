import { defined } from '@tablewright/base';
import { MemoryStore } from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import type { Caller, KeySchema, Projection, Table, TableIndex } from '../catalog/table.js';
import type { EngineContext } from '../engine-context.js';
import { DynamoError } from '../errors.js';
import { Throughput } from '../throughput/index.js';
import { encodeOutput } from './encode-output.js';
import { type DataOperation, dataOperations } from './index.js';

// For tests of the data plane alone: tables without a catalog.

export const CALLER: Caller = { accountId: '000000000000', region: 'us-east-1' };

/** A key schema from a short form: `pk:S` or `pk:S sk:N`; several attributes of a kind are joined by commas. */
export function keys(text: string): KeySchema {
  const [hash = '', range = ''] = text.split(' ');
  const attributes = (part: string) =>
    part
      .split(',')
      .filter((item) => item !== '')
      .map((item) => {
        const [name = '', type = 'S'] = item.split(':');
        return { name, type: type as 'S' | 'N' | 'B' };
      });
  return { hash: attributes(hash), range: attributes(range) };
}

export function index(
  kind: 'GSI' | 'LSI',
  name: string,
  schema: string,
  projection: Projection = { type: 'ALL' },
  status: TableIndex['status'] = 'ACTIVE',
): TableIndex {
  const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/t/index/${name}`;
  return { name, arn, kind, storageNumber: hashOf(name), keys: keys(schema), projection, status };
}

export function table(name: string, schema: string, indexes: readonly TableIndex[] = []): Table {
  return {
    name,
    arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`,
    id: name,
    accountId: '000000000000',
    region: 'us-east-1',
    storageNumber: hashOf(`table ${name}`),
    status: 'ACTIVE',
    keys: keys(schema),
    indexes,
    hasInsights: false,
  };
}

function hashOf(name: string): number {
  let hash = 7;
  for (const char of name) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return hash;
}

/** The data plane over a memory store, and the statistics that it reported. */
export class DataFixture {
  readonly store = new MemoryStore();
  readonly statistics = new Map<number, { items: number; bytes: number }>();
  readonly operations: ReturnType<typeof dataOperations>;
  readonly #tables: Map<string, Table>;

  constructor(tables: readonly Table[], options: Pick<EngineContext, 'validationWords'> = {}) {
    this.#tables = new Map(tables.map((each) => [each.name, each]));
    this.operations = dataOperations({ ...this.#context(), ...options });
  }

  #context(): EngineContext {
    const find = (name: string): Table => {
      const found = this.#tables.get(name);
      if (found === undefined) throw new DynamoError('ResourceNotFoundException', 'Requested resource not found');
      return found;
    };
    return {
      store: this.store,
      clock: new VirtualClock(),
      random: new SeededRandom(1),
      tables: { table: (_caller, name) => find(name) },
      statistics: { add: (number, _key, items, bytes) => this.#count(number, items, bytes) },
      streams: { append: () => {} },
      timeToLive: { maintain: () => {} },
      history: { append: () => {} },
      destinations: { append: () => {} },
      replication: { append: () => {} },
      throughput: new Throughput({
        clock: new VirtualClock(),
        mode: 'free-running',
        sizeBytes: () => 0,
        view: () => undefined,
      }),
    };
  }

  #count(storageNumber: number, items: number, bytes: number): void {
    const sum = this.statistics.get(storageNumber) ?? { items: 0, bytes: 0 };
    this.statistics.set(storageNumber, { items: sum.items + items, bytes: sum.bytes + bytes });
  }

  /** The catalog's answer for this name from now on. */
  replace(changed: Table): void {
    this.#tables.set(changed.name, changed);
  }

  /** Runs an operation and gives its answer as the client would read it. */
  async run(operation: DataOperation, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const output = await this.operations[operation](CALLER, input);
    return JSON.parse(encodeOutput(output as object).toString());
  }

  /** The error that the operation answers with, as `code: message`. */
  async error(operation: DataOperation, input: Record<string, unknown>): Promise<string> {
    try {
      await this.run(operation, input);
    } catch (error) {
      if (error instanceof DynamoError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'no error';
  }

  statisticsOf(storageNumber: number): { items: number; bytes: number } {
    return defined(this.statistics.get(storageNumber), 'statistics');
  }
}
