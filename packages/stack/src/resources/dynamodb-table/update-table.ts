import {
  type GlobalSecondaryIndexUpdate,
  UpdateTableCommand,
  type UpdateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { UserError } from '@tablewright/base';
import { asUserError } from '../../aws/aws-error.js';
import { equalJson, isJsonObject, type JsonObject } from '../../json-value.js';
import { blocks, count, flag, text } from '../planned-value.js';
import type { ResourceContext } from '../resource-handler.js';
import { InterruptedError } from '../wait-until.js';
import { attributeTypes, changesStream } from './plan-table.js';
import { readTable } from './read-table.js';
import {
  attributeDefinitions,
  encryptionInput,
  globalIndexInput,
  isProvisioned,
  streamInput,
  throughput,
} from './table-input.js';
import { setRecovery, setTags, setTimeToLive } from './table-settings.js';
import { TABLE_TIMEOUTS_MS } from './table-timeouts.js';
import { waitUntilActive } from './wait-for-table.js';

type Step = Omit<UpdateTableCommandInput, 'TableName'>;

/** Brings the table from `prior` to `planned`, one UpdateTable at a time, each waited for. */
export async function updateTable(
  context: ResourceContext,
  prior: JsonObject,
  planned: JsonObject,
): Promise<JsonObject> {
  const name = text(prior, 'name');
  const timeoutMs = TABLE_TIMEOUTS_MS.update;
  try {
    const tags = planned.tags;
    if (isJsonObject(tags) && !equalJson(prior.tags, tags)) await setTags(context, text(prior, 'arn'), tags);
    // A creation that was interrupted may still be under way.
    await waitUntilActive(context, name, timeoutMs);
    for (const step of updateSteps(prior, planned)) {
      await context.dynamodb.send(new UpdateTableCommand({ TableName: name, ...step }));
      await waitUntilActive(context, name, timeoutMs);
    }
    await updateSettings(context, prior, planned, timeoutMs);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    throw asUserError(error, `update table ${name}`, context.aws);
  }
  const updated = await readTable(context, name, planned);
  if (updated !== null) return updated;
  throw new UserError(`table ${name} was deleted while it was updated`, 'Run the command again to create it.');
}

/**
 * The UpdateTable calls, in an order that DynamoDB takes: indexes are deleted before the billing mode changes (their
 * capacity would have to be given), and created one at a time after everything else.
 */
export function updateSteps(prior: JsonObject, planned: JsonObject): readonly Step[] {
  const indexes = indexChanges(prior, planned);
  return [
    ...indexes.deleted.map((IndexName): Step => ({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName } }] })),
    ...classStep(prior, planned),
    ...throughputStep(prior, planned, indexes.kept),
    ...protectionStep(prior, planned),
    ...streamSteps(prior, planned),
    ...indexes.created.map((index) => createIndexStep(planned, index)),
    ...encryptionStep(prior, planned),
  ];
}

interface IndexChanges {
  readonly deleted: readonly string[];
  readonly created: readonly JsonObject[];
  /** Indexes that stay, as they were and as they shall be. */
  readonly kept: readonly (readonly [before: JsonObject, after: JsonObject])[];
}

function indexChanges(prior: JsonObject, planned: JsonObject): IndexChanges {
  const before = blocks(prior, 'global_secondary_index');
  const after = blocks(planned, 'global_secondary_index');
  const [oldTypes, newTypes] = [attributeTypes(prior), attributeTypes(planned)];
  const kept: [JsonObject, JsonObject][] = [];
  const created: JsonObject[] = [];
  for (const index of after) {
    const old = before.find((it) => text(it, 'name') === text(index, 'name'));
    if (old !== undefined && hasSameShape(old, index, oldTypes, newTypes)) kept.push([old, index]);
    else created.push(index);
  }
  const keptNames = kept.map(([old]) => text(old, 'name'));
  const deleted = before.map((it) => text(it, 'name')).filter((name) => !keptNames.includes(name));
  return { deleted, created, kept };
}

type Types = ReadonlyMap<string, string>;

/** Keys (with their types) and projection cannot be changed; an index that differs in them is made anew. */
function hasSameShape(before: JsonObject, after: JsonObject, oldTypes: Types, newTypes: Types): boolean {
  const isSame = ['hash_key', 'range_key', 'projection_type'].every((name) => text(before, name) === text(after, name));
  const keys = [text(after, 'hash_key'), text(after, 'range_key')];
  return (
    isSame &&
    equalJson(before.non_key_attributes ?? [], after.non_key_attributes ?? []) &&
    keys.every((key) => oldTypes.get(key) === newTypes.get(key))
  );
}

function createIndexStep(planned: JsonObject, index: JsonObject): Step {
  const Create = globalIndexInput(index, isProvisioned(planned));
  return { AttributeDefinitions: attributeDefinitions(planned), GlobalSecondaryIndexUpdates: [{ Create }] };
}

function classStep(prior: JsonObject, planned: JsonObject): readonly Step[] {
  const wanted = text(planned, 'table_class');
  if (wanted === '' || text(prior, 'table_class') === wanted) return [];
  return [{ TableClass: wanted === 'STANDARD' ? 'STANDARD' : 'STANDARD_INFREQUENT_ACCESS' }];
}

/** Billing mode and capacity in one call: a provisioned table needs the capacity of all its indexes at once. */
function throughputStep(prior: JsonObject, planned: JsonObject, kept: IndexChanges['kept']): readonly Step[] {
  const isRebilled = isProvisioned(prior) !== isProvisioned(planned);
  if (!isProvisioned(planned)) return isRebilled ? [{ BillingMode: 'PAY_PER_REQUEST' }] : [];
  const updates = kept
    .filter(([before, after]) => isRebilled || !hasSameCapacity(before, after))
    .map(
      ([, after]): GlobalSecondaryIndexUpdate => ({
        Update: { IndexName: text(after, 'name'), ProvisionedThroughput: throughput(after) },
      }),
    );
  const isTableChanged = isRebilled || !hasSameCapacity(prior, planned);
  if (!isTableChanged && updates.length === 0) return [];
  return [
    {
      ...(isRebilled ? { BillingMode: 'PROVISIONED' as const } : {}),
      ...(isTableChanged ? { ProvisionedThroughput: throughput(planned) } : {}),
      ...(updates.length === 0 ? {} : { GlobalSecondaryIndexUpdates: updates }),
    },
  ];
}

function hasSameCapacity(before: JsonObject, after: JsonObject): boolean {
  return ['read_capacity', 'write_capacity'].every((name) => count(before, name) === count(after, name));
}

function protectionStep(prior: JsonObject, planned: JsonObject): readonly Step[] {
  const wanted = flag(planned, 'deletion_protection_enabled');
  return flag(prior, 'deletion_protection_enabled') === wanted ? [] : [{ DeletionProtectionEnabled: wanted }];
}

/** A stream's view cannot be changed: it is switched off and on again, which makes a new stream. */
function streamSteps(prior: JsonObject, planned: JsonObject): readonly Step[] {
  if (!changesStream(prior, planned)) return [];
  const steps: Step[] = [];
  if (flag(prior, 'stream_enabled')) steps.push({ StreamSpecification: { StreamEnabled: false } });
  if (flag(planned, 'stream_enabled')) steps.push({ StreamSpecification: streamInput(planned) });
  return steps;
}

function encryptionStep(prior: JsonObject, planned: JsonObject): readonly Step[] {
  const [before, after] = [encryptionInput(prior), encryptionInput(planned)];
  const isSame = before.Enabled === after.Enabled && before.KMSMasterKeyId === after.KMSMasterKeyId;
  return isSame ? [] : [{ SSESpecification: after }];
}

async function updateSettings(
  context: ResourceContext,
  prior: JsonObject,
  planned: JsonObject,
  timeoutMs: number,
): Promise<void> {
  const name = text(prior, 'name');
  const [ttlBefore, ttlAfter] = [blocks(prior, 'ttl')[0], blocks(planned, 'ttl')[0]];
  const [oldAttribute, newAttribute] = [text(ttlBefore, 'attribute_name'), text(ttlAfter, 'attribute_name')];
  const isOn = flag(ttlAfter, 'enabled');
  // Another attribute means off and on again; DynamoDB wants the attribute's name to switch it off.
  if (flag(ttlBefore, 'enabled') && (!isOn || oldAttribute !== newAttribute)) {
    await setTimeToLive(context, name, oldAttribute, false, timeoutMs);
  }
  if (isOn && (!flag(ttlBefore, 'enabled') || oldAttribute !== newAttribute)) {
    await setTimeToLive(context, name, newAttribute, true, timeoutMs);
  }
  const recovery = flag(blocks(planned, 'point_in_time_recovery')[0], 'enabled');
  if (flag(blocks(prior, 'point_in_time_recovery')[0], 'enabled') !== recovery) {
    await setRecovery(context, name, recovery, timeoutMs);
  }
}
