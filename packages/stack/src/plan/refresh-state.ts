import type { OnStackEvent } from '../apply/stack-event.js';
import { equalJson, type JsonObject } from '../json-value.js';
import { handlerFor } from '../resources/handlers.js';
import type { ResourceContext } from '../resources/resource-handler.js';
import { type LocatedInstance, locatedInstances, withInstance } from '../state/edit-state.js';
import type { StateFile } from '../state/state-file.js';
import { inParallel } from './in-parallel.js';
import type { ResourceChange } from './plan.js';
import { stateChange } from './resource-change.js';

/** Terraform's own default for the number of operations under way at once. */
export const PARALLELISM = 10;

export interface RefreshedState {
  readonly state: StateFile;
  /** What was changed or deleted outside. */
  readonly drift: readonly ResourceChange[];
}

/** Reads every resource of the state from AWS. A resource is dropped only when AWS says that it does not exist. */
export async function refreshState(
  context: ResourceContext,
  state: StateFile,
  onEvent: OnStackEvent | undefined,
): Promise<RefreshedState> {
  const found = await inParallel(locatedInstances(state), PARALLELISM, async (located) => {
    const { address, resource, instance } = located;
    const handler = handlerFor(resource.module === undefined ? resource.type : '', address);
    const id = handler.idOf(instance.attributes);
    onEvent?.({ kind: 'refreshing', address, id, line: `${address}: Refreshing state... [id=${id}]` });
    return { located, attributes: await handler.read(context, instance.attributes) };
  });
  let refreshed = state;
  const drift: ResourceChange[] = [];
  for (const { located, attributes } of found) {
    const { resource, instance } = located;
    if (attributes !== null && equalJson(instance.attributes, attributes)) continue;
    drift.push(driftOf(located, attributes));
    const key = { type: resource.type, name: resource.name, ...indexOf(located) };
    refreshed = withInstance(refreshed, key, attributes === null ? null : { ...instance, attributes });
  }
  return { state: refreshed, drift };
}

function driftOf(located: LocatedInstance, attributes: JsonObject | null): ResourceChange {
  return stateChange(located, {
    actions: attributes === null ? ['delete'] : ['update'],
    before: located.instance.attributes,
    after: attributes,
    after_unknown: {},
  });
}

function indexOf(located: LocatedInstance): { index?: string | number } {
  const index = located.instance.index_key;
  return index === undefined ? {} : { index };
}
