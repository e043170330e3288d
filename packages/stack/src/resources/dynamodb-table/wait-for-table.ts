import { DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { ResourceContext } from '../resource-handler.js';
import { waitUntil } from '../wait-until.js';
import { describeTable } from './read-table.js';

/** Waits until the table and all its global secondary indexes are ACTIVE and no encryption change is under way. */
export async function waitUntilActive(context: ResourceContext, name: string, timeoutMs: number): Promise<void> {
  await waitUntil(context, `table ${name} to become ACTIVE`, timeoutMs, async () => {
    const table = await describeTable(context, name);
    if (table === null) return false;
    const indexes = table.GlobalSecondaryIndexes ?? [];
    const isEncryptionSettled = table.SSEDescription?.Status !== 'UPDATING';
    return (
      table.TableStatus === 'ACTIVE' &&
      isEncryptionSettled &&
      indexes.every((index) => index.IndexStatus === 'ACTIVE' || index.IndexStatus === undefined)
    );
  });
}

export async function waitUntilTtlSettled(context: ResourceContext, name: string, timeoutMs: number): Promise<void> {
  await waitUntil(context, `the time to live of table ${name}`, timeoutMs, async () => {
    const output = await context.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: name }));
    const status = output.TimeToLiveDescription?.TimeToLiveStatus;
    return status !== 'ENABLING' && status !== 'DISABLING';
  });
}

export async function waitUntilDeleted(context: ResourceContext, name: string, timeoutMs: number): Promise<void> {
  await waitUntil(context, `table ${name} to be deleted`, timeoutMs, async () => {
    return (await describeTable(context, name)) === null;
  });
}
