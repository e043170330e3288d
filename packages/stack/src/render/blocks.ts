import type { JsonObject, JsonValue } from '../json-value.js';

/** The nested blocks of the provider's schema; sets have no order and are compared by element. */
const BLOCKS: { readonly [name: string]: 'set' | 'list' } = {
  attribute: 'set',
  global_secondary_index: 'set',
  import_table: 'list',
  local_secondary_index: 'set',
  on_demand_throughput: 'list',
  point_in_time_recovery: 'list',
  replica: 'set',
  server_side_encryption: 'list',
  timeouts: 'list',
  ttl: 'list',
};

export function blockKind(name: string): 'set' | 'list' | null {
  return BLOCKS[name] ?? null;
}

/** The names of the attributes of one or two objects, blocks left out, sorted. */
export function attributeNames(...objects: readonly (JsonObject | null)[]): readonly string[] {
  return allNames(objects).filter((name) => blockKind(name) === null);
}

export function blockNames(...objects: readonly (JsonObject | null)[]): readonly string[] {
  return allNames(objects).filter((name) => blockKind(name) !== null);
}

function allNames(objects: readonly (JsonObject | null)[]): readonly string[] {
  return [...new Set(objects.flatMap((object) => Object.keys(object ?? {})))].sort();
}

/** Null and the empty text are one to this provider: shown as nothing in a plan, as null in a state. */
export function isNothing(value: JsonValue | undefined): boolean {
  return value === null || value === undefined || value === '';
}
