import type { SeededRandom } from '@tablewright/testkit';
import type { Json } from './endpoint.js';

export type KeyType = 'S' | 'N' | 'B';

export interface KeyPart {
  readonly name: string;
  readonly type: KeyType;
}

export interface IndexPlan {
  readonly name: string;
  readonly kind: 'GSI' | 'LSI';
  readonly hash: KeyPart;
  readonly range: KeyPart | undefined;
  readonly projection: Json;
}

/** A table that both sides have. */
export interface TablePlan {
  readonly name: string;
  readonly hash: KeyPart;
  readonly range: KeyPart | undefined;
  readonly indexes: readonly IndexPlan[];
}

const PROJECTIONS: readonly Json[] = [
  { ProjectionType: 'ALL' },
  { ProjectionType: 'KEYS_ONLY' },
  { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'm'] },
];

export function randomTable(random: SeededRandom, name: string): TablePlan {
  const hash = { name: 'pk', type: random.pick(['S', 'S', 'N', 'B'] as const) };
  const range = random.next() < 0.7 ? { name: 'sk', type: random.pick(['S', 'N', 'B'] as const) } : undefined;
  const g1 = { name: 'g1', type: random.pick(['S', 'N', 'B'] as const) };
  const g2 = { name: 'g2', type: random.pick(['S', 'N', 'B'] as const) };
  const indexes: IndexPlan[] = [];
  const projection = () => random.pick(PROJECTIONS);
  if (range !== undefined && random.next() < 0.6) {
    indexes.push({ name: 'lsi', kind: 'LSI', hash, range: g2, projection: projection() });
  }
  if (random.next() < 0.7) {
    const indexRange = random.next() < 0.6 ? g2 : undefined;
    indexes.push({ name: 'gsi', kind: 'GSI', hash: g1, range: indexRange, projection: projection() });
  }
  if (random.next() < 0.3) {
    indexes.push({ name: 'inverse', kind: 'GSI', hash: range ?? g1, range: hash, projection: projection() });
  }
  return { name, hash, range, indexes };
}

export function createTableInput({ name, hash, range, indexes }: TablePlan): Json {
  const used = [hash, range, ...indexes.flatMap((index) => [index.hash, index.range])];
  const parts = new Map(used.flatMap((part) => (part === undefined ? [] : [[part.name, part.type]])));
  const schema = (hashPart: KeyPart, rangePart: KeyPart | undefined) => [
    { AttributeName: hashPart.name, KeyType: 'HASH' },
    ...(rangePart === undefined ? [] : [{ AttributeName: rangePart.name, KeyType: 'RANGE' }]),
  ];
  const ofKind = (kind: 'GSI' | 'LSI') =>
    indexes
      .filter((index) => index.kind === kind)
      .map((index) => ({
        IndexName: index.name,
        KeySchema: schema(index.hash, index.range),
        Projection: index.projection,
      }));
  const [local, global] = [ofKind('LSI'), ofKind('GSI')];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...parts].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: schema(hash, range),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
  };
}
