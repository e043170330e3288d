import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { ExpressionWriter } from './expressions.js';
import { randomStatement } from './statements.js';
import type { IndexPlan, KeyPart, TablePlan } from './tables.js';
import { keyValue, roughKeyValue, someAttributes } from './values.js';

export interface Request {
  readonly operation: string;
  readonly input: Json;
  /** The part of the answer whose order is not determined: compared without order. */
  readonly isUnordered: boolean;
  /** The item that a statement writes; other requests have it in `input.Key`. */
  readonly key?: Json;
}

/** Attributes outside of keys that items and expressions use. */
export const ATTRIBUTES = ['a', 'b', 'm', 'l1', 'n'];

export function randomRequest(random: SeededRandom, table: TablePlan): Request {
  const make = random.pick([
    put,
    put,
    put,
    update,
    update,
    update,
    remove,
    get,
    query,
    query,
    query,
    scan,
    batch,
    batchGet,
    randomStatement,
    randomStatement,
    randomStatement,
    randomStatement,
  ]);
  return make(random, table);
}

function key(random: SeededRandom, { hash, range }: TablePlan): Json {
  const values: Json = { [hash.name]: roughKeyValue(random, hash) };
  if (range !== undefined) values[range.name] = roughKeyValue(random, range);
  if (random.next() < 0.02) values.extra = { S: 'x' };
  if (random.next() < 0.02) delete values[hash.name];
  return values;
}

function item(random: SeededRandom, table: TablePlan): Json {
  const values: Json = { ...key(random, table), ...someAttributes(random, ATTRIBUTES) };
  for (const name of ['g1', 'g2']) {
    const part = indexParts(table).find((each) => each.name === name);
    if (part !== undefined && random.next() < 0.7) values[name] = roughKeyValue(random, part);
  }
  return values;
}

function indexParts(table: TablePlan): KeyPart[] {
  return table.indexes.flatMap(({ hash, range }) => (range === undefined ? [hash] : [hash, range]));
}

function put(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    Item: item(random, table),
    ...writeOptions(random, ['ALL_OLD', 'NONE']),
  };
  if (random.next() < 0.3) input.ConditionExpression = writer.condition(2);
  return { operation: 'PutItem', input: { ...input, ...writer.substitutions() }, isUnordered: false };
}

function remove(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const input: Json = { TableName: table.name, Key: key(random, table), ...writeOptions(random, ['ALL_OLD', 'NONE']) };
  if (random.next() < 0.3) input.ConditionExpression = writer.condition(2);
  return { operation: 'DeleteItem', input: { ...input, ...writer.substitutions() }, isUnordered: false };
}

function update(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const kinds = ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW', 'NONE'];
  const input: Json = { TableName: table.name, Key: key(random, table), ...writeOptions(random, kinds) };
  input.UpdateExpression = writer.update();
  if (random.next() < 0.2) input.ConditionExpression = writer.condition(1);
  return { operation: 'UpdateItem', input: { ...input, ...writer.substitutions() }, isUnordered: false };
}

function writeOptions(random: SeededRandom, returnValues: readonly string[]): Json {
  return {
    ...(random.next() < 0.6 && { ReturnValues: random.pick(returnValues) }),
    ...(random.next() < 0.4 && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES', 'NONE']) }),
    ...(random.next() < 0.3 && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  };
}

function get(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    Key: key(random, table),
    ...(random.next() < 0.5 && { ConsistentRead: random.next() < 0.5 }),
    ...(random.next() < 0.4 && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) }),
  };
  if (random.next() < 0.5) input.ProjectionExpression = writer.projection();
  return { operation: 'GetItem', input: { ...input, ...writer.substitutions() }, isUnordered: false };
}

function query(random: SeededRandom, table: TablePlan): Request {
  const index = random.next() < 0.5 ? undefined : random.pick<IndexPlan | undefined>([undefined, ...table.indexes]);
  const { hash, range } = index ?? table;
  // Entries with equal keys have no order among themselves: a page of them may hold any. And the reference gives no
  // last key where the page ends on the bound of a condition.
  const isPaged = index === undefined && random.next() < 0.3;
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    KeyConditionExpression: writer.keyCondition(hash, isPaged ? undefined : range),
    ...(random.next() < 0.4 && { ScanIndexForward: random.next() < 0.5 }),
    ...selection(random, writer),
  };
  if (isPaged) input.Limit = random.integer(1, 3);
  if (index === undefined && random.next() < 0.1) input.ExclusiveStartKey = key(random, table);
  return { operation: 'Query', input: { ...input, ...writer.substitutions() }, isUnordered: index !== undefined };
}

function scan(random: SeededRandom, table: TablePlan): Request {
  const index = random.next() < 0.5 ? undefined : random.pick<IndexPlan | undefined>([undefined, ...table.indexes]);
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    // The reference filters a Scan of an index by attributes that the index does not hold.
    ...selection(random, writer, index === undefined ? 0.3 : 0),
  };
  return { operation: 'Scan', input: { ...input, ...writer.substitutions() }, isUnordered: true };
}

function selection(random: SeededRandom, writer: ExpressionWriter, filterShare = 0.3): Json {
  return {
    ...(random.next() < filterShare && { FilterExpression: writer.condition(2) }),
    ...(random.next() < 0.2 && { ProjectionExpression: writer.projection() }),
    ...(random.next() < 0.2 && { Select: random.pick(['COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES']) }),
  };
}

function batch(random: SeededRandom, table: TablePlan): Request {
  const entries = Array.from({ length: random.integer(1, 4) }, () =>
    random.next() < 0.7
      ? { PutRequest: { Item: item(random, table) } }
      : { DeleteRequest: { Key: key(random, table) } },
  );
  const input = { RequestItems: { [table.name]: entries } };
  return { operation: 'BatchWriteItem', input, isUnordered: false };
}

function batchGet(random: SeededRandom, table: TablePlan): Request {
  const part = (keyPart: KeyPart) => ({ [keyPart.name]: keyValue(random, keyPart.type) });
  const Keys = Array.from({ length: random.integer(1, 4) }, () => ({
    ...part(table.hash),
    ...(table.range !== undefined && part(table.range)),
  }));
  const writer = new ExpressionWriter(random, table);
  const request: Json = { Keys, ...(random.next() < 0.4 && { ProjectionExpression: writer.projection() }) };
  const input = { RequestItems: { [table.name]: { ...request, ...writer.substitutions() } } };
  return { operation: 'BatchGetItem', input, isUnordered: true };
}
