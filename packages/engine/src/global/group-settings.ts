import type { CatalogWriter } from '../catalog/catalog.js';
import type { GlobalIndexRecord, OnDemandRecord, ReplicaOverrides, TableRecord } from '../catalog/table-record.js';
import type { ControlContext } from '../control/control-context.js';
import { defaultKmsKeyArn } from '../control/default-key.js';
import type { SseSpecification } from '../control/encryption.js';
import type { ProvisionedThroughput, WarmThroughput } from '../control/throughput-rules.js';
import type { GlobalIndexUpdate, UpdateTableInput } from '../control/update-table-rules.js';
import { storeUpdated, underWay, updated } from '../control/updated-table.js';
import { DynamoError } from '../errors.js';
import { keyForEachReplica } from './create-replica.js';
import { peersOf } from './group.js';

/**
 * Carries an update of one replica's settings over to the others: billing mode, write capacity, global indexes, the
 * type of encryption, the table class, warm throughput and maximums; read capacity where a replica has none of its own.
 * Streams, deletion protection, tags, recovery and policies are each replica's own affair.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
export function updatePeers(
  context: ControlContext,
  changes: CatalogWriter,
  before: TableRecord,
  input: UpdateTableInput,
): void {
  for (const peer of peersOf(changes.read, before)) {
    const given = inputFor(before, peer, input);
    if (Object.keys(given).length === 1) continue;
    const record = underWay(context, peer, updatedPeer(context, changes, peer, given), given);
    storeUpdated(context, changes, record, given);
  }
}

function updatedPeer(
  context: ControlContext,
  changes: CatalogWriter,
  peer: TableRecord,
  input: UpdateTableInput,
): TableRecord {
  try {
    return updated(context, peer, input, changes);
  } catch (error) {
    if (!(error instanceof DynamoError) || input.TableClass === undefined) throw error;
    throw new DynamoError(
      error.code,
      `Limit exceeded for replica in ${peer.region}. Updates to TableClass are limited to 2 times in 30 day(s)`,
    );
  }
}

function inputFor(before: TableRecord, peer: TableRecord, input: UpdateTableInput): UpdateTableInput {
  const overrides = peer.replication?.overrides;
  const hasOwnRead = overrides?.table === true;
  return withoutUndefined({
    TableName: input.TableName,
    AttributeDefinitions: (input.GlobalSecondaryIndexUpdates ?? input.VectorIndexUpdates) && input.AttributeDefinitions,
    VectorIndexUpdates: input.VectorIndexUpdates,
    BillingMode: input.BillingMode,
    ProvisionedThroughput: unitsFor(peer, peer, input.ProvisionedThroughput, hasOwnRead),
    OnDemandThroughput: maximumsFor(input.OnDemandThroughput, hasOwnRead),
    WarmThroughput: warmFor(peer, input.WarmThroughput),
    GlobalSecondaryIndexUpdates: indexUpdatesFor(peer, input.GlobalSecondaryIndexUpdates, overrides),
    SSESpecification: input.SSESpecification && encryptionFor(before, input.SSESpecification),
    TableClass: input.TableClass,
  });
}

type Holder = Pick<GlobalIndexRecord, 'throughput' | 'warm'>;

/** Undefined when nothing would change, which an update must not ask for. */
function unitsFor(
  { billingMode }: TableRecord,
  { throughput }: Holder,
  given: ProvisionedThroughput | undefined,
  hasOwnRead: boolean,
): ProvisionedThroughput | undefined {
  if (given === undefined || billingMode === 'PAY_PER_REQUEST') return given;
  const { readUnits, writeUnits } = throughput;
  const units = hasOwnRead ? { ...given, ReadCapacityUnits: readUnits } : given;
  const isSame = units.ReadCapacityUnits === readUnits && units.WriteCapacityUnits === writeUnits;
  return isSame ? undefined : units;
}

function maximumsFor(given: OnDemandRecord | undefined, hasOwnRead: boolean): OnDemandRecord | undefined {
  if (given === undefined || !hasOwnRead) return given;
  const { MaxReadRequestUnits: _, ...write } = given;
  return Object.keys(write).length === 0 ? undefined : write;
}

function warmFor({ warm }: Holder, given: WarmThroughput | undefined): WarmThroughput | undefined {
  if (given === undefined) return undefined;
  return {
    ReadUnitsPerSecond: Math.max(given.ReadUnitsPerSecond ?? 0, warm?.readUnitsPerSecond ?? 0),
    WriteUnitsPerSecond: Math.max(given.WriteUnitsPerSecond ?? 0, warm?.writeUnitsPerSecond ?? 0),
  };
}

function indexUpdatesFor(
  peer: TableRecord,
  updates: UpdateTableInput['GlobalSecondaryIndexUpdates'],
  overrides: ReplicaOverrides | undefined,
): GlobalIndexUpdate[] | undefined {
  const kept = (updates ?? []).flatMap((update): GlobalIndexUpdate[] => {
    const asked = update.Update;
    if (asked === undefined) return [update];
    const index = peer.globalIndexes.find(({ name }) => name === asked.IndexName);
    if (index === undefined) return [];
    const hasOwnRead = overrides?.indexes?.includes(asked.IndexName) === true;
    const next = withoutUndefined({
      IndexName: asked.IndexName,
      ProvisionedThroughput: unitsFor(peer, index, asked.ProvisionedThroughput, hasOwnRead),
      OnDemandThroughput: maximumsFor(asked.OnDemandThroughput, hasOwnRead),
      WarmThroughput: warmFor(index, asked.WarmThroughput),
    });
    return Object.keys(next).length === 1 ? [] : [{ Update: next }];
  });
  return kept.length === 0 ? undefined : kept;
}

/** The type is the same for all; a key of the owner's is changed in its own region. */
function encryptionFor(before: TableRecord, given: SseSpecification): SseSpecification | undefined {
  if (given.KMSMasterKeyId === undefined) return given;
  const current = before.encryption?.keyArn;
  if (current === undefined || current === defaultKmsKeyArn(before)) throw keyForEachReplica();
  return undefined;
}

function withoutUndefined<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
