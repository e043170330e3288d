import { createHash } from 'node:crypto';
import { IAMClient } from '@aws-sdk/client-iam';
import { UserError } from '@tablewright/base';
import type { Connection } from '../connection/connection.js';
import { describeTable } from '../connection/describe-table.js';
import { rolesOfFunctions } from './function-roles.js';
import { ensureAttached, ensurePolicy } from './managed-policy.js';
import { type Access, type PolicyDocument, tablePolicy } from './table-policy.js';

export interface GrantOptions {
  readonly table: string;
  /** Names or ARNs of Lambda functions. */
  readonly functions: readonly string[];
  readonly access: Access;
  /** Only work out what there is to grant. */
  readonly dryRun?: boolean;
  /** Asked before anything is changed; false ends it without a change. */
  readonly confirm?: (plan: GrantPlan) => Promise<boolean>;
}

/** What is to be granted to whom. */
export interface GrantPlan {
  readonly table: string;
  readonly access: Access;
  readonly policyName: string;
  readonly policyArn: string;
  readonly document: PolicyDocument;
  readonly roles: readonly { readonly role: string; readonly functions: readonly string[] }[];
}

export interface RoleGrant {
  readonly role: string;
  readonly functions: readonly string[];
  /** False: the policy was attached already. */
  readonly attached: boolean;
}

export interface GrantResult extends GrantPlan {
  readonly policy: 'created' | 'updated' | 'unchanged' | 'not changed';
  readonly grants: readonly RoleGrant[];
}

/**
 * Lets the execution roles of functions use a table: one managed policy for the table and kind of access, attached to
 * each role. Doing it again changes nothing, unless the table has gained indexes or a stream meanwhile.
 */
export async function grantAccess(connection: Connection, options: GrantOptions): Promise<GrantResult> {
  const plan = await planGrant(connection, options);
  const go = options.dryRun !== true && (await (options.confirm?.(plan) ?? true));
  if (!go) return { ...plan, policy: 'not changed', grants: [] };
  const iam = new IAMClient(connection.clientConfig);
  try {
    const description = `Access (${plan.access}) of Lambda functions to the DynamoDB table ${plan.table}`;
    const named = { arn: plan.policyArn, name: plan.policyName, description };
    const policy = await ensurePolicy(connection, iam, named, plan.document);
    const grants: RoleGrant[] = [];
    for (const { role, functions } of plan.roles) {
      grants.push({ role, functions, attached: await ensureAttached(connection, iam, role, plan.policyArn) });
    }
    return { ...plan, policy, grants };
  } finally {
    iam.destroy();
  }
}

async function planGrant(connection: Connection, options: GrantOptions): Promise<GrantPlan> {
  const functions = [...new Set(options.functions)];
  if (functions.length === 0) throw new UserError('no function is named', 'Name one or more: "lambda1,lambda2".');
  const table = await describeTable(connection, options.table);
  const roles = await rolesOfFunctions(connection, functions);
  const policyName = policyNameFor(options.table, options.access, connection.region);
  // Policies are the account's and partition's, which the table's ARN names.
  const [, partition, , , account] = (table.TableArn ?? '').split(':');
  return {
    table: options.table,
    access: options.access,
    policyName,
    policyArn: `arn:${partition}:iam::${account}:policy/${policyName}`,
    document: tablePolicy(table, options.access),
    roles: [...roles].map(([arn, names]) => ({ role: arn.slice(arn.lastIndexOf('/') + 1), functions: names })),
  };
}

/**
 * Policies are global and tables are not, so the region is part of the name, which has 128 characters at most. The
 * module's own policies are named otherwise, so that neither takes the other's away.
 */
function policyNameFor(table: string, access: Access, region: string): string {
  const ending = `-${region}-functions-${access}`;
  const space = 128 - ending.length;
  if (table.length <= space) return `${table}${ending}`;
  return `${table.slice(0, space - 9)}-${createHash('sha1').update(table).digest('hex').slice(0, 8)}${ending}`;
}
