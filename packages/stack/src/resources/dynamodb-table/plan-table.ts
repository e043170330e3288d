// What the provider 5.100.0 plans for aws_dynamodb_table: which attributes keep their prior value, which AWS decides,
// and which changes need a new table.
import { equalJson, type JsonObject } from '../../json-value.js';
import { compareText } from '../../schema/convert-value.js';
import {
  blocks,
  count,
  flag,
  type PlannedObject,
  type PlannedValue,
  splitUnknown,
  text,
  texts,
  UNKNOWN,
} from '../planned-value.js';
import type { PlannedAttributes } from '../resource-handler.js';
import { inSetOrder } from '../set-order.js';

/** `configured` holds the module's attributes (see desired-resources.ts). */
export function planTable(prior: JsonObject | null, configured: JsonObject): PlannedAttributes {
  if (prior === null) return { ...splitUnknown(plannedTable(null, configured)), replaceBecause: [] };
  const replaceBecause = replacements(prior, configured);
  if (replaceBecause.length > 0) return { ...splitUnknown(plannedTable(null, configured)), replaceBecause };
  const planned = splitUnknown(plannedTable(prior, configured));
  const isSame = Object.keys(planned.afterUnknown).length === 0 && isUnchanged(prior, planned.after);
  return isSame ? { after: prior, afterUnknown: {}, replaceBecause } : { ...planned, replaceBecause };
}

/** Attributes whose change makes a new table: the provider's ForceNew, and key attributes that change their type. */
function replacements(prior: JsonObject, configured: JsonObject): readonly string[] {
  const changed = ['name', 'hash_key', 'range_key'].filter((name) => text(prior, name) !== text(configured, name));
  const localIndexes = inSetOrder(blocks(configured, 'local_secondary_index').map(localIndex));
  if (!equalJson(inSetOrder(blocks(prior, 'local_secondary_index').map(localIndex)), localIndexes)) {
    changed.push('local_secondary_index');
  }
  // A key's type is fixed for the table's life; the provider alone would plan an update that changes nothing.
  const fixed = [text(prior, 'hash_key'), text(prior, 'range_key'), ...localIndexes.map((it) => text(it, 'range_key'))];
  const [before, after] = [attributeTypes(prior), attributeTypes(configured)];
  const isRetyped = (name: string): boolean =>
    before.has(name) && after.has(name) && before.get(name) !== after.get(name);
  if (fixed.some(isRetyped)) changed.push('attribute');
  return changed;
}

/** The types of the attributes, by name. */
export function attributeTypes(attributes: JsonObject): ReadonlyMap<string, string> {
  return new Map(blocks(attributes, 'attribute').map((it) => [text(it, 'name'), text(it, 'type')]));
}

function plannedTable(prior: JsonObject | null, configured: JsonObject): PlannedObject {
  const kept = (name: string): PlannedValue => prior?.[name] ?? (prior === null ? UNKNOWN : null);
  const isRebilled = prior !== null && text(prior, 'billing_mode') !== text(configured, 'billing_mode');
  const capacity = (name: string): PlannedValue => configured[name] ?? (isRebilled ? UNKNOWN : kept(name));
  const isStreamChanged = prior !== null && changesStream(prior, configured);
  const stream = (name: string): PlannedValue => (isStreamChanged ? UNKNOWN : kept(name));
  const fresh: JsonObject = prior === null ? {} : prior;
  return {
    arn: kept('arn'),
    attribute: inSetOrder(blocks(configured, 'attribute')),
    billing_mode: configured.billing_mode ?? 'PROVISIONED',
    deletion_protection_enabled: configured.deletion_protection_enabled ?? null,
    global_secondary_index: plannedIndexes(prior, configured, isRebilled),
    hash_key: configured.hash_key ?? null,
    id: kept('id'),
    import_table: fresh.import_table ?? [],
    local_secondary_index: inSetOrder(blocks(configured, 'local_secondary_index').map(localIndex)),
    name: configured.name ?? null,
    on_demand_throughput: fresh.on_demand_throughput ?? [],
    point_in_time_recovery: [plannedRecovery(prior, configured)],
    range_key: configured.range_key ?? null,
    read_capacity: capacity('read_capacity'),
    replica: fresh.replica ?? [],
    restore_date_time: fresh.restore_date_time ?? null,
    restore_source_name: fresh.restore_source_name ?? null,
    restore_source_table_arn: fresh.restore_source_table_arn ?? null,
    restore_to_latest_time: fresh.restore_to_latest_time ?? null,
    server_side_encryption: plannedEncryption(prior, configured),
    stream_arn: stream('stream_arn'),
    stream_enabled: configured.stream_enabled ?? null,
    stream_label: stream('stream_label'),
    stream_view_type: configured.stream_view_type ?? (isStreamChanged ? UNKNOWN : kept('stream_view_type')),
    table_class: configured.table_class ?? null,
    tags: configured.tags ?? {},
    tags_all: configured.tags ?? {},
    timeouts: fresh.timeouts ?? null,
    ttl: plannedTimeToLive(prior, configured),
    write_capacity: capacity('write_capacity'),
  };
}

/** Whether the stream is switched, or made anew with another view. */
export function changesStream(prior: JsonObject, planned: JsonObject): boolean {
  const isOn = flag(planned, 'stream_enabled');
  if (flag(prior, 'stream_enabled') !== isOn) return true;
  return isOn && text(prior, 'stream_view_type') !== text(planned, 'stream_view_type');
}

function plannedIndexes(
  prior: JsonObject | null,
  configured: JsonObject,
  isRebilled: boolean,
): readonly PlannedObject[] {
  const before = new Map(
    (prior === null ? [] : blocks(prior, 'global_secondary_index')).map((it) => [text(it, 'name'), it]),
  );
  return inSetOrder(blocks(configured, 'global_secondary_index').map(globalIndex)).map((index) => {
    const old = before.get(text(index, 'name'));
    const isOpen = old === undefined || isRebilled;
    return {
      ...index,
      on_demand_throughput: old?.on_demand_throughput ?? [],
      read_capacity: index.read_capacity ?? (isOpen ? UNKNOWN : (old.read_capacity ?? 0)),
      write_capacity: index.write_capacity ?? (isOpen ? UNKNOWN : (old.write_capacity ?? 0)),
    };
  });
}

/** A configured index in the state's form: empty text and empty set in place of null. */
function globalIndex(index: JsonObject): JsonObject {
  return {
    hash_key: text(index, 'hash_key'),
    name: text(index, 'name'),
    non_key_attributes: [...texts(index, 'non_key_attributes')].sort(compareText),
    on_demand_throughput: index.on_demand_throughput ?? [],
    projection_type: text(index, 'projection_type'),
    range_key: text(index, 'range_key'),
    read_capacity: index.read_capacity ?? null,
    write_capacity: index.write_capacity ?? null,
  };
}

function localIndex(index: JsonObject): JsonObject {
  return {
    name: text(index, 'name'),
    non_key_attributes: texts(index, 'non_key_attributes'),
    projection_type: text(index, 'projection_type'),
    range_key: text(index, 'range_key'),
  };
}

/** Switched off is switched off: the attribute's name does not count then, and AWS does not always forget it. */
function plannedTimeToLive(prior: JsonObject | null, configured: JsonObject): PlannedValue {
  const wanted = blocks(configured, 'ttl')[0] ?? { attribute_name: '', enabled: false };
  const before = prior === null ? undefined : blocks(prior, 'ttl')[0];
  return [before !== undefined && !flag(before, 'enabled') && !flag(wanted, 'enabled') ? before : wanted];
}

function plannedRecovery(prior: JsonObject | null, configured: JsonObject): PlannedObject {
  const enabled = flag(blocks(configured, 'point_in_time_recovery')[0], 'enabled');
  const before = prior === null ? undefined : blocks(prior, 'point_in_time_recovery')[0];
  const isSame = before !== undefined && flag(before, 'enabled') === enabled;
  return { enabled, recovery_period_in_days: isSame ? count(before, 'recovery_period_in_days') : UNKNOWN };
}

function plannedEncryption(prior: JsonObject | null, configured: JsonObject): PlannedValue {
  const wanted = blocks(configured, 'server_side_encryption')[0];
  const enabled = flag(wanted, 'enabled');
  const before = prior === null ? undefined : blocks(prior, 'server_side_encryption')[0];
  // Off and never on look alike to AWS, which describes neither.
  if (prior !== null && !enabled && !flag(before, 'enabled')) return prior.server_side_encryption ?? [];
  const isSame = before !== undefined && flag(before, 'enabled') === enabled;
  return [{ enabled, kms_key_arn: wanted?.kms_key_arn ?? (isSame ? text(before, 'kms_key_arn') : UNKNOWN) }];
}

/** Whether an apply would change nothing: null and the empty text count as the same, as they do to the provider. */
function isUnchanged(prior: JsonObject, after: JsonObject): boolean {
  return Object.keys(after).every((name) => {
    const [old, next] = [prior[name] ?? null, after[name] ?? null];
    if (Array.isArray(old) && Array.isArray(next))
      return equalJson(inSetOrder(blocks(prior, name)), inSetOrder(blocks(after, name)));
    return equalJson(old, next) || (isEmpty(old) && isEmpty(next));
  });
}

function isEmpty(value: unknown): boolean {
  return (
    value === null || value === '' || value === false || (typeof value === 'object' && Object.keys(value).length === 0)
  );
}
