import type { DesiredResource } from '../desired/desired-resource.js';
import type { JsonObject } from '../json-value.js';
import { handlerFor } from '../resources/handlers.js';
import type { LocatedInstance } from '../state/edit-state.js';
import { PROVIDER_NAME } from '../state/terraform-version.js';
import type { Action, Change, ResourceChange } from './plan.js';

/** A change of something that the state has. */
export function stateChange(located: LocatedInstance, change: Change, reason?: string): ResourceChange {
  const { address, resource, instance } = located;
  return {
    address,
    mode: 'managed',
    type: resource.type,
    name: resource.name,
    ...(instance.index_key === undefined ? {} : { index: instance.index_key }),
    provider_name: PROVIDER_NAME,
    change,
    ...(reason === undefined ? {} : { action_reason: reason }),
    depends_on: instance.dependencies ?? [],
  };
}

/** The deletion of something that the configuration no longer asks for, or that a destroy takes down. */
export function deletion(located: LocatedInstance, reason?: string): ResourceChange {
  const change: Change = { actions: ['delete'], before: located.instance.attributes, after: null, after_unknown: {} };
  return stateChange(located, change, reason);
}

/** What has to happen for `desired`, where the state has `located` of it, or nothing. */
export function changeFor(
  desired: DesiredResource,
  located: LocatedInstance | undefined,
  isBaseReplaced: boolean,
): ResourceChange {
  const handler = handlerFor(desired.type, desired.address);
  const prior = located?.instance.attributes ?? null;
  const isTainted = located?.instance.status === 'tainted';
  const inPlace = handler.plan(prior, desired.attributes);
  const mustReplace = prior !== null && (inPlace.replaceBecause.length > 0 || isTainted || isBaseReplaced);
  const planned = mustReplace ? handler.plan(null, desired.attributes) : inPlace;
  const isSame = prior !== null && !mustReplace && planned.after === prior;
  const reason = mustReplace ? replaceReason(inPlace.replaceBecause, isTainted) : undefined;
  return {
    address: desired.address,
    mode: 'managed',
    type: desired.type,
    name: desired.name,
    ...(desired.index === undefined ? {} : { index: desired.index }),
    provider_name: PROVIDER_NAME,
    change: {
      actions: actionsFor(prior, mustReplace, isSame),
      before: prior,
      after: planned.after,
      after_unknown: planned.afterUnknown,
      ...(inPlace.replaceBecause.length === 0 ? {} : { replace_paths: inPlace.replaceBecause.map((name) => [name]) }),
    },
    ...(reason === undefined ? {} : { action_reason: reason }),
    depends_on: desired.dependsOn,
  };
}

function actionsFor(prior: JsonObject | null, mustReplace: boolean, isSame: boolean): readonly Action[] {
  if (prior === null) return ['create'];
  if (mustReplace) return ['delete', 'create'];
  return isSame ? ['no-op'] : ['update'];
}

function replaceReason(replaceBecause: readonly string[], isTainted: boolean): string {
  if (isTainted) return 'replace_because_tainted';
  return replaceBecause.length > 0 ? 'replace_because_cannot_update' : 'replace_by_triggers';
}
