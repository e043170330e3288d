import type { JsonObject, JsonValue } from '../json-value.js';
import type { StateFile } from '../state/state-file.js';

export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete';

/** What happens to one value or resource, in the shape of `terraform show -json`. */
export interface Change {
  /** One action; a replacement is `['delete', 'create']`. */
  readonly actions: readonly Action[];
  readonly before: JsonObject | null;
  /** What is known of the result; attributes that AWS decides are absent here and true in `after_unknown`. */
  readonly after: JsonObject | null;
  readonly after_unknown: JsonObject;
  /** The attributes that cannot be changed in place, each as a path: `[["hash_key"]]`. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

export interface ResourceChange {
  /** Such as `aws_dynamodb_table_item.static_items["app_settings"]`. */
  readonly address: string;
  readonly mode: 'managed';
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider_name: string;
  readonly change: Change;
  /** Why, where Terraform says so: `replace_because_cannot_update`, `delete_because_each_key`, … */
  readonly action_reason?: string;
  /** Addresses of the resources (without index) that this one depends on. */
  readonly depends_on: readonly string[];
}

export interface OutputChange {
  readonly actions: readonly Action[];
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly after_unknown: boolean;
}

/** What will be done, as plain data: it prints, and can be kept as JSON, without the engine. */
export interface Plan {
  readonly format_version: '1.2';
  readonly mode: 'apply' | 'destroy';
  /** The configuration's variables, all of them, defaults filled in. */
  readonly variables: { readonly [name: string]: { readonly value: JsonValue } };
  /** What changed outside since the state was written, found by the refresh. */
  readonly resource_drift: readonly ResourceChange[];
  /** In the order in which they are applied; unchanged resources are `no-op`. */
  readonly resource_changes: readonly ResourceChange[];
  readonly output_changes: { readonly [name: string]: OutputChange };
  /** Whether an apply would change anything, resources or outputs. */
  readonly applyable: boolean;
  /** The state after the refresh. Its lineage and serial say which state the plan was made for. */
  readonly prior_state: StateFile;
  /** The addresses that the plan was limited to (`-target`); empty for all. */
  readonly targets: readonly string[];
}
