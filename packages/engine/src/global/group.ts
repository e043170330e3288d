import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableStatus } from '../catalog/table.js';
import { isJoining, type TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { DynamoError, validationError } from '../errors.js';

const DAY_MS = 24 * 3600 * 1000;

const IN_TRANSITION: ReadonlySet<TableStatus> = new Set(['CREATING', 'UPDATING', 'DELETING']);

/** What finds tables: the catalog, or a change that is being made. */
type Finder = (place: { readonly accountId: string; readonly region: string }, name: string) => TableRecord | undefined;

/** The other replicas, in the order in which they came; none for a table of one region. */
export function peersOf(find: Finder, record: TableRecord): TableRecord[] {
  const { peers = [] } = record.replication ?? {};
  return peers
    .map(({ region }) => find({ accountId: record.accountId, region }, record.name))
    .filter((peer) => peer !== undefined);
}

export function inUse(): DynamoError {
  return new DynamoError('ResourceInUseException', 'The resource which you are attempting to change is in use.');
}

/** While a replica comes or goes, or its settings change, nothing else of the global table does. */
export function assertGroupIdle(changes: CatalogWriter, record: TableRecord): void {
  const peers = peersOf(changes.read, record);
  if (peers.length > 0 && [record, ...peers].some(({ status }) => IN_TRANSITION.has(status))) throw inUse();
}

/** What all replicas have in common waits for the one that is being made. */
export function assertNoneJoining(changes: CatalogWriter, record: TableRecord): void {
  const joining = [record, ...peersOf(changes.read, record)].find(isJoining);
  if (joining === undefined) return;
  throw validationError(
    'Create/Update/Delete of replica is not allowed while the replica is being added to table with name: ' +
      `‘${joining.name}’ in region: ‘${joining.region}’.`,
  );
}

/** A replica that others were added from stays for a day, or until they are gone. */
export function assertNotSource(context: ControlContext, changes: CatalogWriter, record: TableRecord): void {
  const nowMs = context.clock.nowMs();
  const isSource = peersOf(changes.read, record).some(
    ({ replication }) => replication?.source === record.region && replication.joinedMs > nowMs - DAY_MS,
  );
  if (!isSource) return;
  throw validationError(
    'Replica cannot be deleted because it has acted as a source region for new replica(s) being added to the table ' +
      'in the last 24 hours.',
  );
}

export function assertNotProtected(record: TableRecord): void {
  if (!record.deletionProtection) return;
  throw validationError(
    `Cannot delete table ${record.name} in region ${record.region} because it has deletion protection enabled. ` +
      'Disable deletion protection first.',
  );
}

/** Deletes a replica, after its last changes have been sent to those that can be reached. */
export function removeReplica(context: ControlContext, changes: CatalogWriter, record: TableRecord | undefined): void {
  if (record === undefined) return;
  const { replication } = record;
  if (replication === undefined || !context.replication.hasUnsent(record)) {
    context.lifecycle.begin(changes, { ...record, status: 'DELETING' });
    return;
  }
  changes.put({ ...record, status: 'DELETING', replication: { ...replication, isLeaving: true } });
}
