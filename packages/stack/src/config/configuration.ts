import type { JsonValue } from '../json-value.js';

/** Where a variable's value came from; printed in messages. */
export interface ValueOrigin {
  /** `default`, `TF_VAR_table_name`, `-var`, or a file's path as it was given. */
  readonly source: string;
  /** 1-based; only for files. */
  readonly line?: number;
}

/** Every variable of the module with its checked and converted value. */
export interface Configuration {
  readonly values: { readonly [name: string]: JsonValue };
  readonly origins: { readonly [name: string]: ValueOrigin };
}

export interface LoadConfigurationOptions {
  /** The folder whose terraform.tfvars and *.auto.tfvars are read, and which relative paths start from. */
  readonly cwd: string;
  /** `-var-file` and `-var` in the order in which they were given; later ones win. */
  readonly arguments?: readonly (
    | { readonly varFile: string }
    /** `NAME=VALUE` as after `-var`. */
    | { readonly var: string }
  )[];
  /** The environment, for TF_VAR_name. */
  readonly env?: { readonly [name: string]: string | undefined };
}
