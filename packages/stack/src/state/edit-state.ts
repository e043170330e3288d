// Pure functions over a state file. Order as Terraform writes it: resources by type and name, instances by key.
import { type Random, UserError } from '@tablewright/base';
import { resourceAddress } from '../desired/desired-resource.js';
import { compareText } from '../schema/convert-value.js';
import type { StateFile, StateInstance, StateResource } from './state-file.js';
import { PROVIDER, TERRAFORM_VERSION } from './terraform-version.js';

/** One managed instance of a state with its address. */
export interface LocatedInstance {
  readonly address: string;
  readonly resource: StateResource;
  readonly instance: StateInstance;
}

/** A state without resources and with a lineage of its own; serial 0 says that it was never written. */
export function emptyState(random: Random): StateFile {
  return {
    version: 4,
    terraform_version: TERRAFORM_VERSION,
    serial: 0,
    lineage: random.uuid(),
    outputs: {},
    resources: [],
    check_results: null,
  };
}

/** Every managed instance, in the state's order. */
export function locatedInstances(state: StateFile): readonly LocatedInstance[] {
  return state.resources
    .filter((resource) => resource.mode === 'managed')
    .flatMap((resource) =>
      resource.instances.map((instance) => ({ address: addressOf(resource, instance), resource, instance })),
    );
}

export function addressOf(resource: StateResource, instance: StateInstance): string {
  const address = resourceAddress(resource.type, resource.name, instance.index_key);
  const prefix = resource.module === undefined ? '' : `${resource.module}.`;
  return `${prefix}${resource.mode === 'data' ? 'data.' : ''}${address}`;
}

/** Which resource an instance belongs to. */
export interface InstanceKey {
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
}

/** The state with `instance` in place of the one of the same key; without it when `instance` is null. */
export function withInstance(state: StateFile, key: InstanceKey, instance: StateInstance | null): StateFile {
  const isSame = (resource: StateResource): boolean =>
    resource.mode === 'managed' &&
    resource.module === undefined &&
    resource.type === key.type &&
    resource.name === key.name;
  const existing = state.resources.find(isSame);
  const others = (existing?.instances ?? []).filter((it) => it.index_key !== key.index);
  const instances = instance === null ? others : [...others, instance].sort(byIndex);
  const rest = state.resources.filter((resource) => !isSame(resource));
  if (instances.length === 0) return { ...state, resources: rest };
  const resource: StateResource = {
    mode: 'managed',
    type: key.type,
    name: key.name,
    provider: existing?.provider ?? PROVIDER,
    instances,
  };
  return { ...state, resources: [...rest, resource].sort(byTypeAndName) };
}

/** The addresses of a state as `terraform state list` prints them. */
export function listResources(state: StateFile): readonly string[] {
  return state.resources.flatMap((resource) => resource.instances.map((instance) => addressOf(resource, instance)));
}

/** The next state, without the instances at `address`; an address without an index stands for all instances. */
export function removeResource(state: StateFile, address: string): StateFile {
  const resources = state.resources.flatMap((resource) => {
    const instances = resource.instances.filter((it) => !matchesAddress(addressOf(resource, it), address));
    return instances.length === 0 ? [] : [{ ...resource, instances }];
  });
  const remaining: StateFile = { ...state, resources, serial: state.serial + 1 };
  if (listResources(remaining).length === listResources(state).length) throw notInState(address);
  return remaining;
}

export function notInState(address: string): UserError {
  return new UserError(`the state has no ${address}`, 'tablewright state list shows the addresses that it has.');
}

/** Whether `address` is `pattern` or an instance of it (`-target`, `state rm`). */
export function matchesAddress(address: string, pattern: string): boolean {
  return address === pattern || address.startsWith(`${pattern}[`);
}

function byIndex(left: StateInstance, right: StateInstance): number {
  if (typeof left.index_key === 'number' && typeof right.index_key === 'number')
    return left.index_key - right.index_key;
  return compareText(String(left.index_key ?? ''), String(right.index_key ?? ''));
}

function byTypeAndName(left: StateResource, right: StateResource): number {
  return (
    compareText(left.module ?? '', right.module ?? '') ||
    compareText(left.mode, right.mode) ||
    compareText(left.type, right.type) ||
    compareText(left.name, right.name)
  );
}
