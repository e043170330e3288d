import type { Store } from '@tablewright/store';
import { hex, unhex } from '../backup/history.js';
import { type ChangedTable, type SuffixRange, walkChanges, walkPast } from '../backup/past-walk.js';
import type { Catalog } from '../catalog/catalog.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import { uint32Bytes } from '../data/byte-string.js';
import { TableLayout } from '../data/table-layout.js';
import { JobFailed } from '../jobs/job-failure.js';
import { exportFilter } from './export-filter.js';
import { changeLine, type ExportLine, itemLine } from './export-lines.js';
import type { ExportRecord } from './export-record.js';

/** Lines of one turn, and where the next ones begin (hex); undefined at the end of the part. */
export interface LinesChunk {
  readonly lines: readonly ExportLine[];
  readonly next: string | undefined;
}

/** What an export reads, in parts of which each fills data files of its own. */
export interface ExportSource {
  readonly partitions: number;
  /** @param from '' for the beginning, or the `next` of the chunk before */
  read(partition: number, from: string): LinesChunk;
}

/** Keys looked at in one turn, a few milliseconds. */
const CHUNK = 100;

export function exportSource(store: Store, catalog: Catalog, record: ExportRecord): ExportSource {
  const layout = new TableLayout(tableFromRecord(record.table));
  const filter = exportFilter(layout, record.request.filter);
  const { format } = record.request;
  const { storageNumber } = record.table;
  const { full, incremental } = record;
  if (full !== undefined) {
    const table = { storageNumber, stamp: unhex(full.stamp) };
    return {
      partitions: full.partitions,
      read(partition, from) {
        const range = cut(partitionRange(partition, full.partitions), filter.range);
        if (range === undefined) return { lines: [], next: undefined };
        const start = from === '' ? range.start : unhex(from);
        const { items, next } = walkPast(store, table, { ...range, start }, CHUNK);
        const lines = items.flatMap(([, stored]) => itemLine(stored, format, filter) ?? []);
        return { lines, next: next === undefined ? undefined : hex(next) };
      },
    };
  }
  if (incremental === undefined) throw new TypeError(`the export ${record.arn} is neither full nor incremental`);
  const changed: ChangedTable = {
    storageNumber,
    timeIndex: incremental.timeIndex,
    from: unhex(incremental.from),
    to: unhex(incremental.to),
  };
  const options = { format, filter, keyNames: layout.keyNames, view: incremental.view };
  return {
    partitions: 1,
    read(_partition, from) {
      assertIndexed(catalog, record);
      const { changes, next } = walkChanges(store, changed, unhex(from), CHUNK);
      const within = changes.filter(({ suffix }) => filter.range === undefined || isWithin(suffix, filter.range));
      const lines = within.flatMap((change) => changeLine(change, options) ?? []);
      return { lines, next: next === undefined ? undefined : hex(next) };
    },
  };
}

/** What was changed when is known as long as the table has point-in-time recovery, without a break. */
function assertIndexed(catalog: Catalog, { table, incremental }: ExportRecord): void {
  const now = catalog.all().find((one) => one.storageNumber === table.storageNumber);
  if (now?.pointInTimeRecovery?.storageNumber === incremental?.timeIndex) return;
  throw new JobFailed({
    code: 'PointInTimeRecoveryUnavailable',
    message: `Point in time recovery was disabled for table '${table.name}' while it was being exported`,
  });
}

/** An equal share of the 32-bit hashes that begin the keys of items. */
function partitionRange(partition: number, count: number): SuffixRange {
  const bound = (part: number): string => uint32Bytes(Math.ceil((part * 2 ** 32) / count));
  return {
    start: partition === 0 ? '' : bound(partition),
    ...(partition < count - 1 && { end: bound(partition + 1) }),
  };
}

function cut(one: SuffixRange, other: SuffixRange | undefined): SuffixRange | undefined {
  if (other === undefined) return one;
  const [, start = ''] = [one.start, other.start].sort();
  const ends = [one.end, other.end].filter((end) => end !== undefined).sort();
  const [end] = ends;
  if (end !== undefined && end <= start) return undefined;
  return { start, ...(end !== undefined && { end }) };
}

function isWithin(suffix: string, { start, end }: SuffixRange): boolean {
  return suffix >= start && (end === undefined || suffix < end);
}
