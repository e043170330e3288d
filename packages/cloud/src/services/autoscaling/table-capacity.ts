import type { DescribeTableCommandOutput, ProvisionedThroughput, TableDescription } from '@aws-sdk/client-dynamodb';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { serviceActor } from '../../kernel/principal.js';
import { directionOf, type TargetName, tableOf } from './scaling-records.js';

const SERVICE = 'dynamodb.application-autoscaling.amazonaws.com';

export interface Capacity {
  readonly units: number;
  /** Whether the table and, for an index, the index takes changes. */
  readonly isActive: boolean;
}

/** The capacity of tables and indexes, as Application Auto Scaling reads and sets it: through DynamoDB's API. */
export class TableCapacity {
  constructor(private readonly kernel: Kernel) {}

  /** undefined: there is no such table or index. */
  async read(caller: Caller, target: TargetName): Promise<Capacity | undefined> {
    const table = await this.#describe(caller, target);
    if (table === undefined) return undefined;
    const { indexName } = tableOf(target);
    const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === indexName);
    if (indexName !== undefined && index === undefined) return undefined;
    const throughput = index?.ProvisionedThroughput ?? table.ProvisionedThroughput;
    const units = directionOf(target) === 'Read' ? throughput?.ReadCapacityUnits : throughput?.WriteCapacityUnits;
    const isActive = table.TableStatus === 'ACTIVE' && (index === undefined || index.IndexStatus === 'ACTIVE');
    return { units: units ?? 0, isActive };
  }

  /** Rejects with DynamoDB's error. */
  async write(caller: Caller, target: TargetName, units: number): Promise<void> {
    const { tableName, indexName } = tableOf(target);
    const table = await this.#describe(caller, target);
    const index = table?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === indexName);
    const present = (indexName === undefined ? table : index)?.ProvisionedThroughput;
    const ProvisionedThroughput: ProvisionedThroughput = {
      ReadCapacityUnits: present?.ReadCapacityUnits ?? 1,
      WriteCapacityUnits: present?.WriteCapacityUnits ?? 1,
      ...(directionOf(target) === 'Read' ? { ReadCapacityUnits: units } : { WriteCapacityUnits: units }),
    };
    const change =
      indexName === undefined
        ? { ProvisionedThroughput }
        : { GlobalSecondaryIndexUpdates: [{ Update: { IndexName: indexName, ProvisionedThroughput } }] };
    await this.kernel.calls.run('dynamodb', 'UpdateTable', serviceActor(SERVICE, caller), {
      TableName: tableName,
      ...change,
    });
  }

  async #describe(caller: Caller, target: TargetName): Promise<TableDescription | undefined> {
    const { tableName } = tableOf(target);
    try {
      const { Table } = await this.kernel.calls.run<DescribeTableCommandOutput>(
        'dynamodb',
        'DescribeTable',
        serviceActor(SERVICE, caller),
        { TableName: tableName },
      );
      return Table;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }
}
