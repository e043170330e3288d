import type * as Sts from '@aws-sdk/client-sts';
import type { Role } from '../../kernel/identity-port.js';
import { policyFault } from '../../kernel/policy/validate-policy.js';
import { principalArn, type RoleSessionPrincipal } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { shownCredentials } from './shown-credentials.js';
import { checkedDuration, required, validationError } from './sts-input.js';

const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const HOUR_SECONDS = 3600;
const MAX_SESSION_POLICIES = 10;

/**
 * A session of a role, if its trust policy lets the caller have it. Differs: on AWS the root user of an account cannot
 * assume roles; here, where every key that IAM did not issue stands for root, it can when the role trusts its account.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
  context: RequestContext,
  input: Sts.AssumeRoleCommandInput,
): Promise<Sts.AssumeRoleResponse> {
  const { identity } = context.kernel.ports;
  const roleArn = required(input.RoleArn, 'roleArn');
  const sessionName = required(input.RoleSessionName, 'roleSessionName');
  if (!SESSION_NAME.test(sessionName)) {
    throw validationError(
      `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: ` +
        'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    );
  }
  if (!roleArn.startsWith('arn:')) throw validationError(`${roleArn} is invalid`);
  const durationSeconds = checkedDuration(input.DurationSeconds ?? HOUR_SECONDS, 900, 12 * HOUR_SECONDS);
  const sessionPolicies = policiesOf(context, input);
  const tags = Object.fromEntries((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const role = identity.role(roleArn);
  checkTrust(context, roleArn, role, input, tags);
  if (role === undefined) throw denied(context, 'sts:AssumeRole', roleArn);
  checkLength(context, role, durationSeconds);
  const session = identity.roleSession(roleArn, sessionName);
  if (session === undefined) throw denied(context, 'sts:AssumeRole', roleArn);
  const principal: RoleSessionPrincipal = {
    ...session,
    ...(sessionPolicies.length > 0 ? { sessionPolicies } : {}),
    ...(input.Tags === undefined ? {} : { sessionTags: tags }),
    ...(input.SourceIdentity === undefined ? {} : { sourceIdentity: input.SourceIdentity }),
  };
  const credentials = await identity.issue(principal, durationSeconds);
  return {
    Credentials: shownCredentials(credentials),
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    SourceIdentity: input.SourceIdentity,
    PackedPolicySize: sessionPolicies.length === 0 ? undefined : packedSize(sessionPolicies),
  };
}

/** Throws AccessDenied unless the trust policy (and, where it leaves the decision to the account, IAM) allows it. */
function checkTrust(
  context: RequestContext,
  roleArn: string,
  role: Role | undefined,
  input: Sts.AssumeRoleCommandInput,
  tags: Readonly<Record<string, string>>,
): void {
  const conditions: Record<string, string | string[] | undefined> = {
    'sts:ExternalId': input.ExternalId,
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:SourceIdentity': input.SourceIdentity,
    'sts:TransitiveTagKeys': input.TransitiveTagKeys,
    'aws:TagKeys': Object.keys(tags),
  };
  for (const [key, value] of Object.entries(tags)) conditions[`aws:RequestTag/${key}`] = value;
  const actions = [
    'sts:AssumeRole',
    ...(input.Tags !== undefined && input.Tags.length > 0 ? ['sts:TagSession'] : []),
    ...(input.SourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
  const request = { service: 'sts', operation: 'AssumeRole', ...context };
  for (const action of actions) {
    if (role === undefined && context.kernel.authorizer.mode !== 'off') throw denied(context, action, roleArn);
    const message = context.kernel.authorizer.demand(request, { action, resource: roleArn, context: conditions });
    if (message === undefined) continue;
    // For want of trust, AWS gives no reason.
    throw message.includes('resource-based policy') ? denied(context, action, roleArn) : accessDenied(message);
  }
}

function checkLength({ principal }: RequestContext, role: Role, durationSeconds: number): void {
  if (principal.kind === 'role-session' && durationSeconds > HOUR_SECONDS) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (durationSeconds > role.maxSessionSeconds) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
}

/** The documents that limit the session: the one in the request, and those of managed policies that it names. */
function policiesOf(
  { kernel }: RequestContext,
  input: Pick<Sts.AssumeRoleCommandInput, 'Policy' | 'PolicyArns'>,
): string[] {
  const arns = (input.PolicyArns ?? []).map(({ arn = '' }) => arn);
  if (arns.length > MAX_SESSION_POLICIES) {
    throw validationError(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${MAX_SESSION_POLICIES}`,
    );
  }
  const named = arns.map((arn) => {
    const document = kernel.ports.identity.managedPolicy(arn);
    if (document === undefined) throw malformed(`Policy ${arn} does not exist or is not attachable.`);
    return document;
  });
  return input.Policy === undefined ? named : [checkedPolicy(input.Policy), ...named];
}

export function checkedPolicy(document: string): string {
  const fault = policyFault(document, 'identity');
  if (fault !== undefined) throw malformed(fault);
  return document;
}

/** How much of the room for policies is taken, in percent. */
export function packedSize(policies: readonly string[]): number {
  return Math.min(100, Math.ceil((policies.join('').length / 2048) * 100));
}

function denied({ principal }: RequestContext, action: string, roleArn: string): ServiceError {
  return accessDenied(
    `User: ${principalArn(principal)} is not authorized to perform: ${action} on resource: ${roleArn}`,
  );
}

function accessDenied(message: string): ServiceError {
  return new ServiceError('AccessDenied', message, { httpStatus: 403 });
}

function malformed(message: string): ServiceError {
  return new ServiceError('MalformedPolicyDocumentException', message);
}
