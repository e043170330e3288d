import type { JsonObject, JsonValue } from '../json-value.js';

/** One instance of a resource as a Terraform v4 state file holds it. */
export interface StateInstance {
  /** The `for_each` key or `count` index; absent for a resource without either. */
  readonly index_key?: string | number;
  readonly schema_version: number;
  readonly attributes: JsonObject;
  readonly sensitive_attributes?: readonly JsonValue[];
  /** The provider's own note, base64. */
  readonly private?: string;
  readonly dependencies?: readonly string[];
  /** `tainted` where a creation stopped half-way: the next apply replaces the instance. */
  readonly status?: 'tainted';
}

/** All instances of one resource block. */
export interface StateResource {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly module?: string;
  /** Such as `provider["registry.terraform.io/hashicorp/aws"]`. */
  readonly provider: string;
  readonly instances: readonly StateInstance[];
}

/** An output's value with its Terraform type (`"string"`, `["list", "string"]`, `["object", {…}]`). */
export interface StateOutput {
  readonly value: JsonValue;
  readonly type: JsonValue;
  readonly sensitive?: boolean;
}

/** A Terraform state file, version 4. */
export interface StateFile {
  readonly version: 4;
  readonly terraform_version: string;
  /** Grows by one with every write. */
  readonly serial: number;
  /** A UUID that is made with the state and never changes. */
  readonly lineage: string;
  readonly outputs: { readonly [name: string]: StateOutput };
  readonly resources: readonly StateResource[];
  readonly check_results: JsonValue;
}
