import assert from 'node:assert/strict';
import { CALLER, EngineFixture, orders } from '../control/engine-fixture.js';
import { encodeOutput } from '../data/index.js';
import type { EngineOptions } from '../engine.js';

export const VIRGINIA = 'us-east-1';
export const IRELAND = 'eu-west-1';
export const TOKYO = 'ap-northeast-1';
export const TABLE = { TableName: 'orders' };

type Members = Readonly<Record<string, unknown>>;

/** The table `orders`, and its replicas. */
export class GlobalFixture extends EngineFixture {
  /** Creates the table in Virginia, with replicas in the given regions. */
  static async create(
    regions: readonly string[] = [IRELAND],
    table: Members = {},
    options: Partial<EngineOptions> = {},
  ): Promise<GlobalFixture> {
    const fixture = new GlobalFixture(options);
    await fixture.run('CreateTable', orders(table));
    for (const region of regions) await fixture.addReplica(region);
    return fixture;
  }

  /** Runs an operation at a region's endpoint and gives its answer as the client would read it. */
  async at(region: string, operation: string, input: Members = {}): Promise<Record<string, unknown>> {
    const output = await this.run(operation, { ...TABLE, ...input }, { ...CALLER, region });
    return JSON.parse(encodeOutput(output).toString() || '{}');
  }

  addReplica(region: string, settings: Members = {}, home = VIRGINIA): Promise<Record<string, unknown>> {
    return this.updateReplica('Create', { RegionName: region, ...settings }, home);
  }

  deleteReplica(region: string, home = VIRGINIA): Promise<Record<string, unknown>> {
    return this.updateReplica('Delete', { RegionName: region }, home);
  }

  async updateReplica(action: string, settings: Members, home = VIRGINIA): Promise<Record<string, unknown>> {
    const answer = await this.at(home, 'UpdateTable', { ReplicaUpdates: [{ [action]: settings }] });
    return answer.TableDescription as Record<string, unknown>;
  }

  async table(region: string): Promise<Record<string, unknown>> {
    return (await this.at(region, 'DescribeTable')).Table as Record<string, unknown>;
  }

  put(region: string, pk: string, v: string, more: Members = {}): Promise<unknown> {
    return this.at(region, 'PutItem', { Item: { pk: { S: pk }, v: { S: v }, ...more } });
  }

  delete(region: string, pk: string): Promise<unknown> {
    return this.at(region, 'DeleteItem', { Key: { pk: { S: pk } } });
  }

  /** The values of the items by key, or through an index. */
  async values(region: string, IndexName?: string): Promise<Record<string, string>> {
    const { Items } = await this.at(region, 'Scan', IndexName === undefined ? {} : { IndexName });
    const items = Items as { pk: { S: string }; v: { S: string } }[];
    return Object.fromEntries(items.map(({ pk, v }): [string, string] => [pk.S, v.S]).sort());
  }

  async refusesAt(region: string, operation: string, input: Members, code: string, message: string | RegExp) {
    await assert.rejects(this.at(region, operation, input), (error: Error) => {
      assert.equal(error.name, code, error.message);
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    });
  }

  /** Keys in the store of one kind. */
  keys(prefix: string): number {
    const end = prefix.slice(0, 1) + String.fromCharCode(prefix.charCodeAt(1) + 1);
    return [...this.store.range({ start: prefix, end })].length;
  }
}
