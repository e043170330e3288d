import assert from 'node:assert/strict';
import {
  type Entry,
  type Key,
  type KeyRange,
  MemoryStore,
  type Store,
  type ValueVisitor,
  type Writer,
} from '@tablewright/store';
import { SeededRandom, VirtualClock } from '@tablewright/testkit';
import { Engine, type EngineOptions, type Output } from '../engine.js';

export const CALLER = { accountId: '000000000000', region: 'us-east-1' };
export const ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

/** An engine for tests over a store that outlives it. */
export class EngineFixture {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  #view = new MortalStore(this.store);
  engine: Engine;

  constructor(private readonly options: Partial<EngineOptions> = {}) {
    this.engine = this.#start();
  }

  /** A new engine on the same store, with or without the old one's clean stop. */
  async restart(how: 'stopped' | 'killed'): Promise<void> {
    if (how === 'stopped') await this.engine.close();
    this.#view.isDead = true;
    this.#view = new MortalStore(this.store);
    this.engine = this.#start();
  }

  run(operation: string, input: unknown, caller = CALLER): Promise<Output> {
    return this.engine.execute(operation, caller, input);
  }

  async describe(name = 'orders'): Promise<Record<string, unknown>> {
    return (await this.run('DescribeTable', { TableName: name })).Table as Record<string, unknown>;
  }

  async update(input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const output = await this.run('UpdateTable', { TableName: 'orders', ...input });
    return output.TableDescription as Record<string, unknown>;
  }

  /** The operation must fail with this code and message. */
  async refuses(operation: string, input: unknown, code: string, message: string | RegExp): Promise<void> {
    await assert.rejects(this.run(operation, input), (error: Error) => {
      assert.equal(error.name, code, error.message);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  }

  #start(): Engine {
    const { clock } = this;
    return new Engine({ store: this.#view, clock, random: new SeededRandom(7), ...this.options });
  }
}

/** One engine's way to the store, which ends with the engine. */
class MortalStore implements Store {
  isDead = false;

  constructor(private readonly store: Store) {}

  get(key: Key): Buffer | undefined {
    return this.store.get(key);
  }

  range(range: KeyRange): Iterable<Entry> {
    return this.store.range(range);
  }

  visit(range: KeyRange, visitor: ValueVisitor): void {
    this.store.visit(range, visitor);
  }

  change<T>(action: (writer: Writer) => T): Promise<T> {
    return this.isDead ? Promise.reject(new Error('the process was killed')) : this.store.change(action);
  }

  flush(): Promise<void> {
    return this.store.flush();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** CreateTable's input: on demand, a string hash key `pk`. */
export function orders(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    ...changes,
  };
}

export function units(read: number, write: number): Record<string, number> {
  return { ReadCapacityUnits: read, WriteCapacityUnits: write };
}

/** UpdateTable's members that add the index `by-group` over the string attribute `group`. */
export const BY_GROUP = {
  AttributeDefinitions: [
    { AttributeName: 'group', AttributeType: 'S' },
    { AttributeName: 'pk', AttributeType: 'S' },
  ],
  GlobalSecondaryIndexUpdates: [
    {
      Create: {
        IndexName: 'by-group',
        KeySchema: [{ AttributeName: 'group', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    },
  ],
};
