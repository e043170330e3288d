import { DescribeTableCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { defined, UserError } from '@tablewright/base';
import type { Connection } from './connection.js';

/** The table's description; undefined when there is no such table. */
export async function findTable(connection: Connection, table: string): Promise<TableDescription | undefined> {
  try {
    const command = new DescribeTableCommand({ TableName: table });
    const { Table } = await connection.call(() => connection.dynamodb.send(command));
    return defined(Table, 'the table of DescribeTable');
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The table's description, or a {@link UserError} that says where it was looked for. */
export async function describeTable(connection: Connection, table: string): Promise<TableDescription> {
  const description = await findTable(connection, table);
  if (description !== undefined) return description;
  throw new UserError(
    `table "${table}" does not exist in ${connection.region} at ${connection.endpoint ?? 'AWS'}`,
    'Deploy it first (tablewright deploy ENV CONFIG), or check the name, the region and the target.',
  );
}
