import type { OnDemandRecord } from '../catalog/table-record.js';
import type { SseSpecification } from '../control/encryption.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { validationError } from '../errors.js';
import { checkConsistencyUpdate, type WitnessUpdate } from './strong-rules.js';

/** Read settings of a replica, or of one of its indexes, that differ from the table's. */
export interface ReadOverride {
  readonly ProvisionedThroughputOverride?: { readonly ReadCapacityUnits?: number };
  readonly OnDemandThroughputOverride?: Pick<OnDemandRecord, 'MaxReadRequestUnits'>;
}

export interface ReplicaSettings extends ReadOverride {
  readonly RegionName: string;
  readonly KMSMasterKeyId?: string;
  readonly GlobalSecondaryIndexes?: readonly (ReadOverride & { readonly IndexName: string })[];
  readonly TableClassOverride?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
}

export interface ReplicaUpdate {
  readonly Create?: ReplicaSettings;
  readonly Update?: ReplicaSettings;
  readonly Delete?: { readonly RegionName: string };
}

export interface ReplicaUpdatesInput {
  readonly ReplicaUpdates?: readonly ReplicaUpdate[];
  readonly SSESpecification?: SseSpecification;
  readonly MultiRegionConsistency?: 'EVENTUAL' | 'STRONG';
  readonly GlobalTableWitnessUpdates?: readonly WitnessUpdate[];
}

/**
 * What can be said of ReplicaUpdates without the table. Rules and words as recorded from the service in public projects.
 *
 * @param changes the members of the request that change something
 */
export function checkReplicaUpdates(input: ReplicaUpdatesInput, changes: readonly string[]): void {
  const updates = input.ReplicaUpdates ?? [];
  const isUpdate = updates.every(({ Create, Delete }) => Create === undefined && Delete === undefined);
  const others = changes.filter((member) => member !== 'ReplicaUpdates');
  // A change of the key names the keys of the replicas, too.
  if (others.some((member) => member !== 'SSESpecification' || !isUpdate)) {
    const isAboutConsistency =
      input.MultiRegionConsistency !== undefined || input.GlobalTableWitnessUpdates !== undefined;
    if (isAboutConsistency) {
      throw invalidParameter('Requests that modify replicas or witnesses must not also modify other fields');
    }
    throw invalidParameter('Replica modification must be the only operation in the request');
  }
  if (updates.some((update) => Object.values(update).filter((action) => action !== undefined).length > 1)) {
    throw validationError('Update table operation with more than one type of replica actions not allowed.');
  }
  if (updates.some((update) => !isAction(update, others.length > 0))) {
    throw validationError('There are no actions specified in the Replica Update Action of the request.');
  }
  // AWS says no more of it.
  if (updates.some(({ Create }) => Create !== undefined && (Create.RegionName as unknown) === undefined)) {
    throw validationError('One or more parameter values were invalid');
  }
  checkConsistencyUpdate(input);
  const members = updates.map(({ Create, Delete }) => Create ?? Delete).filter((one) => one !== undefined);
  // Those that are deleted may be all of a strongly consistent table's.
  const created = new Set(updates.flatMap(({ Create }) => (Create === undefined ? [] : [Create.RegionName])));
  const isOne = (created.size <= 1 || input.MultiRegionConsistency === 'STRONG') && kinds(updates) <= 1;
  if (!isOne || (members.length > 0 && members.length < updates.length)) {
    throw validationError('Update table operation with more than one create or delete replica actions not allowed');
  }
}

function kinds(updates: readonly ReplicaUpdate[]): number {
  return (
    Number(updates.some(({ Create }) => Create !== undefined)) +
    Number(updates.some(({ Delete }) => Delete !== undefined))
  );
}

function isAction({ Create, Update, Delete }: ReplicaUpdate, isKeyChange: boolean): boolean {
  if (Create !== undefined || Delete !== undefined) return true;
  if (Update === undefined) return false;
  const { RegionName: _, GlobalSecondaryIndexes: indexes, ...settings } = Update;
  if (isKeyChange || Object.values(settings).some((value) => value !== undefined)) return true;
  return (indexes ?? []).some(
    (index) => index.ProvisionedThroughputOverride !== undefined || index.OnDemandThroughputOverride !== undefined,
  );
}
