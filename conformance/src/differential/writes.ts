import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { ExpressionWriter } from './expressions.js';
import { keyOf, randomItem, randomKey } from './items.js';
import type { Request } from './requests.js';
import type { TablePlan } from './tables.js';

export function put(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const Item = randomItem(random, table);
  const input: Json = { TableName: table.name, Item, ...writeOptions(random, ['ALL_OLD', 'NONE']) };
  if (random.next() < 0.3) input.ConditionExpression = writer.condition(2);
  return one('PutItem', { ...input, ...writer.substitutions() }, keyOf(table, Item));
}

export function remove(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const Key = randomKey(random, table);
  const input: Json = { TableName: table.name, Key, ...writeOptions(random, ['ALL_OLD', 'NONE']) };
  if (random.next() < 0.3) input.ConditionExpression = writer.condition(2);
  return one('DeleteItem', { ...input, ...writer.substitutions() }, Key);
}

export function update(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const kinds = ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW', 'NONE'];
  const Key = randomKey(random, table);
  const input: Json = { TableName: table.name, Key, ...writeOptions(random, kinds) };
  input.UpdateExpression = writer.update();
  if (random.next() < 0.2) input.ConditionExpression = writer.condition(1);
  return one('UpdateItem', { ...input, ...writer.substitutions() }, Key);
}

/** Where there is no item, the reference makes one of the key alone. */
export function takeAway(random: SeededRandom, table: TablePlan): Request {
  const writer = new ExpressionWriter(random, table);
  const Key = randomKey(random, table);
  const input: Json = { TableName: table.name, Key, UpdateExpression: writer.removal() };
  return { ...one('UpdateItem', { ...input, ...writer.substitutions() }, Key), onlyTakesAway: true };
}

export function one(operation: string, input: Json, key: Json): Request {
  return { operation, input, isUnordered: false, keys: [key] };
}

export function writeOptions(random: SeededRandom, returnValues: readonly string[]): Json {
  return {
    ...(random.next() < 0.6 && { ReturnValues: random.pick(returnValues) }),
    ...(random.next() < 0.4 && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES', 'NONE']) }),
    ...(random.next() < 0.3 && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  };
}

export function batch(random: SeededRandom, table: TablePlan): Request {
  const keys: Json[] = [];
  const entries = Array.from({ length: random.integer(1, 4) }, () => {
    const Item = randomItem(random, table);
    const Key = random.next() < 0.7 ? undefined : randomKey(random, table);
    keys.push(Key ?? keyOf(table, Item));
    return Key === undefined ? { PutRequest: { Item } } : { DeleteRequest: { Key } };
  });
  const input = { RequestItems: { [table.name]: entries } };
  return { operation: 'BatchWriteItem', input, isUnordered: false, keys };
}
