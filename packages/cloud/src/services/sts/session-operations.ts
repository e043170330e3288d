import type * as Sts from '@aws-sdk/client-sts';
import { DEFAULT_ACCOUNT_ID } from '../../kernel/credential.js';
import { type FederatedUserPrincipal, type Principal, principalArn } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkedPolicy, packedSize } from './assume-role.js';
import { shownCredentials } from './shown-credentials.js';
import { checkedDuration, required, validationError } from './sts-input.js';

const HOUR_SECONDS = 3600;
/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
const MOST_SECONDS = 36 * HOUR_SECONDS;

/** Who calls. Everybody may ask, whatever policies say. */
export function callerIdentity({ principal }: RequestContext): Sts.GetCallerIdentityResponse {
  return { UserId: userIdOf(principal), Account: principal.accountId, Arn: principalArn(principal) };
}

/** Temporary credentials of the user who asks; the root user's hold for an hour at most. */
export async function sessionToken(
  { kernel, principal }: RequestContext,
  input: Sts.GetSessionTokenCommandInput,
): Promise<Sts.GetSessionTokenResponse> {
  if (principal.kind !== 'user' && principal.kind !== 'root') {
    throw new ServiceError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { httpStatus: 403 });
  }
  const asked = checkedDuration(input.DurationSeconds ?? 12 * HOUR_SECONDS, 900, MOST_SECONDS);
  const seconds = principal.kind === 'root' ? Math.min(asked, HOUR_SECONDS) : asked;
  return { Credentials: shownCredentials(await kernel.ports.identity.issue(principal, seconds)) };
}

/** Credentials for somebody whom the user who asks knows by a name of their own. */
export async function federationToken(
  { kernel, principal }: RequestContext,
  input: Sts.GetFederationTokenCommandInput,
): Promise<Sts.GetFederationTokenResponse> {
  const name = required(input.Name, 'name');
  if (!/^[\w+=,.@-]{2,32}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'name' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    );
  }
  if (principal.kind !== 'user' && principal.kind !== 'root') {
    throw new ServiceError('AccessDenied', 'Cannot call GetFederationToken with session credentials', {
      httpStatus: 403,
    });
  }
  const asked = checkedDuration(input.DurationSeconds ?? 12 * HOUR_SECONDS, 900, MOST_SECONDS);
  const { accountId } = principal;
  const sessionPolicies = input.Policy === undefined ? [] : [checkedPolicy(input.Policy)];
  for (const { arn = '' } of input.PolicyArns ?? []) {
    const document = kernel.ports.identity.managedPolicy(arn);
    if (document !== undefined) sessionPolicies.push(document);
  }
  const federated: FederatedUserPrincipal = {
    kind: 'federated-user',
    accountId,
    arn: `arn:aws:sts::${accountId}:federated-user/${name}`,
    userId: `${accountId}:${name}`,
    issuer: principal,
    sessionPolicies,
  };
  const seconds = principal.kind === 'root' ? Math.min(asked, HOUR_SECONDS) : asked;
  return {
    Credentials: shownCredentials(await kernel.ports.identity.issue(federated, seconds)),
    FederatedUser: { FederatedUserId: federated.userId, Arn: federated.arn },
    PackedPolicySize: packedSize(sessionPolicies),
  };
}

/** The account that an access key belongs to: its own, for one that was issued here or that names an account. */
export function accessKeyInfo(
  { kernel }: RequestContext,
  input: Sts.GetAccessKeyInfoCommandInput,
): Sts.GetAccessKeyInfoResponse {
  const id = required(input.AccessKeyId, 'accessKeyId');
  const issued = kernel.ports.identity.issuedKey(id);
  return { Account: issued?.accountId ?? (/^\d{12}$/.test(id) ? id : DEFAULT_ACCOUNT_ID) };
}

function userIdOf(principal: Principal): string {
  return principal.kind === 'root' || principal.kind === 'service' ? principal.accountId : principal.userId;
}
