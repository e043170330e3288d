import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { ExpressionWriter } from './expressions.js';
import { keyOf, randomItem, randomKey } from './items.js';
import { fineKey } from './reads.js';
import type { Request } from './requests.js';
import type { TablePlan } from './tables.js';

export function transactWrite(random: SeededRandom, table: TablePlan): Request {
  const keys: Json[] = [];
  const TransactItems = Array.from({ length: random.integer(1, 4) }, () => action(random, table, keys));
  const input: Json = {
    TransactItems,
    ...(random.next() < 0.3 && { ReturnConsumedCapacity: random.pick(['TOTAL', 'INDEXES']) }),
  };
  return { operation: 'TransactWriteItems', input, isUnordered: false, keys };
}

function action(random: SeededRandom, table: TablePlan, keys: Json[]): Json {
  const writer = new ExpressionWriter(random, table);
  const kind = random.pick(['Put', 'Put', 'Update', 'Update', 'Delete', 'ConditionCheck'] as const);
  const Key = random.next() < 0.95 ? fineKey(random, table) : randomKey(random, table);
  const options: Json = {
    TableName: table.name,
    ...(random.next() < 0.4 && { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
  };
  if (kind === 'ConditionCheck' || random.next() < 0.3) options.ConditionExpression = writer.condition(1);
  if (kind === 'Put') {
    const Item = randomItem(random, table);
    keys.push(keyOf(table, Item));
    return { Put: { ...options, Item, ...writer.substitutions() } };
  }
  keys.push(Key);
  const update = kind === 'Update' ? { UpdateExpression: writer.update() } : {};
  return { [kind]: { ...options, Key, ...update, ...writer.substitutions() } };
}

export function transactGet(random: SeededRandom, table: TablePlan): Request {
  const TransactItems = Array.from({ length: random.integer(1, 4) }, () => {
    const writer = new ExpressionWriter(random, table);
    const Key = random.next() < 0.95 ? fineKey(random, table) : randomKey(random, table);
    const projection = random.next() < 0.4 ? { ProjectionExpression: writer.projection() } : {};
    return { Get: { TableName: table.name, Key, ...projection, ...writer.substitutions() } };
  });
  return { operation: 'TransactGetItems', input: { TransactItems }, isUnordered: false, keys: [] };
}
