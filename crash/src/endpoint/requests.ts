import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './client.js';
import type { Effects, Item, Ledger } from './ledger.js';
import { keyOf, keyText, randomItem, TABLE } from './scenario.js';

/** A write that is to be sent, and what it comes to. */
export interface PlannedWrite {
  readonly operation: string;
  readonly input: Json;
  readonly effects: Effects;
  readonly isAtomic: boolean;
  /** The error that it must be answered with; it has no effects then. */
  readonly refusal?: string;
  /** The same effects, item by item, for the planted mistake "split". */
  readonly parts?: readonly { readonly operation: string; readonly input: Json }[];
}

export const ITEMS_OF_A_WRITER = 12;
const NOTHING: Effects = new Map();

/** Plans the writes of one writer, which is the only one to write its items. */
export class WritePlanner {
  #expiring = 0;

  constructor(
    private readonly writer: number,
    private readonly random: SeededRandom,
    private readonly ledger: Ledger,
    /** A number that no other write has. */
    private readonly nextNumber: () => number,
  ) {}

  next(nowMs: number): PlannedWrite {
    const { random } = this;
    const share = random.next();
    if (share < 0.24) return this.#put();
    if (share < 0.42) return this.#update();
    if (share < 0.5) return this.#delete();
    if (share < 0.56) return this.#refused();
    if (share < 0.66) return this.#batch();
    if (share < 0.84) return this.#transaction();
    if (share < 0.88) return this.#cancelled();
    if (share < 0.93) return this.#statements();
    return this.#expiringItem(nowMs);
  }

  #key(): Json {
    return { pk: { S: `w${this.writer}` }, sk: { N: String(this.random.integer(0, ITEMS_OF_A_WRITER - 1)) } };
  }

  #keys(count: number): Json[] {
    const keys = new Map<string, Json>();
    while (keys.size < count) {
      const key = this.#key();
      keys.set(keyText(key), key);
    }
    return [...keys.values()];
  }

  #put(): PlannedWrite {
    const Item = randomItem(this.random, this.#key(), this.nextNumber());
    return one('PutItem', { TableName: TABLE, Item }, Item, Item);
  }

  #update(): PlannedWrite {
    const key = this.#key();
    const { update, item } = this.#change(key);
    return one('UpdateItem', { TableName: TABLE, Key: key, ...update }, key, item);
  }

  #delete(): PlannedWrite {
    const key = this.#key();
    return one('DeleteItem', { TableName: TABLE, Key: key }, key, undefined);
  }

  /** A counter, so that an update that is made twice shows. */
  #change(key: Json): { update: Json; item: Item } {
    const n = this.nextNumber();
    const before = this.ledger.current(keyText(key));
    const count = Number((before?.cnt as { N: string } | undefined)?.N ?? 0) + 1;
    const group = { S: `g${this.random.integer(0, 3)}` };
    const { s: _, ...kept } = before ?? key;
    return {
      update: {
        UpdateExpression: 'SET n = :n, cnt = if_not_exists(cnt, :zero) + :one, g = :g REMOVE s',
        ExpressionAttributeValues: { ':n': { N: String(n) }, ':zero': { N: '0' }, ':one': { N: '1' }, ':g': group },
      },
      item: { ...kept, n: { N: String(n) }, cnt: { N: String(count) }, g: group },
    };
  }

  #refused(): PlannedWrite {
    const Item = randomItem(this.random, this.#key(), this.nextNumber());
    const condition = { ConditionExpression: 'attribute_exists(nowhere)' };
    return {
      operation: 'PutItem',
      input: { TableName: TABLE, Item, ...condition },
      effects: NOTHING,
      isAtomic: true,
      refusal: 'ConditionalCheckFailedException',
    };
  }

  #batch(): PlannedWrite {
    const effects = new Map<string, Item | undefined>();
    const requests = this.#keys(this.random.integer(2, 8)).map((Key) => {
      const Item = this.random.next() < 0.7 ? randomItem(this.random, Key, this.nextNumber()) : undefined;
      effects.set(keyText(Key), Item);
      return Item === undefined ? { DeleteRequest: { Key } } : { PutRequest: { Item } };
    });
    return {
      operation: 'BatchWriteItem',
      input: { RequestItems: { [TABLE]: requests } },
      effects,
      isAtomic: false,
    };
  }

  #transaction(): PlannedWrite {
    const effects = new Map<string, Item | undefined>();
    const actions = this.#keys(this.random.integer(2, 6)).map((key) => this.#action(key, effects));
    const parts = actions.map((action) => {
      const [[kind = '', input = {}] = []] = Object.entries(action);
      return { operation: `${kind}Item`, input };
    });
    return {
      operation: 'TransactWriteItems',
      input: { TransactItems: actions, ClientRequestToken: `token-${this.writer}-${this.nextNumber()}` },
      effects,
      isAtomic: true,
      parts,
    };
  }

  #action(Key: Json, effects: Map<string, Item | undefined>): Record<string, Json> {
    const share = this.random.next();
    if (share < 0.4) {
      const Item = randomItem(this.random, Key, this.nextNumber());
      effects.set(keyText(Key), Item);
      return { Put: { TableName: TABLE, Item } };
    }
    if (share < 0.8) {
      const { update, item } = this.#change(Key);
      effects.set(keyText(Key), item);
      return { Update: { TableName: TABLE, Key, ...update } };
    }
    effects.set(keyText(Key), undefined);
    return { Delete: { TableName: TABLE, Key } };
  }

  #cancelled(): PlannedWrite {
    const { input } = this.#transaction();
    const Key = { pk: { S: `w${this.writer}` }, sk: { N: '-1' } };
    const check = { ConditionCheck: { TableName: TABLE, Key, ConditionExpression: 'attribute_exists(pk)' } };
    return {
      operation: 'TransactWriteItems',
      input: { ...input, TransactItems: [...(input.TransactItems as Json[]), check] },
      effects: NOTHING,
      isAtomic: true,
      refusal: 'TransactionCanceledException',
    };
  }

  /** A transaction of PartiQL: items that are there get another number, others are put. */
  #statements(): PlannedWrite {
    const effects = new Map<string, Item | undefined>();
    const TransactStatements = this.#keys(this.random.integer(2, 4)).map((key) => {
      const n = { N: String(this.nextNumber()) };
      const before = this.ledger.current(keyText(key));
      effects.set(keyText(key), { ...(before ?? key), n });
      return before === undefined
        ? {
            Statement: `INSERT INTO "${TABLE}" VALUE {'pk': ?, 'sk': ?, 'n': ?}`,
            Parameters: [key.pk, key.sk, n],
          }
        : {
            Statement: `UPDATE "${TABLE}" SET n = ? WHERE pk = ? AND sk = ?`,
            Parameters: [n, key.pk, key.sk],
          };
    });
    return { operation: 'ExecuteTransaction', input: { TransactStatements }, effects, isAtomic: true };
  }

  /** An item that nobody writes again: soon, or after hours, it expires. */
  #expiringItem(nowMs: number): PlannedWrite {
    const seconds = this.random.next() < 0.5 ? this.random.integer(1, 3) : this.random.integer(60, 20_000);
    const n = this.nextNumber();
    const key = { pk: { S: `e${this.writer}` }, sk: { N: String(n * 1000 + this.#expiring++) } };
    const expires = { N: String(Math.floor(nowMs / 1000) + seconds) };
    const Item = { ...randomItem(this.random, key, n), expires };
    return one('PutItem', { TableName: TABLE, Item }, Item, Item);
  }
}

function one(operation: string, input: Json, key: Json, item: Item | undefined): PlannedWrite {
  return { operation, input, effects: new Map([[keyText(keyOf(key)), item]]), isAtomic: true };
}
