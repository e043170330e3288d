import { EngineFixture } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import { DynamoError } from '../errors.js';

// For tests: an engine with a table of a hash key, one of a hash and a range key, and one with indexes.

type Json = Record<string, unknown>;

export const S = (text: string) => ({ S: text });
export const N = (number: number | string) => ({ N: String(number) });

const STRING_KEYS = ['pk', 'sk', 'g', 'gs', 'l'];

function keySchema(hash: string, range?: string): Json[] {
  const keys = [{ AttributeName: hash, KeyType: 'HASH' }];
  return range === undefined ? keys : [...keys, { AttributeName: range, KeyType: 'RANGE' }];
}

function tableInput(name: string, keys: readonly string[], more: Json = {}): Json {
  const [hash = '', range] = keys;
  const used = JSON.stringify([keySchema(hash, range), more]);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(hash, range),
    AttributeDefinitions: STRING_KEYS.filter((key) => used.includes(`"AttributeName":"${key}"`)).map((key) => ({
      AttributeName: key,
      AttributeType: 'S',
    })),
    ...more,
  };
}

const INDEXES = {
  GlobalSecondaryIndexes: [
    { IndexName: 'all', KeySchema: keySchema('g', 'gs'), Projection: { ProjectionType: 'ALL' } },
    {
      IndexName: 'some',
      KeySchema: keySchema('g'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] },
    },
  ],
  LocalSecondaryIndexes: [
    { IndexName: 'local', KeySchema: keySchema('pk', 'l'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  ],
};

/** Tables `one` (pk), `two` (pk, sk) and `indexed` (pk, sk; indexes all, some, local), and statements to run on them. */
export class StatementFixture {
  readonly engine = new EngineFixture();

  static async open(): Promise<StatementFixture> {
    const fixture = new StatementFixture();
    await fixture.call('CreateTable', tableInput('one', ['pk']));
    await fixture.call('CreateTable', tableInput('two', ['pk', 'sk']));
    await fixture.call('CreateTable', tableInput('indexed', ['pk', 'sk'], INDEXES));
    return fixture;
  }

  close(): Promise<void> {
    return this.engine.engine.close();
  }

  /** The answer as the client would read it. */
  async call(operation: string, input: Json): Promise<Json> {
    return JSON.parse(encodeOutput(await this.engine.run(operation, input)).toString());
  }

  async put(tableName: string, ...items: readonly Json[]): Promise<void> {
    for (const item of items) await this.call('PutItem', { TableName: tableName, Item: item });
  }

  async get(tableName: string, key: Json): Promise<unknown> {
    return (await this.call('GetItem', { TableName: tableName, Key: key })).Item;
  }

  run(statement: string, parameters?: readonly Json[], more: Json = {}): Promise<Json> {
    const given = parameters === undefined ? {} : { Parameters: parameters };
    return this.call('ExecuteStatement', { Statement: statement, ...given, ...more });
  }

  async items(statement: string, parameters?: readonly Json[], more: Json = {}): Promise<unknown> {
    return (await this.run(statement, parameters, more)).Items;
  }

  batch(statements: readonly (string | Json)[], more: Json = {}): Promise<Json> {
    return this.call('BatchExecuteStatement', { Statements: statements.map(asMember), ...more });
  }

  transaction(statements: readonly (string | Json)[], more: Json = {}): Promise<Json> {
    return this.call('ExecuteTransaction', { TransactStatements: statements.map(asMember), ...more });
  }

  /** The message that the statement is refused with. */
  refusal(statement: string, parameters?: readonly Json[], more: Json = {}): Promise<string> {
    return messageOf(this.run(statement, parameters, more));
  }
}

function asMember(statement: string | Json): Json {
  return typeof statement === 'string' ? { Statement: statement } : statement;
}

/** The message of the error that the answer is; with the error's code, unless that is ValidationException. */
export async function messageOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    return error.code === 'ValidationException' ? error.message : `${error.code}: ${error.message}`;
  }
  return 'no error';
}

/** A syntax tree without positions. */
export function withoutPlaces(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (name, value) => (name === 'at' ? undefined : value)));
}
