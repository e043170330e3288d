import { type Principal, principalArn } from '../../kernel/principal.js';
import type { Tag } from './iam-records.js';

type Values = Record<string, string | readonly string[] | undefined>;

/**
 * The condition keys that tell of a principal.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @param tags those of the user or role
 */
export function principalContext(principal: Principal, tags: readonly Tag[]): Values {
  const values: Values = {
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalIsAWSService': 'false',
  };
  for (const { Key, Value } of tags) values[`aws:PrincipalTag/${Key}`] = Value;
  switch (principal.kind) {
    case 'root':
      return { ...values, ...named(principalArn(principal), 'Account', principal.accountId) };
    case 'user':
      return { ...values, ...named(principal.arn, 'User', principal.userId), 'aws:username': principal.userName };
    case 'role-session': {
      for (const [key, value] of Object.entries(principal.sessionTags ?? {})) values[`aws:PrincipalTag/${key}`] = value;
      return {
        ...values,
        // The role, not its session.
        ...named(principal.roleArn, 'AssumedRole', principal.userId),
        'aws:MultiFactorAuthPresent': 'false',
        'aws:SourceIdentity': principal.sourceIdentity,
        'aws:TokenIssueTime': principal.issuedMs === undefined ? undefined : isoTime(principal.issuedMs),
      };
    }
    case 'federated-user':
      return { ...values, ...named(principal.arn, 'FederatedUser', principal.userId) };
    case 'service':
      return {
        ...values,
        'aws:PrincipalIsAWSService': 'true',
        'aws:PrincipalServiceName': principal.service,
        'aws:SourceAccount': principal.accountId,
        'aws:SourceArn': principal.sourceArn,
        // Asked by the policies that topics of SNS have from the start; principals of the account do not have it.
        'aws:SourceOwner': principal.accountId,
      };
  }
}

function named(arn: string, type: string, userId: string): Values {
  return { 'aws:PrincipalArn': arn, 'aws:PrincipalType': type, 'aws:userid': userId };
}

/** Without milliseconds, as AWS has times in policies. */
export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
