import { rename, writeFile } from 'node:fs/promises';
import { UserError } from '@tablewright/base';
import type { Target } from '../target/target.js';

/** A deployment as the command line asks for it. */
export interface Deployment {
  readonly target: Target;
  readonly environment: string;
  /** The configuration as it was named, and where it lies. */
  readonly config: string;
  readonly configPath: string;
  /** The Terraform module's folder, absolute: the state lies there, unless it lies in a bucket. */
  readonly moduleFolder: string;
  /** `--state`, absolute. */
  readonly statePath: string | undefined;
  /** TF_STATE_BUCKET */
  readonly bucket: string | undefined;
  readonly outputsPath: string;
  readonly yes: boolean;
  readonly allowDelete: boolean;
  /** The result will be JSON: all else goes beside it. */
  readonly quiet: boolean;
}

/** What was done. */
export interface Deployed {
  readonly engine: 'terraform' | 'built-in';
  readonly state: string;
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  /** In the shape of `terraform output -json`. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What both engines' plans say of a resource; the form is that of `terraform show -json`. */
export interface PlannedChange {
  readonly type: string;
  readonly change: { readonly actions: readonly string[]; readonly before?: unknown };
}

/** With another configuration the same state would lose its table: that must not go by unseen. */
export function refuseDeletion(changes: readonly PlannedChange[], state: string): void {
  const deleted = changes.find(
    ({ type, change }) => type === 'aws_dynamodb_table' && change.actions.includes('delete'),
  );
  if (deleted === undefined) return;
  const { before } = deleted.change;
  const name = typeof before === 'object' && before !== null ? Reflect.get(before, 'name') : undefined;
  throw new UserError(
    `this would delete the table ${String(name)}, which the state in ${state} holds`,
    'Give this environment a state of its own (see --help), or add --allow-delete if that is meant.',
  );
}

/** Written whole or not at all; the shape is that of `terraform output -json`. */
export async function saveOutputs(path: string, outputs: Readonly<Record<string, unknown>>): Promise<void> {
  await writeFile(`${path}.tmp`, `${JSON.stringify(outputs, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
}
