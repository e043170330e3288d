import type { TableKinesisDestination } from '../catalog/table.js';
import type { StoredItem } from '../data/stored-item.js';
import { type AttributeMap, type AttributeValue, itemSizeBytes } from '../value/index.js';

/** The item change that a record tells of. At least one of the images is there. */
export interface ChangeToEncode {
  readonly eventId: string;
  readonly region: string;
  readonly tableName: string;
  readonly keys: AttributeMap;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly isExpiry: boolean;
  /** In microseconds since the epoch. */
  readonly atMicroseconds: number;
  readonly precision: TableKinesisDestination['precision'] | undefined;
}

/**
 * What DynamoDB writes to a Kinesis stream: one JSON object a record, both images where there are any, whatever the view
 * type of the table's own stream. The precision of times is told only where it was chosen, and binary values are in base64
 * twice (both recorded on AWS). Images without binary values are copied from the items as stored.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds_gettingstarted.html
 */
export function encodeChange(change: ChangeToEncode): Buffer {
  const { keys, before, after, precision, atMicroseconds } = change;
  const eventName = after === undefined ? 'REMOVE' : before === undefined ? 'INSERT' : 'MODIFY';
  const time = precision === 'MICROSECOND' ? atMicroseconds : Math.floor(atMicroseconds / 1000);
  const identity = change.isExpiry ? '{"type":"Service","principalId":"dynamodb.amazonaws.com"}' : 'null';
  const sizeBytes = itemSizeBytes(keys) + (after?.sizeBytes ?? 0) + (before?.sizeBytes ?? 0);
  const told = precision === undefined ? '' : `,"ApproximateCreationDateTimePrecision":"${precision}"`;
  return Buffer.concat([
    Buffer.from(
      `{"awsRegion":"${change.region}","eventID":"${change.eventId}","eventName":"${eventName}",` +
        `"userIdentity":${identity},"recordFormat":"application/json","tableName":"${change.tableName}",` +
        `"dynamodb":{"ApproximateCreationDateTime":${time},"Keys":${JSON.stringify(twiceEncodedItem(keys))}`,
    ),
    ...image('NewImage', after),
    ...image('OldImage', before),
    Buffer.from(`,"SizeBytes":${sizeBytes}${told}},"eventSource":"aws:dynamodb"}`),
  ]);
}

function image(name: string, item: StoredItem | undefined): Buffer[] {
  if (item === undefined) return [];
  const json = Buffer.allocUnsafe(item.jsonLength);
  item.copyJson(json, 0);
  const hasBinary = BINARY.some((opening) => json.includes(opening));
  const told = hasBinary ? Buffer.from(JSON.stringify(twiceEncodedItem(item.item))) : json;
  return [Buffer.from(`,"${name}":`), told];
}

/** How a binary value or a set of them begins in an item's JSON, and nothing else does: in strings, quotes are escaped. */
const BINARY = ['"B":"', '"BS":['];

function twiceEncodedItem(item: AttributeMap): AttributeMap {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, twiceEncoded(value)]));
}

function twiceEncoded(value: AttributeValue): AttributeValue {
  if ('B' in value) return { B: inBase64(value.B) };
  if ('BS' in value) return { BS: value.BS.map(inBase64) };
  if ('L' in value) return { L: value.L.map(twiceEncoded) };
  if ('M' in value) return { M: twiceEncodedItem(value.M) };
  return value;
}

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
