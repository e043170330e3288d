import { canonicalText } from '../canonical-text.js';
import type { EndpointClient, Json } from '../client.js';
import type { Item } from '../ledger.js';
import { DIMENSIONS, keyText, VECTOR_INDEXES, type VectorIndexPlan } from '../scenario.js';
import { checkCounts } from './check-counts.js';
import { naiveSize } from './naive-size.js';
import { brief, few } from './walk-context.js';

const PROBES: readonly (readonly number[])[] = [
  [0, 0, 0],
  [20, -20, 5],
  [-12, 12, 12],
];
const TOP = 100;
const FLOAT_BYTES = 4;

interface Search {
  readonly probe: readonly number[];
  /** What the index's partition key and filters are to be. */
  readonly wanted: Readonly<Record<string, string>>;
}

/** A vector index against the table's items: the counts, and what searches find from several places. */
export async function checkVectorIndex(
  client: EndpointClient,
  tableName: string,
  index: Json,
  items: readonly Item[],
): Promise<string[]> {
  const what = `vector index ${index.IndexName} of ${tableName}`;
  const plan = VECTOR_INDEXES.find(({ name }) => name === index.IndexName);
  if (plan === undefined) return [`${what}: nobody has made it`];
  const entries = items.filter(({ v, ...rest }) => v !== undefined && (plan.hash === undefined || plan.hash in rest));
  const found = checkCounts(what, index.ItemCount, index.IndexSizeBytes, entries, entrySize);
  for (const search of searches(plan))
    found.push(...(await checkSearch(client, tableName, { what, plan, entries }, search)));
  return few(found);
}

/** The vector counts for four bytes a dimension. */
function entrySize({ v: _, ...rest }: Item): number {
  return naiveSize(rest) + 'v'.length + FLOAT_BYTES * DIMENSIONS;
}

function searches({ hash, filters }: VectorIndexPlan): Search[] {
  const partitions = hash === undefined ? [{}] : ['g0', 'g1', 'g2', 'g3'].map((value) => ({ [hash]: value }));
  const scopes = partitions.flatMap((partition) => [
    partition,
    ...filters.map((filter) => ({ ...partition, [filter]: 's3' })),
  ]);
  return scopes.flatMap((wanted) => PROBES.map((probe) => ({ probe, wanted })));
}

async function checkSearch(
  client: EndpointClient,
  TableName: string,
  { what, plan, entries }: { what: string; plan: VectorIndexPlan; entries: readonly Item[] },
  { probe, wanted }: Search,
): Promise<string[]> {
  const names = Object.keys(wanted);
  const { SearchResults } = await client.dynamodb('SearchVectors', {
    TableName,
    IndexName: plan.name,
    TopK: TOP,
    SearchVector: probe.map((element) => ({ N: String(element) })),
    ...(names.length > 0 && {
      SearchConditionExpression: names.map((name) => `${name} = :${name}`).join(' AND '),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, { S: wanted[name] }])),
    }),
  });
  const results = SearchResults as { Item: Item; Score: number }[];
  const matching = entries.filter((item) =>
    names.every((name) => (item[name] as { S: string } | undefined)?.S === wanted[name]),
  );
  const expected = matching.map((item) => distance(item, probe)).sort((a, b) => a - b);
  const scores = results.map(({ Score }) => Score);
  const where = `${what}, ${canonicalText(wanted)} near ${probe.join(' ')}`;
  if (canonicalText(scores) !== canonicalText(expected.slice(0, TOP))) {
    return [`${where}: the scores are ${brief(canonicalText(scores))} instead of ${brief(canonicalText(expected))}`];
  }
  const byKey = new Map(matching.map((item) => [keyText(item), item]));
  return results.flatMap(({ Item: found, Score }) => {
    const item = byKey.get(keyText(found));
    const isRight = item !== undefined && distance(item, probe) === Score && plainText(item) === plainText(found);
    return isRight ? [] : [`${where}: ${brief(plainText(found))} is found for ${brief(item && plainText(item))}`];
  });
}

function distance(item: Item, probe: readonly number[]): number {
  return Math.fround(Math.hypot(...elements(item).map((element, at) => element - (probe[at] as number))));
}

function elements({ v }: Item): number[] {
  return (v as { L: { N: string }[] }).L.map(({ N }) => Number(N));
}

/** An index gives vectors back only where they are asked for. */
function plainText({ v: _, ...rest }: Item): string {
  return canonicalText(rest);
}
