import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { assumeRole } from './assume-role.js';
import { accessKeyInfo, callerIdentity, federationToken, sessionToken } from './session-operations.js';

/**
 * AWS Security Token Service, Query protocol. https://docs.aws.amazon.com/STS/latest/APIReference/
 * Sessions of roles, users and federated users, whose credentials expire on the endpoint's clock.
 * Differs: a caller with a key that IAM or STS of this endpoint did not issue is its account's root user; what federation
 * with other identity providers would need is not emulated.
 */
export function stsService(): Service {
  return defineService<typeof import('@aws-sdk/client-sts')>(
    {
      AssumeRole: assumeRole,
      AssumeRoleWithSAML: undefined,
      AssumeRoleWithWebIdentity: undefined,
      AssumeRoot: undefined,
      DecodeAuthorizationMessage: undefined,
      GetAccessKeyInfo: accessKeyInfo,
      GetCallerIdentity: callerIdentity,
      GetDelegatedAccessToken: undefined,
      GetFederationToken: federationToken,
      GetSessionToken: sessionToken,
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
