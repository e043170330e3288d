import type { JsonObject } from '../json-value.js';

/** A resource as the configuration asks for it. */
export interface DesiredResource {
  /** Terraform's address with the instance's key, e.g. `aws_dynamodb_table_item.static_items["app"]`. */
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** The `for_each` key; absent for a resource without one. */
  readonly index?: string;
  /** The configuration's attributes under Terraform's names; null for one that is not set. Blocks are lists. */
  readonly attributes: JsonObject;
  /** Resources, without index, that must exist first. */
  readonly dependsOn: readonly string[];
}

/** `type.name` with `["index"]` where there is one, as Terraform writes addresses. */
export function resourceAddress(type: string, name: string, index?: string | number): string {
  if (index === undefined) return `${type}.${name}`;
  return `${type}.${name}[${typeof index === 'number' ? index : JSON.stringify(index)}]`;
}
