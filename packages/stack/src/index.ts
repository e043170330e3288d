// The door of @tablewright/stack. Nothing here prints; errors for a person are UserError (@tablewright/base).
import type { OnStackEvent } from './apply/stack-event.js';
import type { AwsConnection, AwsKeys } from './aws/aws-connection.js';
import type { Configuration, LoadConfigurationOptions } from './config/configuration.js';
import type { JsonValue } from './json-value.js';
import type { Plan } from './plan/plan.js';
import type { StateBackend } from './state/state-backend.js';
import type { StateFile, StateOutput } from './state/state-file.js';

export type * from './apply/stack-event.js';
export type * from './aws/aws-connection.js';
export type * from './config/configuration.js';
export type { JsonObject, JsonValue } from './json-value.js';
export type * from './plan/plan.js';
export type * from './state/state-backend.js';
export type * from './state/state-file.js';

export interface ResolveAwsOptions {
  readonly env: { readonly [name: string]: string | undefined };
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: AwsKeys;
}

export interface PlanOptions {
  readonly aws: AwsConnection;
  readonly configuration: Configuration;
  readonly state: StateFile | null;
  /** Limits the plan to these addresses and what they depend on. */
  readonly targets?: readonly string[];
  /** false takes the state as it is, without asking AWS. */
  readonly refresh?: boolean;
  readonly onEvent?: OnStackEvent;
  readonly signal?: AbortSignal;
}

export interface ApplyOptions {
  readonly aws: AwsConnection;
  readonly plan: Plan;
  /** Locked by the caller; the state is saved there after every resource. */
  readonly backend: StateBackend;
  readonly onEvent?: OnStackEvent;
  /** Aborting finishes the request in flight, saves the state and fails with a UserError. */
  readonly signal?: AbortSignal;
}

export interface ApplyResult {
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
  readonly state: StateFile;
}

/** Region and endpoint from options, else from the environment; a UserError where no region is known. */
export declare function resolveAws(options: ResolveAwsOptions): AwsConnection;
/** Reads and checks all variables; one UserError lists every mistake found. */
export declare function loadConfiguration(options: LoadConfigurationOptions): Promise<Configuration>;
/** The backend for a state: a file (default `terraform.tfstate` in `cwd`) or an object in S3. */
export declare function openState(options: {
  readonly aws?: AwsConnection;
  readonly path?: string;
  readonly cwd?: string;
  readonly s3?: { readonly bucket: string; readonly key: string };
}): StateBackend;
export declare function createPlan(options: PlanOptions): Promise<Plan>;
export declare function createDestroyPlan(options: PlanOptions): Promise<Plan>;
export declare function applyPlan(options: ApplyOptions): Promise<ApplyResult>;
/** The plan as Terraform prints it, ending with its "Plan: …" or "No changes. …" line. */
export declare function renderPlan(plan: Plan, options?: { readonly color?: boolean }): string;
/** Takes an existing resource into the state: `aws_dynamodb_table.this`, id `users-table`. */
export declare function importResource(options: {
  readonly aws: AwsConnection;
  readonly backend: StateBackend;
  readonly configuration: Configuration;
  readonly address: string;
  readonly id: string;
  readonly onEvent?: OnStackEvent;
}): Promise<StateFile>;
/** The addresses in the state, sorted as `terraform state list` does. */
export declare function listResources(state: StateFile): readonly string[];
/** HCL-like text of one instance, as `terraform state show` prints it. */
export declare function showResource(state: StateFile, address: string): string;
/** The state without the instances at `address`. */
export declare function removeResource(state: StateFile, address: string): StateFile;
/** The outputs kept in the state, by name. */
export declare function outputsOf(state: StateFile): { readonly [name: string]: StateOutput };
/** `name = value` lines, as `terraform output` prints them. */
export declare function renderOutputs(outputs: { readonly [name: string]: StateOutput }): string;
/** One value as `terraform output NAME` prints it. */
export declare function renderOutputValue(value: JsonValue): string;
/** One value as `terraform output -raw NAME`; a UserError for what is not a string, number or bool. */
export declare function rawOutputValue(name: string, output: StateOutput): string;
