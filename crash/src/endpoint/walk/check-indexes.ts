import { canonicalText } from '../canonical-text.js';
import type { EndpointClient, Json } from '../client.js';
import type { Item } from '../ledger.js';
import { INDEXES, type IndexPlan } from '../scenario.js';
import { checkCounts } from './check-counts.js';
import { checkVectorIndex } from './check-vector-index.js';
import { brief, describeTable, few, scanAll } from './walk-context.js';

/** The table and its indexes have come to their end: they are ACTIVE. */
export async function checkBuilt(client: EndpointClient, tableName: string): Promise<string[]> {
  const table = await describeTable(client, tableName);
  const states = [
    [tableName, table.TableStatus],
    ...[...indexesOf(table), ...vectorIndexesOf(table)].map(({ IndexName, IndexStatus = 'ACTIVE' }) => [
      `${tableName}'s ${IndexName}`,
      IndexStatus,
    ]),
  ];
  return states.flatMap(([name, status]) => (status === 'ACTIVE' ? [] : [`${name} stays ${status}`]));
}

/** Every index of the table against its items: the entries, their order, the counts. All of them are ACTIVE. */
export async function checkIndexes(client: EndpointClient, tableName: string): Promise<string[]> {
  const table = await describeTable(client, tableName);
  const items = await scanAll(client, tableName);
  const found = checkCounts(tableName, table.ItemCount, table.TableSizeBytes, items);
  for (const index of indexesOf(table)) {
    const plan = INDEXES.find((one) => one.name === index.IndexName);
    if (plan === undefined) found.push(`index ${index.IndexName} of ${tableName}: nobody has made it`);
    else found.push(...(await checkIndex(client, tableName, { plan, index, items })));
  }
  for (const index of vectorIndexesOf(table)) found.push(...(await checkVectorIndex(client, tableName, index, items)));
  return found;
}

function vectorIndexesOf(table: Json): Json[] {
  return (table.VectorIndexes ?? []) as Json[];
}

function indexesOf(table: Json): Json[] {
  return [...((table.GlobalSecondaryIndexes ?? []) as Json[]), ...((table.LocalSecondaryIndexes ?? []) as Json[])];
}

interface IndexToCheck {
  readonly plan: IndexPlan;
  /** Its description. */
  readonly index: Json;
  /** Of the table. */
  readonly items: readonly Item[];
}

async function checkIndex(
  client: EndpointClient,
  tableName: string,
  { plan, index, items }: IndexToCheck,
): Promise<string[]> {
  const what = `index ${plan.name} of ${tableName}`;
  const expected = items.flatMap((item) => entryOf(plan, item));
  const entries = await scanAll(client, tableName, plan.name);
  return [
    ...few(difference(what, entries.map(canonicalText), expected.map(canonicalText))),
    ...checkCounts(what, index.ItemCount, index.IndexSizeBytes, entries),
    ...(await checkOrder(client, tableName, plan, expected)),
  ];
}

/** The entry that an item has: none when it lacks a key, otherwise the attributes that the index projects. */
function entryOf({ hash, range, included }: IndexPlan, item: Item): Item[] {
  if (item[hash] === undefined || (range !== undefined && item[range] === undefined)) return [];
  if (included === undefined) return [item];
  const names = new Set(['pk', 'sk', hash, range, ...included]);
  return [Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)))];
}

function difference(what: string, entries: readonly string[], expected: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of expected) counts.set(text, (counts.get(text) ?? 0) + 1);
  for (const text of entries) counts.set(text, (counts.get(text) ?? 0) - 1);
  return [...counts].flatMap(([text, count]) => {
    if (count === 0) return [];
    return [`${what}: ${count > 0 ? 'an entry is missing' : 'there is an entry too many'}: ${brief(text)}`];
  });
}

/** One hash key's entries as Query gives them: all of them, ascending. */
async function checkOrder(
  client: EndpointClient,
  tableName: string,
  { name, hash, range }: IndexPlan,
  expected: readonly Item[],
): Promise<string[]> {
  const value = expected[0]?.[hash];
  if (value === undefined) return [];
  const { Items, LastEvaluatedKey } = await client.dynamodb('Query', {
    TableName: tableName,
    IndexName: name,
    KeyConditionExpression: '#h = :h',
    ExpressionAttributeNames: { '#h': hash },
    ExpressionAttributeValues: { ':h': value },
    ProjectionExpression: range === undefined ? 'pk, sk' : range,
  });
  const count = expected.filter((item) => canonicalText(item[hash]) === canonicalText(value)).length;
  const queried = Items as Item[];
  const what = `index ${name} of ${tableName}, ${canonicalText(value)}`;
  if (LastEvaluatedKey === undefined && queried.length !== count) {
    return [`${what}: Query finds ${queried.length} entries instead of ${count}`];
  }
  if (range === undefined) return [];
  const ranges = queried.map((item) => Number((item[range] as { N: string }).N));
  return ranges.every((one, at) => at === 0 || (ranges[at - 1] ?? 0) <= one) ? [] : [`${what}: out of order`];
}
