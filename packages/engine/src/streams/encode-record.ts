import type { StreamRecord } from '../catalog/table-record.js';
import type { ItemChange } from '../data/replace-item.js';
import { keptMemory, type StoredItem } from '../data/stored-item.js';
import { type AttributeMap, itemSizeBytes } from '../value/index.js';
import { type Sequence, sequenceText } from './sequence-number.js';

const HEADER_BYTES = 4;

/** The item change that a record tells of. At least one of the images is there. */
export interface RecordedChange {
  readonly keys: AttributeMap;
  readonly before: StoredItem | undefined;
  readonly after: StoredItem | undefined;
  readonly cause?: ItemChange['cause'];
}

/** What all records of a stream share. */
export interface RecordFrame {
  readonly viewType: StreamRecord['viewType'];
  readonly region: string;
  readonly eventId: (sequence: Sequence) => string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html */
const TIME_TO_LIVE_IDENTITY = ',"userIdentity":{"PrincipalId":"dynamodb.amazonaws.com","Type":"Service"}';

/**
 * A stream record as it lies in the store, in the layout of a stored item: four bytes with its size, then the JSON of
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html as GetRecords gives it out.
 * The images are copied from the items as stored, without parsing.
 *
 * SizeBytes is the size of the keys and of the images that the view type takes (from the examples in the docs: an item
 * of 21 bytes with keys of 5 makes 26 when it is new, 59 when it becomes one of 33).
 */
export function encodeRecord(frame: RecordFrame, change: RecordedChange, sequence: Sequence, nowMs: number): Buffer {
  const { keys, cause } = change;
  const newImage = takesNew(frame.viewType) ? change.after : undefined;
  const oldImage = takesOld(frame.viewType) ? change.before : undefined;
  const sizeBytes = itemSizeBytes(keys) + (newImage?.sizeBytes ?? 0) + (oldImage?.sizeBytes ?? 0);
  const head =
    `{"eventID":"${frame.eventId(sequence)}","eventName":"${eventName(change)}","eventVersion":"1.1",` +
    `"eventSource":"aws:dynamodb","awsRegion":"${frame.region}","dynamodb":{` +
    `"ApproximateCreationDateTime":${Math.floor(nowMs / 1000)},"Keys":${JSON.stringify(keys)}`;
  const tail =
    `,"SequenceNumber":"${sequenceText(sequence)}","SizeBytes":${sizeBytes},"StreamViewType":"${frame.viewType}"}` +
    `${cause === 'timeToLive' ? TIME_TO_LIVE_IDENTITY : ''}}`;
  return join(sizeBytes, head, newImage, oldImage, tail);
}

function takesNew(viewType: StreamRecord['viewType']): boolean {
  return viewType === 'NEW_AND_OLD_IMAGES' || viewType === 'NEW_IMAGE';
}

function takesOld(viewType: StreamRecord['viewType']): boolean {
  return viewType === 'NEW_AND_OLD_IMAGES' || viewType === 'OLD_IMAGE';
}

function eventName({ before, after }: RecordedChange): 'INSERT' | 'MODIFY' | 'REMOVE' {
  if (after === undefined) return 'REMOVE';
  return before === undefined ? 'INSERT' : 'MODIFY';
}

const NEW_IMAGE = ',"NewImage":';
const OLD_IMAGE = ',"OldImage":';

function join(
  sizeBytes: number,
  head: string,
  newImage: StoredItem | undefined,
  oldImage: StoredItem | undefined,
  tail: string,
): Buffer {
  let length = HEADER_BYTES + Buffer.byteLength(head) + tail.length;
  if (newImage !== undefined) length += NEW_IMAGE.length + newImage.jsonLength;
  if (oldImage !== undefined) length += OLD_IMAGE.length + oldImage.jsonLength;
  const target = keptMemory.allocate(length);
  let at = target.writeUInt32LE(sizeBytes, 0);
  at += target.write(head, at, 'utf8');
  if (newImage !== undefined) at = newImage.copyJson(target, at + target.write(NEW_IMAGE, at, 'latin1'));
  if (oldImage !== undefined) at = oldImage.copyJson(target, at + target.write(OLD_IMAGE, at, 'latin1'));
  target.write(tail, at, 'latin1');
  return target;
}
