import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import { asUserError, awsErrorName } from '../../aws/aws-error.js';
import type { JsonObject } from '../../json-value.js';
import { splitUnknown, text, UNKNOWN } from '../planned-value.js';
import type { PlannedAttributes, ResourceContext, ResourceHandler } from '../resource-handler.js';
import { isSameItem, itemText, keyText, parseItem, type SdkItem } from './item-json.js';

/** `aws_dynamodb_table_item` as provider 5.100.0 handles it; an item that exists already is never overwritten. */
export const itemHandler: ResourceHandler = {
  type: 'aws_dynamodb_table_item',
  schemaVersion: 0,
  privateNote: Buffer.from('null').toString('base64'),
  idOf: (attributes) => text(attributes, 'id'),
  plan: planItem,
  read: readItem,
  create: async (context, planned) => {
    await putNew(context, planned);
    return withId(planned);
  },
  update: updateItem,
  delete: deleteItem,
  import: async (_context, id) => {
    const message = `aws_dynamodb_table_item ${id} cannot be imported: the provider has no import for items`;
    throw new UserError(message, 'Delete the item and let apply create it, or leave it out of the configuration.');
  },
};

function planItem(prior: JsonObject | null, configured: JsonObject): PlannedAttributes {
  const planned = {
    hash_key: configured.hash_key ?? null,
    item: configured.item ?? null,
    range_key: configured.range_key ?? null,
    table_name: configured.table_name ?? null,
  };
  const fresh = (replaceBecause: readonly string[]): PlannedAttributes => {
    return { ...splitUnknown({ ...planned, id: UNKNOWN }), replaceBecause };
  };
  if (prior === null) return fresh([]);
  const replaceBecause = ['table_name', 'hash_key', 'range_key'].filter(
    (it) => text(prior, it) !== text(configured, it),
  );
  if (replaceBecause.length > 0) return fresh(replaceBecause);
  if (isSameItem(text(prior, 'item'), text(configured, 'item')))
    return { after: prior, afterUnknown: {}, replaceBecause };
  const id = hasSameKey(prior, configured) ? (prior.id ?? null) : UNKNOWN;
  return { ...splitUnknown({ ...planned, id }), replaceBecause };
}

async function readItem(context: ResourceContext, prior: JsonObject): Promise<JsonObject | null> {
  const input = { TableName: text(prior, 'table_name'), Key: keyOf(prior), ConsistentRead: true };
  try {
    const output = await context.dynamodb.send(new GetItemCommand(input));
    if (output.Item === undefined) return null;
    const found = itemText(output.Item);
    return isSameItem(found, text(prior, 'item')) ? prior : { ...prior, item: found };
  } catch (error) {
    // Without its table an item is gone, too.
    if (awsErrorName(error) === 'ResourceNotFoundException') return null;
    throw asUserError(error, `read item ${text(prior, 'id')}`, context.aws);
  }
}

async function putNew(context: ResourceContext, planned: JsonObject): Promise<void> {
  const id = idText(planned);
  const input = {
    TableName: text(planned, 'table_name'),
    Item: parseItem(text(planned, 'item')),
    ConditionExpression: 'attribute_not_exists(#hk)',
    ExpressionAttributeNames: { '#hk': text(planned, 'hash_key') },
  };
  try {
    await context.dynamodb.send(new PutItemCommand(input));
  } catch (error) {
    if (awsErrorName(error) !== 'ConditionalCheckFailedException')
      throw asUserError(error, `put item ${id}`, context.aws);
    const remedy = 'Delete it from the table, or take it out of terraform_managed_items; it was left as it is.';
    throw new UserError(`the item ${id} exists already, but not in this state`, remedy, { cause: error });
  }
}

/** The same key: the item is replaced as a whole. Another key: the new item is put, then the old one deleted. */
async function updateItem(context: ResourceContext, prior: JsonObject, planned: JsonObject): Promise<JsonObject> {
  if (!hasSameKey(prior, planned)) {
    await putNew(context, planned);
    await deleteItem(context, prior);
    return withId(planned);
  }
  const input = { TableName: text(planned, 'table_name'), Item: parseItem(text(planned, 'item')) };
  try {
    await context.dynamodb.send(new PutItemCommand(input));
  } catch (error) {
    throw asUserError(error, `update item ${text(prior, 'id')}`, context.aws);
  }
  return withId(planned);
}

async function deleteItem(context: ResourceContext, prior: JsonObject): Promise<void> {
  const input = { TableName: text(prior, 'table_name'), Key: keyOf(prior) };
  try {
    await context.dynamodb.send(new DeleteItemCommand(input));
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return;
    throw asUserError(error, `delete item ${text(prior, 'id')}`, context.aws);
  }
}

/** The primary key out of the item. */
function keyOf(attributes: JsonObject): SdkItem {
  const item = parseItem(text(attributes, 'item'));
  const names = [text(attributes, 'hash_key'), text(attributes, 'range_key')].filter((name) => name !== '');
  return Object.fromEntries(names.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
}

function hasSameKey(left: JsonObject, right: JsonObject): boolean {
  return isSameItem(itemText(keyOf(left)), itemText(keyOf(right)));
}

/** `table|hash_key|value` and, with a range key, `|value`: the provider's id. */
function idText(attributes: JsonObject): string {
  const item = parseItem(text(attributes, 'item'));
  const parts = [
    text(attributes, 'table_name'),
    text(attributes, 'hash_key'),
    keyText(item, text(attributes, 'hash_key')),
  ];
  const rangeKey = text(attributes, 'range_key');
  return (rangeKey === '' ? parts : [...parts, keyText(item, rangeKey)]).join('|');
}

function withId(planned: JsonObject): JsonObject {
  return {
    hash_key: planned.hash_key ?? null,
    id: idText(planned),
    item: planned.item ?? null,
    range_key: planned.range_key ?? null,
    table_name: planned.table_name ?? null,
  };
}
