import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';

const SERVICE = 'backup.amazonaws.com';

/** What a job needs to be allowed on its table. AWS's managed policies for Backup allow all of it. */
const NEEDS = {
  backup: ['dynamodb:StartAwsBackupJob', 'dynamodb:DescribeTable', 'dynamodb:ListTagsOfResource'],
  restore: ['dynamodb:RestoreTableFromAwsBackup'],
} as const;

const OPERATIONS = { backup: 'StartBackupJob', restore: 'StartRestoreJob' } as const;

/** Why AWS Backup cannot take a role at all; undefined when it can. */
export function assumptionFault({ ports }: Kernel, roleArn: string): string | undefined {
  const role = ports.identity.role(roleArn);
  if (role === undefined) return `IAM Role ${roleArn} does not exist`;
  if (ports.identity.mayServiceAssume(roleArn, SERVICE)) return undefined;
  return `IAM Role ${roleArn} cannot be assumed by AWS Backup`;
}

/** Why a job with this role cannot do its work on a table; undefined when it can. */
export function permissionFault(
  kernel: Kernel,
  kind: keyof typeof NEEDS,
  roleArn: string,
  tableArn: string,
  caller: Caller,
): string | undefined {
  const fault = assumptionFault(kernel, roleArn);
  if (fault !== undefined) return fault;
  const { identity } = kernel.ports;
  const principal = identity.roleSession(roleArn, 'AWSBackup');
  const isDenied =
    principal === undefined ||
    NEEDS[kind].some((action) => {
      const request = { service: 'backup', operation: OPERATIONS[kind], caller, principal };
      return kernel.authorizer.demand(request, { action, resource: tableArn }) !== undefined;
    });
  return isDenied ? `IAM Role ${roleArn} does not have sufficient permissions to execute the ${kind}` : undefined;
}
