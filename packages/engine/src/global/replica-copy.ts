import type { Writer } from '@tablewright/store';
import type { CatalogWriter } from '../catalog/catalog.js';
import { contentRange } from '../catalog/keys.js';
import type { Table } from '../catalog/table.js';
import { tableFromRecord } from '../catalog/table-from-record.js';
import type { ReplicationRecord, TableRecord } from '../catalog/table-record.js';
import type { ItemChange } from '../data/replace-item.js';
import { TableLayout } from '../data/table-layout.js';
import type { CutRegions } from './cut-regions.js';
import { mergeItem } from './merge-item.js';
import { suffixIn } from './replication-keys.js';

export interface ReplicaCopyOptions {
  readonly cut: CutRegions;
  readonly fill: (writer: Writer, change: ItemChange) => void;
}

/** Items read in one change. */
export const COPY_CHUNK = 300;

type Position = NonNullable<ReplicationRecord['copy']>;

/**
 * Fills a new replica from the items, and from what is known of deleted items, of every other replica in turn. Writes
 * go on meanwhile, and reach the new replica by themselves. Reading all of them makes it whole whatever was still on its
 * way between the others when it was added: each change was in some replica by then, and that one is read.
 */
export class ReplicaCopy {
  constructor(private readonly options: ReplicaCopyOptions) {}

  canFill({ region, replication }: TableRecord): boolean {
    const { cut } = this.options;
    const source = replication?.copy?.regions[0];
    return replication?.copy !== undefined && !cut.has(region) && (source === undefined || !cut.has(source));
  }

  /** True when the replica has everything. */
  fillAtOnce(changes: CatalogWriter, record: TableRecord): boolean {
    let at: TableRecord | undefined = record;
    while (at !== undefined && this.canFill(at)) {
      const before: Position | undefined = at.replication?.copy;
      if (this.fillChunk(changes, at)) return true;
      at = changes.read(record, record.name);
      // A whole chunk was read: the rest is for the background.
      if (before?.phase === at?.replication?.copy?.phase) return false;
    }
    return false;
  }

  /** Reads one chunk and stores how far it got. True when the replica has everything. */
  fillChunk(changes: CatalogWriter, record: TableRecord): boolean {
    const { replication } = record;
    const copy = replication?.copy;
    if (replication === undefined || copy === undefined) return false;
    const next = this.#chunk(changes, record, copy);
    const { copy: _, ...done } = replication;
    changes.put({ ...record, replication: next === undefined ? done : { ...done, copy: next } });
    return next === undefined;
  }

  #chunk(changes: CatalogWriter, record: TableRecord, copy: Position): Position | undefined {
    const [region, ...others] = copy.regions;
    if (region === undefined) return undefined;
    const source = changes.read({ accountId: record.accountId, region }, record.name);
    const from = source && tableFromRecord(source);
    const last = from?.replication === undefined ? undefined : this.#merge(changes.writer, from, record, copy);
    if (last !== undefined) return { ...copy, after: Buffer.from(last, 'latin1').toString('hex') };
    if (from !== undefined && copy.phase === 'items') return { ...copy, phase: 'deletions', after: '' };
    return others.length === 0 ? undefined : { regions: others, phase: 'items', after: '' };
  }

  /** The last key of a whole chunk; undefined when the range is done. */
  #merge(writer: Writer, from: Table, record: TableRecord, { phase, after }: Position): string | undefined {
    const layout = new TableLayout(tableFromRecord(record));
    const { replication } = from;
    if (replication === undefined || layout.table.replication === undefined) return undefined;
    const range =
      phase === 'items' ? contentRange('Dd', from.storageNumber) : contentRange('Dk', replication.deletions);
    const start = after === '' ? range.start : `${Buffer.from(after, 'hex').toString('latin1')}\0`;
    const keys: string[] = [];
    for (const { key } of writer.range({ start, end: range.end })) {
      keys.push(key);
      if (keys.length === COPY_CHUNK) break;
    }
    const target = { layout, replication: layout.table.replication };
    for (const key of keys) {
      mergeItem(writer, { table: from, replication }, target, suffixIn(key), this.options.fill);
    }
    return keys.length < COPY_CHUNK ? undefined : keys.at(-1);
  }
}
