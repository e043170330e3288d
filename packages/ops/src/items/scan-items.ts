import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { Connection } from '../connection/connection.js';

export type Item = Record<string, AttributeValue>;

export interface ScanItemsOptions {
  readonly table: string;
  /** At most this many items in all. Default: all. */
  readonly limit?: number;
}

/** Yields the table's items page by page; one page is in memory at a time. */
export async function* scanItems(connection: Connection, options: ScanItemsOptions): AsyncGenerator<Item[]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let start: Item | undefined;
  while (left > 0) {
    const command = new ScanCommand({
      TableName: options.table,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      ...(Number.isFinite(left) ? { Limit: left } : {}),
    });
    const page = await connection.call(() => connection.dynamodb.send(command));
    const items = page.Items ?? [];
    if (items.length > 0) yield items;
    left -= items.length;
    start = page.LastEvaluatedKey;
    if (start === undefined) return;
  }
}
