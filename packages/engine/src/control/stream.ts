// Streams of tables as their specification and description show them: a stream has a label and an ARN, which a later
// one never shares, also not that of another table of the same name. Shards and records: `streams/`.
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import type { StreamRecord, TableRecord } from '../catalog/table-record.js';
import { validationError } from '../errors.js';
import type { ControlContext } from './control-context.js';
import { invalidParameter } from './invalid-parameter.js';

export interface StreamSpecification {
  readonly StreamEnabled: boolean;
  readonly StreamViewType?: StreamRecord['viewType'];
}

/** What makes a stream another than all before it. */
export type StreamIdentity = Pick<StreamRecord, 'label' | 'storageNumber'>;

/** That of a new stream. Made when it is needed: a storage number is used up by asking for it. */
export function newStreamIdentity(
  context: ControlContext,
  place: Caller,
  tableName: string,
  changes: CatalogWriter,
): StreamIdentity {
  const label = streamLabel(context.clock.nowMs(), context.streams.latestLabel(place, tableName));
  return { label, storageNumber: changes.nextStorageNumber() };
}

/** The stream of a table that is being created. */
export function initialStream(
  given: StreamSpecification | undefined,
  identity: () => StreamIdentity,
): StreamRecord | undefined {
  if (given === undefined) return undefined;
  const { StreamEnabled: enabled, StreamViewType: viewType } = given;
  if (enabled && viewType === undefined) {
    throw invalidParameter('Table is being created with a stream enabled, UpdateViewType is required');
  }
  if (!enabled && viewType !== undefined) {
    throw invalidParameter('Table is being created with a stream disabled, UpdateViewType should not be specified');
  }
  return enabled && viewType !== undefined ? { viewType, ...identity(), enabled } : undefined;
}

export function checkStreamUpdate(given: StreamSpecification | undefined): void {
  if (given?.StreamEnabled === true && given.StreamViewType === undefined) {
    throw invalidParameter('If stream is being enabled then UpdateViewType is required');
  }
  if (given?.StreamEnabled === false && given.StreamViewType !== undefined) {
    throw invalidParameter('If stream is being disabled, then UpdateViewType must not be specified');
  }
}

/** The stream of a replica cannot be switched off, whatever else goes on. */
export function assertStreamStays(record: TableRecord, given: StreamSpecification | undefined): void {
  if (record.replication === undefined || given === undefined || given.StreamEnabled) return;
  throw invalidParameter('Disabling Stream is not allowed for a Global Table replica.');
}

/** A stream's view type never changes: it is switched off, and a new one on. */
export function updatedStream(
  record: TableRecord,
  given: StreamSpecification,
  identity: () => StreamIdentity,
): StreamRecord {
  const current = record.stream;
  if (given.StreamEnabled) {
    if (current?.enabled === true) {
      throw validationError(`Table already has an enabled stream: TableName: ${record.name}`);
    }
    const viewType = given.StreamViewType ?? 'NEW_AND_OLD_IMAGES';
    return { viewType, ...identity(), enabled: true };
  }
  if (current?.enabled !== true) throw validationError(`Table has no stream to disable: TableName: ${record.name}`);
  return { ...current, enabled: false };
}

/** The time of creation, as ISO 8601 without a zone; always later than `previous`. */
function streamLabel(nowMs: number, previous?: string): string {
  const label = (atMs: number): string => new Date(atMs).toISOString().slice(0, -1);
  if (previous === undefined || label(nowMs) > previous) return label(nowMs);
  return label(Date.parse(`${previous}Z`) + 1);
}
