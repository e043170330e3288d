import type { KeyRange, Reader, Writer } from '@tablewright/store';
import type { StoredItem } from '../data/index.js';
import type { InputRecord } from '../import/input-record.js';
import type { BulkRecord, OutputType, PendingReport } from './bulk-record.js';

// What reports tell lies in the store, until there is enough for a file in S3, under "Du" ARN "/" output type "/" eight
// digits: the lines of the records that were looked at in one change, JSON Lines. They are written in the change that
// says that these records are done, so that none is told twice, and none is lost.

export interface InputPosition {
  readonly key: string;
  /** Of the record within its object, from 0. */
  readonly itemIndex: number;
}

/**
 * A line of the ERROR report: where the record lies and what is wrong with it, as the logs of imports tell it
 * (docs: S3DataImport.Validation), then the record as it was given, if there is one, so that it can be corrected and
 * given again.
 */
export function errorLine(
  operation: BulkRecord,
  position: InputPosition,
  message: string,
  record: InputRecord | undefined,
): string {
  return line({ ...pointer(operation, position), errorMessages: [message], ...shown(record) });
}

/** A line of the CONDITION_CHECK_FAILURE report: "the attempted item and, when present, the existing item". */
export function conditionLine(
  operation: BulkRecord,
  position: InputPosition,
  record: InputRecord,
  existing: StoredItem | undefined,
): string {
  return line({
    ...pointer(operation, position),
    ...shown(record),
    ...(existing !== undefined && { ExistingItem: existing.item }),
  });
}

function line(members: Record<string, unknown>): string {
  return `${JSON.stringify(members)}\n`;
}

function pointer({ input }: BulkRecord, position: InputPosition): Record<string, unknown> {
  return { itemS3Pointer: { bucket: input.InputS3Configuration.S3Bucket, ...position } };
}

function shown(record: InputRecord | undefined): Partial<InputRecord> {
  if (record === undefined) return {};
  const { Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues } = record;
  return { Item, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues };
}

/** Adds lines to what waits, inside a change. */
export function putLines(
  writer: Writer,
  arn: string,
  type: OutputType,
  pending: PendingReport,
  lines: readonly string[],
): PendingReport {
  if (lines.length === 0) return pending;
  const bytes = Buffer.from(lines.join(''));
  writer.put(`${prefixOf(arn, type)}${String(pending.entries).padStart(8, '0')}`, bytes);
  return {
    entries: pending.entries + 1,
    items: pending.items + lines.length,
    bytes: pending.bytes + bytes.length,
  };
}

/** The lines that wait, in their order. */
export function pendingLines(reader: Reader, arn: string, type: OutputType): Buffer[] {
  return [...reader.range(rangeOf(arn, type))].map(({ value }) => value);
}

export function deleteLines(writer: Writer, arn: string, type: OutputType): void {
  for (const key of [...writer.range(rangeOf(arn, type))].map((entry) => entry.key)) writer.delete(key);
}

function prefixOf(arn: string, type: OutputType): string {
  return `Du${arn}/${type}/`;
}

/** "0" is the character after "/". */
function rangeOf(arn: string, type: OutputType): KeyRange {
  return { start: prefixOf(arn, type), end: `Du${arn}/${type}0` };
}
