import { EngineFixture } from '../control/engine-fixture.js';
import type { EngineOptions, Output } from '../engine.js';

/** What tests of vector indexes say over and over. */
export class VectorFixture extends EngineFixture {
  /** A table `orders` with the key `pk` and these vector indexes, ready to be used. */
  async table(indexes: readonly object[], more: Record<string, unknown> = {}): Promise<void> {
    await this.run('CreateTable', {
      TableName: 'orders',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...(indexes.length > 0 && { VectorIndexes: indexes }),
      ...more,
    });
  }

  put(item: object, more: Record<string, unknown> = {}): Promise<Output> {
    return this.run('PutItem', { TableName: 'orders', Item: item, ...more });
  }

  async search(input: Record<string, unknown>): Promise<Found[]> {
    const { SearchResults } = await this.run('SearchVectors', { TableName: 'orders', TopK: 10, ...input });
    return JSON.parse(JSON.stringify(SearchResults)) as Found[];
  }

  /** The keys that a search finds, best first. */
  async keys(input: Record<string, unknown>): Promise<string[]> {
    return (await this.search(input)).map(({ Item }) => (Item.pk as { S: string }).S);
  }

  async vectorIndex(name: string): Promise<Record<string, unknown> | undefined> {
    const { VectorIndexes = [] } = (await this.describe()) as { VectorIndexes?: Record<string, unknown>[] };
    return VectorIndexes.find(({ IndexName }) => IndexName === name);
  }
}

export interface Found {
  readonly Item: Record<string, unknown>;
  readonly Score: number;
}

export function vectorFixture(options: Partial<EngineOptions> = {}): VectorFixture {
  return new VectorFixture(options);
}

export function vectorIndex(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    IndexName: name,
    VectorAttribute: { AttributeName: 'embedding' },
    Dimensions: 3,
    DistanceFunction: 'COSINE',
    Projection: { ProjectionType: 'ALL' },
    ...more,
  };
}

/** Numbers as a search vector takes them. */
export function numbers(...values: number[]): { N: string }[] {
  return values.map((value) => ({ N: String(value) }));
}

/** An item whose vector is this. */
export function item(pk: string, vector: readonly number[], more: object = {}): Record<string, unknown> {
  return { pk: { S: pk }, embedding: { L: numbers(...vector) }, ...more };
}

/** A search schema by tenant, with a filter, and what defines its attributes. */
export const SCHEMA = {
  index: {
    SearchSchema: [
      { AttributeName: 'tenant', SearchSchemaElementType: 'HASH' },
      { AttributeName: 'grade', SearchSchemaElementType: 'INLINE_FILTER' },
    ],
  },
  definitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'tenant', AttributeType: 'S' },
    { AttributeName: 'grade', AttributeType: 'N' },
  ],
};
