import type { CatalogWriter } from '../catalog/catalog.js';
import type { TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { validationError } from '../errors.js';
import { peersOf } from './group.js';
import type { ReplicaUpdatesInput } from './replica-rules.js';

// Multi-Region strong consistency: three regions from the start, or two and a witness, and no change of them but the end
// of all. Rules and words as recorded from the service in public projects; those for tables with items, local indexes
// and time to live are documented, and in words of our own. Regions of different sets go together, as recorded, although
// the API reference says otherwise.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html

const REGIONS: ReadonlySet<string> = new Set([
  ...['us-east-1', 'us-east-2', 'us-west-2'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
]);

/** Besides the table itself. */
const OTHER_REGIONS = 2;
const STRONG = 'global tables with MultiRegionConsistency set to STRONG';

export interface WitnessUpdate {
  readonly Create?: { readonly RegionName: string };
  readonly Delete?: { readonly RegionName: string };
}

/** What can be said of a request about consistency, or a witness, without the table. */
export function checkConsistencyUpdate(input: ReplicaUpdatesInput): void {
  const { MultiRegionConsistency: consistency, ReplicaUpdates: updates = [] } = input;
  const [witness] = input.GlobalTableWitnessUpdates ?? [];
  if (consistency !== undefined && updates.some(({ Create }) => Create === undefined)) {
    throw validationError(
      'Only Replica Create actions are supported when MultiRegionConsistency parameter is provided.',
    );
  }
  if (witness?.Create !== undefined && consistency !== 'STRONG') {
    throw validationError(
      'MultiRegionConsistency must be set as STRONG when GlobalTableWitnessUpdates parameter is present.',
    );
  }
  if (consistency !== 'STRONG') return;
  const regions = createdRegions(input);
  if (regions.length !== OTHER_REGIONS) throw validationError(`Unsupported replica count for ${STRONG}.`);
  assertSupported(regions);
  if (new Set(regions).size < regions.length) {
    throw validationError('Cannot target multiple regions with the same action');
  }
}

function createdRegions(input: ReplicaUpdatesInput): string[] {
  const actions = [...(input.ReplicaUpdates ?? []), ...(input.GlobalTableWitnessUpdates ?? [])];
  return actions.flatMap(({ Create }) => (Create === undefined ? [] : [Create.RegionName]));
}

function assertSupported(regions: readonly string[]): void {
  const unsupported = [...new Set(regions.filter((region) => !REGIONS.has(region)))];
  if (unsupported.length === 0) return;
  throw validationError(`Unsupported Region(s) specified for ${STRONG}: [${unsupported.join(', ')}].`);
}

/** Whether the table can become, or grow, the global table that is asked for. */
export function checkNewGroup(context: ControlContext, record: TableRecord, input: ReplicaUpdatesInput): void {
  if (record.replication !== undefined && input.MultiRegionConsistency !== undefined) {
    throw validationError('MultiRegionConsistency parameter is unsupported on existing global table');
  }
  if (record.replication?.strong !== undefined) {
    throw validationError('Cannot add replicas to a global table with strong MultiRegionConsistency');
  }
  if (input.MultiRegionConsistency !== 'STRONG') return;
  assertSupported([record.region]);
  if (input.GlobalTableWitnessUpdates?.[0]?.Create?.RegionName === record.region) {
    throw validationError(
      `Cannot add a witness in the same region as an existing replica when creating a ${STRONG.replace('tables', 'table')}.`,
    );
  }
  if (context.statistics.of(record.storageNumber).items > 0) {
    throw validationError(`Table ${record.name} must be empty to become one of the ${STRONG}.`);
  }
  if (record.localIndexes.length > 0) throw unsupported('Local secondary indexes are');
  if (record.timeToLive?.enabled === true) throw unsupported('Time to live is');
}

/** The replicas of a strongly consistent table, and its witness, go together. */
export function checkDeletions(changes: CatalogWriter, record: TableRecord, input: ReplicaUpdatesInput): void {
  const deleted = new Set((input.ReplicaUpdates ?? []).map(({ Delete }) => Delete?.RegionName));
  const strong = record.replication?.strong;
  if (strong === undefined) {
    if (deleted.size <= 1) return;
    throw validationError('Update table operation with more than one create or delete replica actions not allowed');
  }
  const witness = input.GlobalTableWitnessUpdates?.[0]?.Delete?.RegionName;
  if (witness !== undefined && witness !== strong.witness?.region) {
    throw validationError(
      'Update global table operation failed because one or more witnesses were not part of the global table. ' +
        `Please retry the request without these witnesses: [${witness}].`,
    );
  }
  if (strong.witness !== undefined && witness === undefined) {
    throw validationError('Update table delete operation does not include all witnesses.');
  }
  if (peersOf(changes.read, record).some(({ region }) => !deleted.has(region))) throw onlyOne();
}

/** A replica of a strongly consistent table is not deleted by itself. */
export function assertNotStrong(record: TableRecord): void {
  if (record.replication?.strong !== undefined) throw onlyOne();
}

export function assertNoStrongTimeToLive(record: TableRecord): void {
  if (record.replication?.strong !== undefined) throw unsupported('Time to live is');
}

function onlyOne(): Error {
  return validationError(`Deletion of only one table replica is not supported for ${STRONG}.`);
}

function unsupported(what: string): Error {
  return validationError(`${what} not supported for ${STRONG}.`);
}

/** Transactions do not span the regions of such a table. */
export function strongTransaction(): Error {
  return unsupported('Transactions are');
}
