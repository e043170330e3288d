// Rules about the variables that hold lists and maps of objects.
import { isJsonObject, type JsonValue } from '../json-value.js';
import { first, firstDuplicate, integer, matching, oneOf, resourceName } from './checks.js';
import type { replicaType, streamFunctionType } from './types.js';
import type { ValueOf } from './variable-type.js';

interface Index {
  readonly name: string;
  readonly projection_type: string;
  readonly non_key_attributes: readonly string[] | null;
}

/** Names, projections and the number of secondary indexes (AWS, "Constraints": 20 global, 5 local). */
export function checkIndexes(indexes: readonly Index[], name: string, most: number): string | null {
  if (indexes.length > most) return `${name} has ${indexes.length} indexes; a table has ${most} at most.`;
  const twice = firstDuplicate(indexes.map((index) => index.name));
  if (twice !== null) return `${name} has the name "${twice}" twice; names of indexes must be unique.`;
  return first(...indexes.map((index, at) => checkIndex(index, `${name}[${at}]`)));
}

function checkIndex(index: Index, path: string): string | null {
  const included = index.non_key_attributes ?? [];
  if ((index.projection_type === 'INCLUDE') !== included.length > 0) {
    const given = `${path} ("${index.name}") has projection_type ${index.projection_type} and`;
    return `${given} ${included.length} non_key_attributes; they must be given with INCLUDE, and only with it.`;
  }
  return first(
    resourceName(index.name, `${path}.name`),
    oneOf('ALL', 'KEYS_ONLY', 'INCLUDE')(index.projection_type, `${path}.projection_type`),
  );
}

export function checkReplicas(replicas: readonly ValueOf<typeof replicaType>[], name: string): string | null {
  const twice = firstDuplicate(replicas.map((replica) => replica.region_name));
  if (twice !== null) return `${name} names the region "${twice}" twice; a region has one replica.`;
  const isRegion = matching(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'a region such as eu-west-1');
  return first(...replicas.map((replica, at) => isRegion(replica.region_name, `${name}[${at}].region_name`)));
}

/** Limits of an event source mapping for a stream (AWS Lambda, "Parameters for DynamoDB event source mappings"). */
export function checkStreamFunctions(
  functions: { readonly [key: string]: ValueOf<typeof streamFunctionType> },
  name: string,
): string | null {
  const messages = Object.entries(functions).flatMap(([key, it]) => {
    const at = `${name}["${key}"]`;
    return [
      oneOf('TRIM_HORIZON', 'LATEST')(it.starting_position, `${at}.starting_position`),
      integer(1, 10000)(it.batch_size, `${at}.batch_size`),
      integer(0, 300)(it.maximum_batching_window_in_seconds, `${at}.maximum_batching_window_in_seconds`),
      integer(1, 10)(it.parallelization_factor, `${at}.parallelization_factor`),
      integer(-1, 10000)(it.maximum_retry_attempts, `${at}.maximum_retry_attempts`),
      integer(-1, 604800)(it.maximum_record_age_in_seconds, `${at}.maximum_record_age_in_seconds`),
    ];
  });
  return first(...messages);
}

const ATTRIBUTE_KINDS = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];
const NUMBER = /^\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$/;

export function checkItemList(value: JsonValue, name: string): string | null {
  if (!Array.isArray(value)) return `${name} must be a list of items in DynamoDB JSON, such as [{ id = { S = "1" } }].`;
  return first(...value.map((item, at) => checkItem(item, `${name}[${at}]`)));
}

export function checkItemMap(value: JsonValue, name: string): string | null {
  if (!isJsonObject(value)) {
    return `${name} must be a map from an identifier to an item in DynamoDB JSON, such as { one = { id = { S = "1" } } }.`;
  }
  return first(...Object.entries(value).map(([key, item]) => checkItem(item, `${name}["${key}"]`)));
}

function checkItem(item: JsonValue, path: string): string | null {
  if (!isJsonObject(item)) return `${path} is no item; it must be a map such as { id = { S = "1" } }.`;
  return first(...Object.entries(item).map(([attribute, value]) => checkValue(value, `${path}.${attribute}`)));
}

/** One value of DynamoDB JSON: an object with the one key that is its type. */
function checkValue(value: JsonValue, path: string): string | null {
  const [entry, ...others] = isJsonObject(value) ? Object.entries(value) : [];
  if (entry === undefined || others.length > 0 || !ATTRIBUTE_KINDS.includes(entry[0])) {
    const allowed = ATTRIBUTE_KINDS.join(', ');
    return `${path} is ${JSON.stringify(value)}; it must be typed as in { S = "text" }, with one of ${allowed}.`;
  }
  const [kind, content] = entry;
  const at = `${path}.${kind}`;
  if (kind === 'M') return checkItem(content, at);
  if (kind === 'BOOL' || kind === 'NULL') {
    return typeof content === 'boolean' ? null : `${at} is ${JSON.stringify(content)}; it must be true or false.`;
  }
  if (kind.length === 1 && kind !== 'L') return checkScalar(kind, content, at);
  if (!Array.isArray(content)) return `${at} is ${JSON.stringify(content)}; it must be a list.`;
  const elements: readonly JsonValue[] = content;
  if (kind === 'L') return first(...elements.map((element, index) => checkValue(element, `${at}[${index}]`)));
  if (elements.length === 0) return `${at} is empty; a set has one element at least.`;
  return first(...elements.map((element, index) => checkScalar(kind.slice(0, 1), element, `${at}[${index}]`)));
}

function checkScalar(kind: string, content: JsonValue, at: string): string | null {
  const shown = JSON.stringify(content);
  if (typeof content !== 'string') return `${at} is ${shown}; it must be in quotes, as in { ${kind} = "1" }.`;
  return kind !== 'N' || NUMBER.test(content) ? null : `${at} is ${shown}; it must be a number in quotes.`;
}
