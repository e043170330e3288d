import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';
import type { KeyPart, TablePlan } from './tables.js';
import { fewValues, roughKeyValue, someAttributes } from './values.js';

/** Attributes outside of keys that items and expressions use. */
export const ATTRIBUTES = ['a', 'b', 'm', 'l1', 'n'];

/** Mostly a key of the table; sometimes one with too much or too little. */
export function randomKey(random: SeededRandom, { hash, range }: TablePlan): Json {
  const values: Json = { [hash.name]: roughKeyValue(random, hash) };
  if (range !== undefined) values[range.name] = roughKeyValue(random, range);
  if (random.next() < 0.02) values.extra = { S: 'x' };
  if (random.next() < 0.02) delete values[hash.name];
  return values;
}

export function randomItem(random: SeededRandom, table: TablePlan): Json {
  const values: Json = { ...randomKey(random, table), ...someAttributes(random, ATTRIBUTES) };
  if (random.next() < 0.6) values.n = fewValues(random);
  for (const name of ['g1', 'g2']) {
    const part = indexParts(table).find((each) => each.name === name);
    if (part !== undefined && random.next() < 0.7) values[name] = roughKeyValue(random, part);
  }
  return values;
}

export function keyOf({ hash, range }: TablePlan, item: Json): Json {
  return { [hash.name]: item[hash.name], ...(range !== undefined && { [range.name]: item[range.name] }) };
}

function indexParts(table: TablePlan): KeyPart[] {
  return table.indexes.flatMap(({ hash, range }) => (range === undefined ? [hash] : [hash, range]));
}
