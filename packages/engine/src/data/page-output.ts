import type { EngineContext } from '../engine-context.js';
import type { Condition, Projection } from '../expression/index.js';
import type { ReadScope } from '../insights/index.js';
import type { AttributeMap } from '../value/index.js';
import { consumedCapacity, readUnits, type Units } from './capacity.js';
import { ItemProjection } from './item-projection.js';
import type { JsonItem } from './json-item.js';
import { endHash, itemKey, keyHash } from './key-codec.js';
import { pickAttributes } from './own-attribute.js';
import { AttributeNames } from './pick-json.js';
import { type Page, type PageFilter, readPage } from './read-page.js';
import type { ReadSource } from './read-source.js';
import type { PageRequest, Select } from './request.js';
import { StoredItem } from './stored-item.js';

export interface PageOutput {
  Items?: readonly (JsonItem | AttributeMap)[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: AttributeMap;
  ConsumedCapacity?: Record<string, unknown>;
}

/** A Query or Scan ready to be run. */
export interface PagePlan {
  readonly source: ReadSource;
  readonly input: PageRequest;
  readonly select: Select;
  readonly projection: Projection | undefined;
  readonly filter: Condition | undefined;
  /** Whether index entries must be completed from the table. */
  readonly isFetching: boolean;
  readonly range: { readonly start: string; readonly end: string; readonly reverse: boolean };
  /** Set for the query of a table without range key. */
  readonly isOneItem?: boolean;
  /** Whether it reads within one hash key, or through many. */
  readonly scope: Exclude<ReadScope, 'item'>;
  readonly accepts?: ((entry: StoredItem) => boolean) | undefined;
}

/** Reads one page and puts the answer together. */
export function runPage(context: EngineContext, plan: PagePlan): PageOutput {
  const { source, input, select } = plan;
  const { table } = source.layout;
  const isConsistent = input.ConsistentRead === true;
  const { start } = plan.range;
  context.throughput.admitRead(source.layout, source.index, start, plan.scope);
  const entries: StoredItem[] | undefined = context.throughput.collectsEntries(source.layout, source.index)
    ? []
    : undefined;
  let fetchedUnits = 0;
  const fetch = (entry: StoredItem): StoredItem => {
    const value = context.store.get(itemKey(table, entry.item));
    if (value === undefined) return entry;
    fetchedUnits += readUnits(StoredItem.sizeOf(value), isConsistent);
    return new StoredItem(value);
  };
  const page = readPage(context.store, plan.range, {
    limit: input.Limit,
    filter: plan.filter && pageFilter(plan.filter),
    accepts: plan.accepts,
    fetch: plan.isFetching ? fetch : undefined,
    isOneItem: plan.isOneItem === true,
    collects: select !== 'COUNT',
    entries,
  });
  const unitsRead = readUnits(page.sizeBytes, isConsistent);
  context.throughput.chargeRead(source.layout, source.index, start, unitsRead + fetchedUnits, {
    scope: plan.scope,
    lastHash: lastHash(plan, page),
    entries,
  });
  const output = pageOutput(plan, page);
  const capacity = consumedCapacity(
    input.ReturnConsumedCapacity,
    input.TableName,
    source.layout,
    pageUnits(source, unitsRead, fetchedUnits),
  );
  if (capacity !== undefined) output.ConsumedCapacity = capacity;
  return output;
}

function pageFilter(filter: Condition): PageFilter {
  return { evaluate: (item) => filter.evaluate(item), names: new AttributeNames([...filter.attributes()]) };
}

/** The hash of the last hash key read; a query has one alone. */
function lastHash({ source, range }: PagePlan, { last }: Page): number {
  const first = keyHash(range.start);
  const end = endHash(source.prefix, range.end);
  return last === undefined || end === first ? end : keyHash(source.storeKey(last.item));
}

function pageUnits({ index }: ReadSource, readUnits: number, fetchedUnits: number): Units {
  if (index === undefined) return { table: readUnits };
  return { table: fetchedUnits, indexes: new Map([[index.index.name, readUnits]]) };
}

function pageOutput({ source, select, projection }: PagePlan, page: Page): PageOutput {
  const output: PageOutput = { Count: page.count, ScannedCount: page.scannedCount };
  if (select !== 'COUNT') {
    const shown = projection && new ItemProjection(projection);
    output.Items = shown === undefined ? page.items : page.items.map((item) => shown.of(item));
  }
  if (page.last !== undefined) {
    const names = source.startKeyAttributes.map((attribute) => attribute.name);
    output.LastEvaluatedKey = pickAttributes(page.last.item, names);
  }
  return output;
}
