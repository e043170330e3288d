import type { JsonObject } from '../../json-value.js';
import { blocks, text } from '../planned-value.js';
import type { ResourceHandler } from '../resource-handler.js';
import { createTable, withConfiguredNulls } from './create-table.js';
import { deleteTable } from './delete-table.js';
import { planTable } from './plan-table.js';
import { readTable } from './read-table.js';
import { TABLE_PRIVATE_NOTE } from './table-timeouts.js';
import { updateTable } from './update-table.js';

/** `aws_dynamodb_table` as provider 5.100.0 handles it. */
export const tableHandler: ResourceHandler = {
  type: 'aws_dynamodb_table',
  schemaVersion: 1,
  privateNote: TABLE_PRIVATE_NOTE,
  idOf: (attributes) => text(attributes, 'id') || text(attributes, 'name'),
  plan: planTable,
  read: async (context, prior) => {
    const found = await readTable(context, text(prior, 'name'), prior);
    return found === null ? null : withConfiguredNulls(found, prior);
  },
  create: createTable,
  update: updateTable,
  delete: deleteTable,
  import: async (context, id, configured) => {
    const found = await readTable(context, id, configuredForImport(configured));
    return found === null ? null : { ...found, range_key: found.range_key ?? null };
  },
};

/** What an import knows of before: whether a key of one's own is configured. */
function configuredForImport(configured: JsonObject): JsonObject {
  return { server_side_encryption: blocks(configured, 'server_side_encryption') };
}
