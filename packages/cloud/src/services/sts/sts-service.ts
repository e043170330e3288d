import { DEFAULT_ACCOUNT_ID } from '../../kernel/credential.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';

/**
 * AWS Security Token Service, Query protocol. https://docs.aws.amazon.com/STS/latest/APIReference/
 * Differs: there are no IAM users or roles here, so every caller is its account's root user; sessions are not emulated.
 */
export function stsService(): Service {
  return defineService<typeof import('@aws-sdk/client-sts')>(
    {
      AssumeRole: undefined,
      AssumeRoleWithSAML: undefined,
      AssumeRoleWithWebIdentity: undefined,
      AssumeRoot: undefined,
      DecodeAuthorizationMessage: undefined,
      GetAccessKeyInfo: (_context, input) => ({ Account: accountOf(input.AccessKeyId) }),
      GetCallerIdentity: ({ caller }) => ({
        UserId: caller.accountId,
        Account: caller.accountId,
        Arn: `arn:aws:iam::${caller.accountId}:root`,
      }),
      GetDelegatedAccessToken: undefined,
      GetFederationToken: undefined,
      GetSessionToken: undefined,
      GetWebIdentityToken: undefined,
    },
    {
      title: 'STS',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: undefined,
      definition: {
        name: 'sts',
        client: () => import('@aws-sdk/client-sts'),
        protocols: ['awsQuery'],
        version: '2011-06-15',
        xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      },
    },
  );
}

/** The account that an access key id names: itself when it is twelve digits. */
function accountOf(accessKeyId: string | undefined): string {
  return /^\d{12}$/.test(accessKeyId ?? '') ? `${accessKeyId}` : DEFAULT_ACCOUNT_ID;
}
