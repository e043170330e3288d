import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import { ATTRIBUTES, keyOf, randomItem, randomKey } from './items.js';
import { read, someIndex } from './reads.js';
import type { Request } from './requests.js';
import type { KeyPart, TablePlan } from './tables.js';
import { anyValue, fewValues, keyValue } from './values.js';
import { one, writeOptions } from './writes.js';

// The parameters from before expressions (docs: LegacyConditionalParameters).

const ONE_VALUE = ['EQ', 'NE', 'LT', 'LE', 'GT', 'GE', 'CONTAINS', 'NOT_CONTAINS', 'BEGINS_WITH'];

export function legacyPut(random: SeededRandom, table: TablePlan): Request {
  const Item = randomItem(random, table);
  const input = { TableName: table.name, Item, ...expected(random), ...writeOptions(random, ['ALL_OLD', 'NONE']) };
  return one('PutItem', input, keyOf(table, Item));
}

export function legacyDelete(random: SeededRandom, table: TablePlan): Request {
  const Key = randomKey(random, table);
  const input = { TableName: table.name, Key, ...expected(random), ...writeOptions(random, ['ALL_OLD', 'NONE']) };
  return one('DeleteItem', input, Key);
}

export function legacyUpdate(random: SeededRandom, table: TablePlan): Request {
  const Key = randomKey(random, table);
  const AttributeUpdates: Json = {};
  for (const name of ATTRIBUTES) if (random.next() < 0.4) AttributeUpdates[name] = attributeUpdate(random);
  // Without it, or with deletions alone, the reference makes an item where there is none.
  AttributeUpdates.b = { Action: 'PUT', Value: anyValue(random, 1) };
  const kinds = ['ALL_OLD', 'UPDATED_OLD', 'ALL_NEW', 'UPDATED_NEW', 'NONE'];
  const input = {
    TableName: table.name,
    Key,
    AttributeUpdates,
    ...(random.next() < 0.3 && expected(random)),
    ...writeOptions(random, kinds),
  };
  return one('UpdateItem', input, Key);
}

function attributeUpdate(random: SeededRandom): Json {
  return random.pick<() => Json>([
    () => ({ Action: 'PUT', Value: anyValue(random, 1) }),
    () => ({ Value: anyValue(random, 1) }),
    () => ({ Action: 'DELETE' }),
    () => ({ Action: 'DELETE', Value: random.pick<Json>([{ SS: ['a'] }, { NS: ['1'] }, { S: 'a' }]) }),
    () => ({
      Action: 'ADD',
      Value: random.pick<Json>([{ N: '2' }, { SS: ['a', 'q'] }, { NS: ['7'] }, { L: [{ S: 'x' }] }]),
    }),
  ])();
}

export function legacyGet(random: SeededRandom, table: TablePlan): Request {
  const input = {
    TableName: table.name,
    Key: randomKey(random, table),
    AttributesToGet: attributesToGet(random, table),
  };
  return read('GetItem', input, false);
}

export function legacyQuery(random: SeededRandom, table: TablePlan): Request {
  const index = someIndex(random, table);
  const { hash, range } = index ?? table;
  const KeyConditions: Json = { [hash.name]: comparison('EQ', [keyValue(random, hash.type)]) };
  if (range !== undefined && random.next() < 0.6) KeyConditions[range.name] = rangeCondition(random, range);
  const input = {
    TableName: table.name,
    ...(index !== undefined && { IndexName: index.name }),
    KeyConditions,
    ...(random.next() < 0.3 && { ScanIndexForward: false }),
    ...(index === undefined && random.next() < 0.4 && { QueryFilter: conditions(random), ...operator(random) }),
    ...(index === undefined && random.next() < 0.2 && { AttributesToGet: attributesToGet(random, table) }),
  };
  return read('Query', input, index !== undefined);
}

export function legacyScan(random: SeededRandom, table: TablePlan): Request {
  const input = {
    TableName: table.name,
    ...(random.next() < 0.7 && { ScanFilter: conditions(random), ...operator(random) }),
    ...(random.next() < 0.3 && { AttributesToGet: attributesToGet(random, table) }),
  };
  return read('Scan', input, true);
}

function attributesToGet(random: SeededRandom, table: TablePlan): string[] {
  const names = [table.hash.name, ...ATTRIBUTES].filter(() => random.next() < 0.4);
  return names.length === 0 ? ['a'] : names;
}

function operator(random: SeededRandom): Json {
  return random.next() < 0.5 ? { ConditionalOperator: random.pick(['AND', 'OR']) } : {};
}

function expected(random: SeededRandom): Json {
  const Expected: Json = {};
  for (const name of ATTRIBUTES) {
    if (random.next() < 0.7) continue;
    Expected[name] = random.pick<() => Json>([
      () => ({ Exists: false }),
      () => ({ Value: anyValue(random, 1) }),
      () => ({ Exists: true, Value: anyValue(random, 1) }),
      () => condition(random),
    ])();
  }
  return Object.keys(Expected).length === 0 ? {} : { Expected, ...operator(random) };
}

function conditions(random: SeededRandom): Json {
  const found: Json = {};
  for (const name of ATTRIBUTES) if (random.next() < 0.3) found[name] = condition(random);
  if (random.next() < 0.3) found.n = comparison(random.pick(ONE_VALUE.slice(0, 6)), [fewValues(random)]);
  if (Object.keys(found).length === 0) found.a = condition(random);
  return found;
}

function condition(random: SeededRandom): Json {
  return random.pick<() => Json>([
    () => comparison(random.pick(ONE_VALUE), [anyValue(random, 1)]),
    () => comparison(random.pick(ONE_VALUE), [anyValue(random, 0)]),
    () => comparison(random.pick(['NULL', 'NOT_NULL']), undefined),
    () => comparison('IN', [keyValue(random, 'S'), keyValue(random, 'S')]),
    () =>
      comparison(
        'BETWEEN',
        random.pick([
          [{ S: 'a' }, { S: 'b' }],
          [{ N: '-1' }, { N: '10' }],
          [{ N: '2' }, { S: 'x' }],
        ]),
      ),
    () =>
      comparison(random.pick(['EQ', 'BETWEEN', 'NULL', 'IN']), random.pick([[], [{ S: 'a' }, { S: 'b' }, { S: 'c' }]])),
  ])();
}

function rangeCondition(random: SeededRandom, range: KeyPart): Json {
  const value = () => keyValue(random, range.type);
  return random.pick<() => Json>([
    () => comparison(random.pick(['EQ', 'LT', 'LE', 'GT', 'GE', 'BEGINS_WITH', 'NE']), [value()]),
    () => comparison('BETWEEN', [value(), value()]),
  ])();
}

function comparison(ComparisonOperator: string, AttributeValueList: readonly Json[] | undefined): Json {
  return { ComparisonOperator, ...(AttributeValueList !== undefined && { AttributeValueList }) };
}
