import type { AttributeDefinition, OnDemandRecord } from '../catalog/table-record.js';
import { validationError } from '../errors.js';
import { checkReplicaUpdates, type ReplicaUpdatesInput } from '../global/replica-rules.js';
import { checkVectorIndexUpdates, type VectorIndexUpdate } from '../vectors/vector-index-updates.js';
import type { GlobalIndexInput } from './create-table.js';
import { checkSseSpecification } from './encryption.js';
import { invalidParameter } from './invalid-parameter.js';
import { onlyOneOnlineIndex } from './online-index.js';
import { checkStreamUpdate, type StreamSpecification } from './stream.js';
import { type BillingMode, checkBounds, type ProvisionedThroughput, type WarmThroughput } from './throughput-rules.js';

export interface IndexUpdate {
  readonly IndexName: string;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly OnDemandThroughput?: OnDemandRecord;
  readonly WarmThroughput?: WarmThroughput;
}

export interface GlobalIndexUpdate {
  readonly Create?: GlobalIndexInput;
  readonly Update?: IndexUpdate;
  readonly Delete?: { readonly IndexName: string };
}

export interface UpdateTableInput extends ReplicaUpdatesInput {
  readonly TableName: string;
  readonly AttributeDefinitions?: readonly AttributeDefinition[];
  readonly BillingMode?: BillingMode;
  readonly ProvisionedThroughput?: ProvisionedThroughput;
  readonly GlobalSecondaryIndexUpdates?: readonly GlobalIndexUpdate[];
  readonly VectorIndexUpdates?: readonly VectorIndexUpdate[];
  readonly StreamSpecification?: StreamSpecification;
  readonly TableClass?: 'STANDARD' | 'STANDARD_INFREQUENT_ACCESS';
  readonly DeletionProtectionEnabled?: boolean;
  readonly OnDemandThroughput?: OnDemandRecord;
  readonly WarmThroughput?: WarmThroughput;
  readonly GlobalTableSettingsReplicationMode?: 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_OVERRIDES';
}

/** The members that change a table, in the order of AWS's message; the last three that it names are not public. */
const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'GlobalSecondaryIndexUpdates',
  'SSESpecification',
  'ReplicaUpdates',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'WarmThroughput',
  'TableClass',
  'GlobalTableSettingsReplicationMode',
  'VectorIndexUpdates',
] as const;

const DROPPED_WHEN_EMPTY: ReadonlySet<string> = new Set(['OnDemandThroughput', 'WarmThroughput']);

/** As the only change, an empty list of these counts as none; beside another, AWS refuses it (recorded by a public project). */
const INDEX_UPDATES = ['GlobalSecondaryIndexUpdates', 'VectorIndexUpdates'] as const;

/** Everything that can be said of the request without the table. */
export function checkUpdateTable(given: Record<string, unknown>): void {
  const input = given as UpdateTableInput & Record<string, unknown>;
  const changes = changesOf(input);
  if (changes.length === 0) {
    throw validationError(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, ' +
        'SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, ' +
        // What the request has is not asked for.
        (input.MultiRegionConsistency === undefined ? 'MultiRegionConsistency, ' : '') +
        'DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required',
    );
  }
  if (input.GlobalTableSettingsReplicationMode === 'ENABLED_WITH_OVERRIDES') {
    throw validationError(
      "Value 'ENABLED_WITH_OVERRIDES' at 'GlobalTableSettingsReplicationMode' failed to satisfy constraint: Only " +
        'ENABLED and DISABLED settings replication are supported for a Regional Table.',
    );
  }
  checkWarmUpdates(input.GlobalSecondaryIndexUpdates ?? []);
  if (input.ReplicaUpdates === undefined) checkCombination(input, changes);
  else checkReplicaUpdates(input, changes);
  for (const member of INDEX_UPDATES) {
    if (input[member]?.length === 0) throw invalidParameter(`List of ${member} is empty`);
  }
  checkIndexUpdates(input.GlobalSecondaryIndexUpdates ?? []);
  checkVectorIndexUpdates(input.VectorIndexUpdates ?? []);
  if (onlineChanges(input) > 1) throw onlyOneOnlineIndex();
  checkBounds(input.ProvisionedThroughput);
  checkSseSpecification(input.SSESpecification);
  checkStreamUpdate(input.StreamSpecification);
  checkBilling(input);
}

/**
 * What the request changes: not an empty list of index updates; nor throughput without members, unless it is all that
 * there is (recorded on AWS, which drops it beside anything else).
 */
function changesOf(input: Record<string, unknown>): readonly (typeof CHANGES)[number][] {
  const changes = CHANGES.filter((member) => {
    const value = input[member];
    const isIndexUpdates = INDEX_UPDATES.some((one) => one === member);
    return value !== undefined && !(isIndexUpdates && (value as unknown[]).length === 0);
  });
  const whole = changes.filter((member) => !DROPPED_WHEN_EMPTY.has(member) || !isEmpty(input[member]));
  return whole.length === 0 ? changes : whole;
}

/**
 * Throws when throughput without members is all that there is to change. Differs: AWS answers InternalFailure (recorded),
 * which clients try again; here it is told as AWS tells it of an index.
 */
export function checkUnitsGiven(input: UpdateTableInput & Record<string, unknown>): void {
  const [only] = changesOf(input);
  const members = only === undefined ? undefined : MEMBERS_OF[only];
  if (only === undefined || members === undefined || !isEmpty(input[only])) return;
  throw invalidParameter(`${only} must have at least one of ${members.join(' or ')} specified`);
}

const MEMBERS_OF: Readonly<Partial<Record<(typeof CHANGES)[number], readonly string[]>>> = {
  OnDemandThroughput: ['MaxReadRequestUnits', 'MaxWriteRequestUnits'],
  WarmThroughput: ['ReadUnitsPerSecond', 'WriteUnitsPerSecond'],
};

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** One logical change per request, but for a few pairs. */
function checkCombination(input: UpdateTableInput, changes: readonly (typeof CHANGES)[number][]): void {
  if (changes.length === 1) return;
  const alone = (
    [
      ['SSESpecification', 'Server-Side Encryption modification'],
      ['TableClass', 'TableClass modification'],
      ['DeletionProtectionEnabled', 'DeletionProtection modification'],
    ] as const
  ).find(([member]) => changes.includes(member));
  if (alone !== undefined) throw invalidParameter(`${alone[1]} must be the only operation in the request`);
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  const changesIndexes = onlineChanges(input) > 0;
  if (changes.includes('WarmThroughput')) {
    throw invalidParameter(
      updates.some((update) => update.Create !== undefined)
        ? 'Create global secondary index cannot be specified when updating WarmThroughput'
        : 'WarmThroughput must be the only operation in the request',
    );
  }
  if (
    changes.includes('OnDemandThroughput') &&
    changes.some((one) => one !== 'OnDemandThroughput' && one !== 'BillingMode')
  ) {
    throw invalidParameter('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request');
  }
  const changesUnits = changes.includes('ProvisionedThroughput') || input.BillingMode === 'PROVISIONED';
  if (changes.includes('StreamSpecification') && changesUnits) {
    throw invalidParameter('You cannot modify stream status while updating table IOPS');
  }
  if (changesIndexes && changesUnits) {
    throw invalidParameter('You cannot create or delete index while updating table IOPS');
  }
  if (changesIndexes && changes.includes('StreamSpecification')) {
    throw invalidParameter('You cannot create or delete index while changing stream status');
  }
}

/** Comes before what does not go together. */
function checkWarmUpdates(updates: readonly GlobalIndexUpdate[]): void {
  for (const { Update: update } of updates) {
    if (update?.WarmThroughput === undefined || !isEmpty(update.WarmThroughput)) continue;
    throw invalidParameter(
      'WarmThroughput must have at least one of ReadUnitsPerSecond or WriteUnitsPerSecond specified for index: ' +
        update.IndexName,
    );
  }
}

function checkIndexUpdates(updates: readonly GlobalIndexUpdate[]): void {
  const seen = new Set<string>();
  for (const update of updates) {
    const actions = [update.Update, update.Create, update.Delete].filter((action) => action !== undefined);
    const [action] = actions;
    if (action === undefined) {
      throw invalidParameter(
        'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, ' +
          'GlobalSecondaryIndexUpdate.Delete must not be null',
      );
    }
    if (actions.length > 1) {
      throw invalidParameter('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object');
    }
    if (seen.has(action.IndexName)) {
      throw invalidParameter(
        `Only one global secondary index update per index is allowed simultaneously. Index: ${action.IndexName}`,
      );
    }
    seen.add(action.IndexName);
  }
  for (const { Update: update, Create: create } of updates) {
    checkBounds(update?.ProvisionedThroughput, update?.IndexName);
    checkBounds(create?.ProvisionedThroughput, create?.IndexName);
  }
}

/** How many indexes the request makes or takes away. */
function onlineChanges(input: UpdateTableInput): number {
  const ofGlobal = (input.GlobalSecondaryIndexUpdates ?? []).filter((update) => update.Update === undefined);
  return ofGlobal.length + (input.VectorIndexUpdates?.length ?? 0);
}

function checkBilling(input: UpdateTableInput): void {
  if (input.BillingMode === 'PAY_PER_REQUEST' && input.ProvisionedThroughput !== undefined) throw unitsOnDemand();
  if (input.BillingMode === 'PROVISIONED' && input.ProvisionedThroughput === undefined) {
    throw invalidParameter('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
}

export function unitsOnDemand(): Error {
  return invalidParameter(
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );
}
