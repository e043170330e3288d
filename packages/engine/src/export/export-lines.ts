import type { ItemChangeWithin } from '../backup/past-walk.js';
import { stampMs } from '../backup/stamp.js';
import { StoredItem } from '../data/stored-item.js';
import type { AttributeMap } from '../value/index.js';
import type { ExportFilter } from './export-filter.js';
import { ionItem, ionStruct } from './ion-text.js';

export type ExportFormat = 'DYNAMODB_JSON' | 'ION';

/** A line of a data file; undefined for what the filter leaves out. */
export interface ExportLine {
  readonly text: string;
  /** DynamoDB's size of what it tells, in bytes. */
  readonly sizeBytes: number;
}

const ION_VERSION = '$ion_1_0 ';

/** `{"Item":{…}}`, or the same in Ion. */
export function itemLine(stored: Buffer, format: ExportFormat, filter: ExportFilter): ExportLine | undefined {
  const whole = new StoredItem(stored);
  const { sizeBytes } = whole;
  // Without parsing.
  if (filter.isEverything && format === 'DYNAMODB_JSON') return { text: `{"Item":${whole.json}}\n`, sizeBytes };
  const { item } = whole;
  if (!filter.accepts(item)) return undefined;
  const shown = filter.project(item);
  const text =
    format === 'ION'
      ? `${ION_VERSION}${ionStruct({ Item: ionItem(shown) })}\n`
      : `${JSON.stringify({ Item: shown })}\n`;
  return { text, sizeBytes };
}

export interface ChangeLineOptions {
  readonly format: ExportFormat;
  readonly filter: ExportFilter;
  readonly keyNames: ReadonlySet<string>;
  readonly view: 'NEW_IMAGE' | 'NEW_AND_OLD_IMAGES';
}

/**
 * `{"Metadata":{"WriteTimestampMicros":{"N":"…"}},"Keys":{…},"OldImage":{…},"NewImage":{…}}`: a deletion has no new
 * image, an insertion no old one. The filter looks at the item as it is at the end, or as it was when it is gone.
 */
export function changeLine(change: ItemChangeWithin, options: ChangeLineOptions): ExportLine | undefined {
  const { format, filter, keyNames, view } = options;
  const before = change.before && new StoredItem(change.before);
  const after = change.after && new StoredItem(change.after);
  const last = after ?? before;
  if (last === undefined || !filter.accepts(last.item)) return undefined;
  const keys = Object.fromEntries(Object.entries(last.item).filter(([name]) => keyNames.has(name)));
  const images: Record<string, AttributeMap> = {
    Metadata: { WriteTimestampMicros: { N: String(stampMs(change.changedAt) * 1000) } },
    Keys: keys,
    ...(before !== undefined && view === 'NEW_AND_OLD_IMAGES' && { OldImage: filter.project(before.item) }),
    ...(after !== undefined && { NewImage: filter.project(after.item) }),
  };
  const sizeBytes = (before?.sizeBytes ?? 0) + (after?.sizeBytes ?? 0);
  if (format === 'DYNAMODB_JSON') return { text: `${JSON.stringify(images)}\n`, sizeBytes };
  const fields = Object.fromEntries(Object.entries(images).map(([name, image]) => [name, ionItem(image)]));
  return { text: `${ION_VERSION}${ionStruct(fields)}\n`, sizeBytes };
}
