import { assertNoBulkOperation } from '../bulk/bulk-request.js';
import type { CatalogWriter } from '../catalog/catalog.js';
import type { Caller } from '../catalog/table.js';
import {
  type GlobalIndexRecord,
  isJoining,
  type OnDemandRecord,
  type PeerRecord,
  type ReplicationRecord,
  type StrongRecord,
  type TableRecord,
  type ThroughputRecord,
} from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { defaultKmsKeyArn } from '../control/default-key.js';
import { invalidParameter } from '../control/invalid-parameter.js';
import { storageNumbers } from '../control/lifecycle.js';
import { newStreamIdentity } from '../control/stream.js';
import { DynamoError, validationError } from '../errors.js';
import { newVectorIndex, vectorIndexInput } from '../vectors/vector-index-rules.js';
import { assertGroupIdle, peersOf } from './group.js';
import type { ReadOverride, ReplicaSettings } from './replica-rules.js';

/**
 * Adds replicas: empty tables of the same schema, which are then filled. Returns the table that they were added to.
 *
 * @param strong for a new global table with strong consistency
 */
export function createReplicas(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  asked: readonly ReplicaSettings[],
  strong: StrongRecord | undefined,
): TableRecord {
  const { accountId, name } = record;
  const peers = peersOf(changes.read, record);
  const isJoiningAlready = ({ RegionName }: ReplicaSettings): boolean =>
    peers.some((peer) => peer.region === RegionName && isJoining(peer));
  if (asked.some(isJoiningAlready)) {
    const regions = [record, ...peers].map(({ region }) => region).sort();
    throw new DynamoError(
      'ResourceInUseException',
      `Global table with name: ${name} already exists with replicas in regions: ${regions.join(', ')}.`,
    );
  }
  if (asked.some(({ RegionName: region }) => changes.read({ accountId, region }, name) !== undefined)) {
    throw validationError(
      `Failed to create a the new replica of table with name: ‘${record.name}’ because one or more replicas ` +
        'already existed as tables.',
    );
  }
  assertGroupIdle(changes, record);
  assertNoBulkOperation(context, record);
  checkCapacity(context, record);
  let grown = withStream(context, changes, record);
  for (const one of asked) grown = withReplica(context, changes, grown, one, strong);
  context.lifecycle.begin(changes, { ...grown, status: 'UPDATING' });
  for (const { RegionName: region } of asked) {
    const replica = changes.read({ accountId, region }, name);
    if (replica !== undefined) context.replication.fillAtOnce(changes, replica);
  }
  return { ...grown, status: 'UPDATING' };
}

/** The table with one more replica, which is made. */
function withReplica(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  asked: ReplicaSettings,
  strong: StrongRecord | undefined,
): TableRecord {
  const { RegionName: region, KMSMasterKeyId: keyId } = asked;
  const encryption = replicaEncryption(context, record, { accountId: record.accountId, region }, keyId);
  const others = peersOf(changes.read, record);
  const replica = { ...newReplica(context, changes, record, others, asked), ...encryption };
  for (const peer of others) changes.put(withPeer(context, changes, peer, region, strong));
  changes.put(strong === undefined ? replica : withStrength(replica, strong));
  for (const [number, prefix] of storageNumbers(replica)) context.statistics.create(number, prefix);
  return withPeer(context, changes, record, region, strong);
}

function withStrength(record: TableRecord, strong: StrongRecord): TableRecord {
  return record.replication === undefined ? record : { ...record, replication: { ...record.replication, strong } };
}

/** Replication must not be held up for want of capacity. */
function checkCapacity(context: ControlContext, record: TableRecord): void {
  if (record.billingMode === 'PAY_PER_REQUEST') return;
  const { isWriteAutoScaled } = context;
  if (!isWriteAutoScaled(record, record.name)) {
    throw validationError('Table write capacity should either be Pay-Per-Request or AutoScaled.');
  }
  if (record.globalIndexes.some((index) => !isWriteAutoScaled(record, record.name, index.name))) {
    throw validationError('GSI write capacity should either be Pay-Per-Request or AutoScaled.');
  }
}

/** All replicas have a key of the owner's, or all have that of AWS's; each in its own region. */
export function replicaEncryption(
  context: ControlContext,
  record: TableRecord,
  place: Caller,
  keyId: string | undefined,
): Pick<TableRecord, 'encryption'> {
  if (record.encryption === undefined) {
    if (keyId !== undefined) throw keyForEachReplica();
    return {};
  }
  const managed = defaultKmsKeyArn(place);
  const isManaged = record.encryption.keyArn === defaultKmsKeyArn(record);
  if (keyId === undefined && !isManaged) throw keyForEachReplica();
  const keyArn = keyId === undefined ? managed : replicaKey(context, place, keyId);
  if ((keyArn === managed) !== isManaged) {
    throw invalidParameter('All replica keys must either be Customer Managed CMK or AWS Managed CMK.');
  }
  return { encryption: { keyArn } };
}

/** The key as its region knows it; the words that DynamoDB has for one that cannot be used name the region. */
function replicaKey(context: ControlContext, place: Caller, keyId: string): string {
  try {
    return context.resolveKmsKey(place, keyId);
  } catch (error) {
    if (!(error instanceof DynamoError)) throw error;
    if (error.message.startsWith('KMS key disabled error')) {
      throw validationError(
        'Operation cannot be performed while replica server-side encryption status is in UPDATING state. Please retry ' +
          'the request after the status is updated to ENABLED.',
      );
    }
    throw validationError(
      error.message.replace(/^KMS validation error:/, `KMS validation error for region ${place.region}:`),
    );
  }
}

export function keyForEachReplica(): Error {
  return invalidParameter('KMSMasterKeyId must be specified for each replica.');
}

/** Replication reads a stream on AWS, so that every replica has one; it stays when the others go. */
function withStream(context: ControlContext, changes: CatalogWriter, record: TableRecord): TableRecord {
  if (record.stream?.enabled === true) return record;
  const identity = newStreamIdentity(context, record, record.name, changes);
  return { ...record, stream: { viewType: 'NEW_AND_OLD_IMAGES', ...identity, enabled: true } };
}

function withPeer(
  context: ControlContext,
  changes: CatalogWriter,
  record: TableRecord,
  region: string,
  strong: StrongRecord | undefined,
): TableRecord {
  const replication: ReplicationRecord = record.replication ?? {
    peers: [],
    versions: changes.nextStorageNumber(),
    deletions: changes.nextStorageNumber(),
    joinedMs: context.clock.nowMs(),
  };
  const peers = [...replication.peers, newPeer(changes, region)];
  return { ...record, replication: { ...replication, peers, ...(strong !== undefined && { strong }) } };
}

function newPeer(changes: CatalogWriter, region: string): PeerRecord {
  return { region, queue: changes.nextStorageNumber() };
}

function newReplica(
  context: ControlContext,
  changes: CatalogWriter,
  source: TableRecord,
  others: readonly TableRecord[],
  asked: ReplicaSettings,
): TableRecord {
  const nowMs = context.clock.nowMs();
  const regions = [source, ...others].map(({ region }) => region);
  const { timeToLive, billingMode, warm, tableClass } = source;
  const className = asked.TableClassOverride ?? tableClass?.name;
  return {
    name: source.name,
    id: context.random.uuid(),
    accountId: source.accountId,
    region: asked.RegionName,
    storageNumber: changes.nextStorageNumber(),
    createdMs: nowMs,
    status: 'CREATING',
    attributes: source.attributes,
    keySchema: source.keySchema,
    localIndexes: source.localIndexes.map((index) => ({ ...index, storageNumber: changes.nextStorageNumber() })),
    globalIndexes: source.globalIndexes.map((index) => newIndex(changes, index, asked)),
    ...(source.vectorIndexes !== undefined && {
      vectorIndexes: source.vectorIndexes.map((index) => newVectorIndex(vectorIndexInput(index), changes)),
    }),
    billingMode,
    ...(billingMode === 'PAY_PER_REQUEST' && { lastOnDemandMs: nowMs }),
    ...readSettings(source, asked),
    ...(warm !== undefined && { warm }),
    ...(className !== undefined && { tableClass: { name: className } }),
    deletionProtection: false,
    tags: [],
    ...(timeToLive?.enabled === true && {
      timeToLive: {
        attributeName: timeToLive.attributeName,
        enabled: true,
        changedMs: nowMs,
        storageNumber: changes.nextStorageNumber(),
      },
    }),
    replication: {
      peers: regions.map((region) => newPeer(changes, region)),
      versions: changes.nextStorageNumber(),
      deletions: changes.nextStorageNumber(),
      joinedMs: nowMs,
      source: source.region,
      copy: { regions, phase: 'items', after: '' },
      overrides: overridesIn(source, asked),
    },
  };
}

/** An override for an index that is not there goes unnoticed, as on AWS. */
function newIndex(changes: CatalogWriter, index: GlobalIndexRecord, asked: ReplicaSettings): GlobalIndexRecord {
  const { name, keySchema, projection, warm } = index;
  const override = asked.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
  return {
    name,
    storageNumber: changes.nextStorageNumber(),
    keySchema,
    projection,
    status: 'CREATING',
    ...readSettings(index, override),
    ...(warm !== undefined && { warm }),
  };
}

type Settings = { readonly throughput: ThroughputRecord; readonly onDemand?: OnDemandRecord };

function readSettings({ throughput, onDemand }: Settings, override: ReadOverride | undefined): Settings {
  const { writeUnits } = throughput;
  const readUnits =
    throughput.readUnits === 0
      ? 0
      : (override?.ProvisionedThroughputOverride?.ReadCapacityUnits ?? throughput.readUnits);
  const maximum = override?.OnDemandThroughputOverride?.MaxReadRequestUnits;
  const limits = maximum === undefined ? onDemand : { ...onDemand, MaxReadRequestUnits: maximum };
  return { throughput: { readUnits, writeUnits }, ...(limits !== undefined && { onDemand: limits }) };
}

/** Where a replica's read settings are its own, and do not follow the others'. */
function overridesIn(source: TableRecord, asked: ReplicaSettings): NonNullable<ReplicationRecord['overrides']> {
  const isOverride = (holder: Settings | undefined, given: ReadOverride): boolean => {
    const units = given.ProvisionedThroughputOverride?.ReadCapacityUnits;
    const maximum = given.OnDemandThroughputOverride?.MaxReadRequestUnits;
    return (
      (units !== undefined && units !== holder?.throughput.readUnits) ||
      (maximum !== undefined && maximum !== holder?.onDemand?.MaxReadRequestUnits)
    );
  };
  const indexes = (asked.GlobalSecondaryIndexes ?? [])
    .filter((given) => isOverride(indexOf(source, given.IndexName), given))
    .map(({ IndexName }) => IndexName);
  return { ...(isOverride(source, asked) && { table: true as const }), indexes };
}

function indexOf(record: TableRecord, name: string): GlobalIndexRecord | undefined {
  return record.globalIndexes.find((index) => index.name === name);
}
