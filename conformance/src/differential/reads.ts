import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { ExpressionWriter } from './expressions.js';
import { randomKey } from './items.js';
import type { Request } from './requests.js';
import type { IndexPlan, KeyPart, TablePlan } from './tables.js';
import { keyValue } from './values.js';

export function read(operation: string, input: Json, isUnordered: boolean): Request {
  return { operation, input, isUnordered, keys: [] };
}

export function get(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    Key: randomKey(random, table),
    ...(random.next() < 0.5 && { ConsistentRead: random.next() < 0.5 }),
    ...(random.next() < 0.4 && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) }),
  };
  if (random.next() < 0.5) input.ProjectionExpression = writer.projection();
  return read('GetItem', { ...input, ...writer.substitutions() }, false);
}

export function query(random: SeededRandom, table: TablePlan): Request {
  const index = someIndex(random, table);
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
  if (index === undefined && random.next() < 0.1) input.ExclusiveStartKey = randomKey(random, table);
  return read('Query', { ...input, ...writer.substitutions() }, index !== undefined);
}

export function scan(random: SeededRandom, table: TablePlan): Request {
  const index = someIndex(random, table);
  const writer = new ExpressionWriter(random, table);
  const input: Json = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    // The reference filters a Scan of an index by attributes that the index does not hold.
    ...selection(random, writer, index === undefined ? 0.3 : 0),
  };
  return read('Scan', { ...input, ...writer.substitutions() }, true);
}

/** Page by page, in segments, to the end. The order in which pages come is each engine's own. */
export function walk(random: SeededRandom, table: TablePlan): Request {
  const index = someIndex(random, table);
  const writer = new ExpressionWriter(random, table);
  const isScan = random.next() < 0.5;
  const { hash, range } = index ?? table;
  const input: Json = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    ...(index?.kind !== 'GSI' && random.next() < 0.3 && { ConsistentRead: true }),
    ...(!isScan && { KeyConditionExpression: writer.keyCondition(hash, range) }),
    ...(!isScan && random.next() < 0.4 && { ScanIndexForward: random.next() < 0.5 }),
    ...(isScan && random.next() < 0.5 && { TotalSegments: random.integer(1, 7) }),
    ...(index === undefined && random.next() < 0.3 && { FilterExpression: writer.condition(2) }),
    Limit: random.integer(1, 5),
  };
  return { ...read(isScan ? 'Scan' : 'Query', { ...input, ...writer.substitutions() }, true), isWalk: true };
}

export function batchGet(random: SeededRandom, table: TablePlan): Request {
  const Keys = Array.from({ length: random.integer(1, 4) }, () => fineKey(random, table));
  const writer = new ExpressionWriter(random, table);
  const request: Json = {
    Keys,
    ...(random.next() < 0.4 && { ProjectionExpression: writer.projection() }),
    ...(random.next() < 0.3 && { ConsistentRead: true }),
  };
  const input = { RequestItems: { [table.name]: { ...request, ...writer.substitutions() } } };
  return read('BatchGetItem', input, true);
}

export function someIndex(random: SeededRandom, table: TablePlan): IndexPlan | undefined {
  return random.next() < 0.5 ? undefined : random.pick<IndexPlan | undefined>([undefined, ...table.indexes]);
}

export function fineKey(random: SeededRandom, { hash, range }: TablePlan): Json {
  const part = (keyPart: KeyPart) => ({ [keyPart.name]: keyValue(random, keyPart.type) });
  return { ...part(hash), ...(range !== undefined && part(range)) };
}

function selection(random: SeededRandom, writer: ExpressionWriter, filterShare = 0.3): Json {
  return {
    ...(random.next() < filterShare && { FilterExpression: writer.condition(2) }),
    ...(random.next() < 0.2 && { ProjectionExpression: writer.projection() }),
    ...(random.next() < 0.2 && { Select: random.pick(['COUNT', 'ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES']) }),
  };
}
