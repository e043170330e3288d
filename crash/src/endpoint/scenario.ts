import type { SeededRandom } from '@tablewright/testkit';
import type { EndpointClient, Json } from './client.js';
import type { Effects, Item, Ledger } from './ledger.js';

export const TABLE = 'ledger';
export const HOME = 'us-east-1';
export const REPLICA = 'eu-west-1';
export const STREAM_ARN = `arn:aws:kinesis:${HOME}:000000000000:stream/changes`;
export const TABLE_ARN = `arn:aws:dynamodb:${HOME}:000000000000:table/${TABLE}`;
export const BUCKET = 'crash-exports';
/** The table that bulk operations write to. */
export const LOADED = 'loaded';
/** Items of each, enough for several steps. */
export const LOADED_ITEMS = 1500;
/** Items that are there from the beginning, enough for several steps of everything that goes through a table. */
const BULK_ITEMS = 700;
export const BULK_WRITER = -1;

export interface IndexPlan {
  readonly name: string;
  readonly hash: string;
  readonly range: string | undefined;
  /** Attributes that it projects besides keys; undefined for all. */
  readonly included: readonly string[] | undefined;
}

/** `extra` comes and goes. */
export const INDEXES: readonly IndexPlan[] = [
  { name: 'by-group', hash: 'g', range: 'r', included: undefined },
  { name: 'sparse', hash: 's', range: undefined, included: [] },
  { name: 'by-rank', hash: 'pk', range: 'r', included: ['n'] },
  { name: 'extra', hash: 'g', range: 'n', included: ['cnt'] },
];

export interface VectorIndexPlan {
  readonly name: string;
  readonly hash: string | undefined;
  readonly filters: readonly string[];
}

/** Of the attribute `v`, in the order of Euclid's distances. `more-vectors` comes and goes. */
export const VECTOR_INDEXES: readonly VectorIndexPlan[] = [
  { name: 'near', hash: 'g', filters: ['s'] },
  { name: 'more-vectors', hash: undefined, filters: [] },
];
export const DIMENSIONS = 3;

export const DEFINITIONS = [
  { AttributeName: 'pk', AttributeType: 'S' },
  { AttributeName: 'sk', AttributeType: 'N' },
  { AttributeName: 'g', AttributeType: 'S' },
  { AttributeName: 'r', AttributeType: 'N' },
  { AttributeName: 's', AttributeType: 'S' },
];

/** An index as CreateTable and UpdateTable take it. */
export function indexInput(name: string): Json {
  const plan = INDEXES.find((index) => index.name === name);
  if (plan === undefined) throw new Error(`there is no plan for an index ${name}`);
  const range = plan.range === undefined ? [] : [{ AttributeName: plan.range, KeyType: 'RANGE' }];
  return {
    IndexName: name,
    KeySchema: [{ AttributeName: plan.hash, KeyType: 'HASH' }, ...range],
    Projection: projection(plan.included),
  };
}

function projection(included: readonly string[] | undefined): Json {
  if (included === undefined) return { ProjectionType: 'ALL' };
  if (included.length === 0) return { ProjectionType: 'KEYS_ONLY' };
  return { ProjectionType: 'INCLUDE', NonKeyAttributes: included };
}

export function vectorIndexInput(name: string): Json {
  const plan = VECTOR_INDEXES.find((index) => index.name === name);
  if (plan === undefined) throw new Error(`there is no plan for a vector index ${name}`);
  const SearchSchema = [
    ...(plan.hash === undefined ? [] : [{ AttributeName: plan.hash, SearchSchemaElementType: 'HASH' }]),
    ...plan.filters.map((AttributeName) => ({ AttributeName, SearchSchemaElementType: 'INLINE_FILTER' })),
  ];
  return {
    IndexName: name,
    VectorAttribute: { AttributeName: 'v' },
    Dimensions: DIMENSIONS,
    DistanceFunction: 'EUCLIDEAN',
    Projection: { ProjectionType: 'ALL' },
    ...(SearchSchema.length > 0 && { SearchSchema }),
  };
}

export const KEYS = [
  { AttributeName: 'pk', KeyType: 'HASH' },
  { AttributeName: 'sk', KeyType: 'RANGE' },
];

/** A table with everything that follows from a write: indexes, stream, Kinesis, expiry, journal, replica. */
export async function prepare(client: EndpointClient, ledger: Ledger, nowMs: () => number): Promise<void> {
  await client.kinesis('CreateStream', { StreamName: 'changes', ShardCount: 1 });
  await client.s3('PUT', `/${BUCKET}`);
  await client.dynamodb('CreateTable', {
    TableName: TABLE,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: DEFINITIONS,
    KeySchema: KEYS,
    LocalSecondaryIndexes: [indexInput('by-rank')],
    GlobalSecondaryIndexes: [indexInput('by-group'), indexInput('sparse')],
    VectorIndexes: [vectorIndexInput('near')],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
  await client.dynamodb('UpdateContinuousBackups', {
    TableName: TABLE,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
  await client.dynamodb('UpdateTimeToLive', {
    TableName: TABLE,
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  });
  await client.dynamodb('EnableKinesisStreamingDestination', { TableName: TABLE, StreamArn: STREAM_ARN });
  await client.dynamodb('UpdateTable', {
    TableName: TABLE,
    ReplicaUpdates: [{ Create: { RegionName: REPLICA } }],
  });
  await client.dynamodb('CreateTable', {
    TableName: LOADED,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: DEFINITIONS,
    KeySchema: KEYS,
    GlobalSecondaryIndexes: [indexInput('by-group'), indexInput('sparse')],
    VectorIndexes: [vectorIndexInput('near')],
  });
  for (let from = 0; from < BULK_ITEMS; from += 25) await putBulk(client, ledger, from, nowMs);
}

async function putBulk(client: EndpointClient, ledger: Ledger, from: number, nowMs: () => number): Promise<void> {
  const items = Array.from({ length: 25 }, (_, at) => bulkItem(from + at));
  const effects: Effects = new Map(items.map((item) => [keyText(item), item]));
  const operation = ledger.begin(BULK_WRITER, false, effects, nowMs());
  await client.dynamodb('BatchWriteItem', {
    RequestItems: { [TABLE]: items.map((Item) => ({ PutRequest: { Item } })) },
  });
  ledger.acknowledge(operation, nowMs());
}

function bulkItem(number: number): Item {
  return {
    pk: { S: `bulk-${number % 40}` },
    sk: { N: String(number) },
    n: { N: String(number) },
    g: { S: `g${number % 4}` },
    r: { N: String(number % 17) },
    v: vector(number % 19, number % 7, 1),
  };
}

/**
 * The input of a bulk operation, JSON Lines: items under a hash key of this name, each on condition that it is not there.
 */
export function loadedLines(name: string): string {
  const lines = Array.from({ length: LOADED_ITEMS }, (_, at) => {
    const Item = { ...bulkItem(at), pk: { S: name } };
    return `${JSON.stringify({ Item, ConditionExpression: 'attribute_not_exists(pk)' })}\n`;
  });
  return lines.join('');
}

function vector(...elements: readonly number[]): Json {
  return { L: elements.map((element) => ({ N: String(element) })) };
}

export function keyOf(item: Item): Json {
  return { pk: item.pk, sk: item.sk };
}

export function keyText(item: Item): string {
  return `${(item.pk as { S: string }).S}/${(item.sk as { N: string }).N}`;
}

/** An item with all that indexes look at, now and then without some of it. */
export function randomItem(random: SeededRandom, key: Json, n: number): Item {
  const sizeBytes = random.next() < 0.05 ? random.integer(4000, 30_000) : random.integer(10, 900);
  return {
    ...key,
    n: { N: String(n) },
    a: { S: `${n};`.repeat(Math.ceil(sizeBytes / 8)) },
    ...(random.next() < 0.8 && { g: { S: `g${random.integer(0, 3)}` } }),
    ...(random.next() < 0.7 && { r: { N: String(random.integer(-10, 10)) } }),
    ...(random.next() < 0.6 && {
      v: vector(...Array.from({ length: DIMENSIONS }, () => random.integer(-20, 20))),
    }),
    ...(random.next() < 0.2 && { s: { S: `s${random.integer(0, 5)}` } }),
    ...(random.next() < 0.2 && {
      tags: { SS: ['x', `t${n}`] },
      m: { M: { l: { L: [{ BOOL: true }, { NULL: true }] } } },
    }),
  };
}
