import type { Variables } from '../schema/variables.js';

/** Where a variable's value came from; printed in messages. */
export interface ValueOrigin {
  /** `default`, `TF_VAR_table_name`, `-var`, or a file's path as it was given. */
  readonly source: string;
  /** 1-based; only for files. */
  readonly line?: number;
}

/** Every variable of the module with its checked and converted value. */
export interface Configuration {
  readonly values: Variables;
  readonly origins: { readonly [name: string]: ValueOrigin };
}

/** `-var-file` and `-var` as they stood on the command line. */
export type VariableArgument =
  | { readonly varFile: string }
  /** `NAME=VALUE` as after `-var`. */
  | { readonly var: string };

export interface LoadConfigurationOptions {
  /** The folder whose terraform.tfvars and *.auto.tfvars are read, and which relative paths start from. */
  readonly cwd: string;
  /** In the order in which they were given; later ones win. */
  readonly arguments?: readonly VariableArgument[];
  /** The environment, for TF_VAR_name. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** The table's region, where it is known: a replica in it is refused. */
  readonly region?: string;
}
