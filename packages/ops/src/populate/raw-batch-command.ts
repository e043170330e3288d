import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';

/** The part of the SDK's request that is replaced; the rest of it (headers, signature) is the SDK's own. */
interface HttpMessage {
  body?: unknown;
}

const ITEM_START = Buffer.from('{"PutRequest":{"Item":');
const ITEM_END = Buffer.from('}}');
const COMMA = Buffer.from(',');
const BODY_END = Buffer.from(']},"ReturnConsumedCapacity":"TOTAL"}');

/**
 * A BatchWriteItem call whose items are already text in DynamoDB JSON, as the data file has them: the body is put
 * together from that text, before the SDK signs it, instead of being parsed into objects and written again. It
 * halves the work per item. `items` must have been checked.
 */
export function rawBatchCommand(table: string, items: readonly Buffer[]): BatchWriteItemCommand {
  const body = rawBody(table, items);
  const command = new BatchWriteItemCommand({ RequestItems: {}, ReturnConsumedCapacity: 'TOTAL' });
  command.middlewareStack.add(
    (next) => (args) => {
      if (isHttpMessage(args.request)) args.request.body = body;
      return next(args);
    },
    // Ahead of the SDK's own build steps, the first of which measures the body.
    { step: 'build', priority: 'high', name: 'rawBatchBody' },
  );
  return command;
}

function rawBody(table: string, items: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from(`{"RequestItems":{${JSON.stringify(table)}:[`)];
  for (const [index, item] of items.entries()) {
    if (index > 0) parts.push(COMMA);
    parts.push(ITEM_START, item, ITEM_END);
  }
  parts.push(BODY_END);
  return Buffer.concat(parts);
}

function isHttpMessage(request: unknown): request is HttpMessage {
  return typeof request === 'object' && request !== null && 'body' in request;
}
