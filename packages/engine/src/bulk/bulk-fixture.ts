import { gunzipSync } from 'node:zlib';
import { EngineFixture, orders } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import type { EngineOptions } from '../engine.js';
import { MemoryObjects } from '../jobs/memory-objects.js';

export type Json = Record<string, unknown>;

/** An engine with the table `orders`, and objects for its bulk operations. */
export class BulkFixture extends EngineFixture {
  private constructor(
    readonly objects: MemoryObjects,
    options: Partial<EngineOptions>,
  ) {
    super({ objectStore: objects, ...options });
  }

  static async with(table: Json = {}, options: Partial<EngineOptions> = {}): Promise<BulkFixture> {
    const fixture = new BulkFixture(new MemoryObjects(), options);
    await fixture.run('CreateTable', orders(table));
    return fixture;
  }

  put(key: string, content: string | Buffer): void {
    this.objects.objects.set(key, Buffer.from(content));
  }

  async start(changes: Json = {}): Promise<Json> {
    return (await this.run('StartBulkPutItems', request(changes))).BulkOperationDescription as Json;
  }

  async describeBulk(arn: unknown): Promise<Json> {
    return (await this.run('DescribeBulkOperation', { BulkOperationArn: arn })).BulkOperationDescription as Json;
  }

  /** As it is told when nothing is left to do before the clock goes on. */
  async finished(changes: Json = {}): Promise<Json> {
    const { BulkOperationArn: arn } = await this.start(changes);
    await this.engine.idle();
    return this.describeBulk(arn);
  }

  async items(index?: string): Promise<Json[]> {
    const output = await this.run('Scan', { TableName: 'orders', ...(index !== undefined && { IndexName: index }) });
    const { Items: items } = JSON.parse(encodeOutput(output).toString());
    return items.sort((one: object, other: object) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }

  manifest(): Json {
    return JSON.parse(this.objects.ending('/manifest.json').toString());
  }

  /** The lines of a report, of all its files. */
  report(type: 'ERROR' | 'CONDITION_CHECK_FAILURE'): Json[] {
    const files = [...this.objects.objects].filter(([key]) => key.includes(`/${type}/`)).sort();
    const text = files.map(([, bytes]) => gunzipSync(bytes).toString()).join('');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }
}

export function request(changes: Json = {}): Json {
  return {
    InputS3Configuration: { S3Bucket: 'files', S3KeyPrefix: 'in/', InputFormat: 'DYNAMODB_JSON' },
    OutputS3Configuration: { S3Bucket: 'files', S3KeyPrefix: 'out', OutputType: ['ERROR', 'CONDITION_CHECK_FAILURE'] },
    TableName: 'orders',
    ...changes,
  };
}

export function order(pk: string, more: Json = {}): Json {
  return { pk: { S: pk }, ...more };
}

/** A line of the input: an item, and what else the record says. */
export function line(item: Json, more: Json = {}): string {
  return `${JSON.stringify({ Item: item, ...more })}\n`;
}

/** Of `count` items whose keys begin with `name`. */
export function lines(name: string, count: number): string {
  return Array.from({ length: count }, (_, at) => line(order(`${name}-${String(at).padStart(5, '0')}`))).join('');
}

export const UNLESS_THERE = { ConditionExpression: 'attribute_not_exists(pk)' };
