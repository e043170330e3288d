import type { IdentityPort, IssuedKey, KeyUse, Need, Role, SessionCredentials } from '../../kernel/identity-port.js';
import type { Kernel } from '../../kernel/kernel.js';
import { ConditionContext } from '../../kernel/policy/condition-context.js';
import { denialMessage } from '../../kernel/policy/denial-message.js';
import { type Decision, evaluate, type ResourcePolicies } from '../../kernel/policy/evaluate.js';
import { parsePolicy } from '../../kernel/policy/policy-document.js';
import { type Principal, principalArn, type RoleSessionPrincipal } from '../../kernel/principal.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import { ServiceError } from '../../wire/index.js';
import type { RoleRecord, Tag } from './iam-records.js';
import { type IamStore, iamArn, iamStoreOf, isArnKind } from './iam-store.js';
import { IssuedKeys } from './issued-keys.js';
import { currentDocument } from './managed-policy.js';
import { isNamed } from './named-principals.js';
import { isoTime, principalContext } from './principal-context.js';
import { PrincipalPolicies } from './principal-policies.js';
import { serviceLinkedRole } from './service-linked-roles.js';

const ROLE_ARN = /^arn:aws:iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]+)$/;

/** IAM and STS as the rest of the endpoint asks them. */
export class Identity implements IdentityPort {
  readonly #store: IamStore;
  readonly #policies: PrincipalPolicies;
  readonly #keys: IssuedKeys;

  constructor(private readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>) {
    this.#store = iamStoreOf(kernel);
    this.#policies = new PrincipalPolicies(this.#store);
    this.#keys = new IssuedKeys(this.#store);
  }

  role(arn: string): Role | undefined {
    const found = this.#find(arn);
    if (found === undefined) return undefined;
    const { accountId, record } = found;
    const { name, id, trustPolicy, maxSessionSeconds } = record;
    return { arn, name, id, accountId, trustPolicy, maxSessionSeconds };
  }

  isNamed(accountId: string, arn: string): boolean {
    return isNamed(this.#store, accountId, arn);
  }

  mayServiceAssume(roleArn: string, service: string): boolean {
    const role = this.role(roleArn);
    if (role === undefined) return false;
    const principal: Principal = { kind: 'service', accountId: role.accountId, service };
    const trust = { accountId: role.accountId, isRequired: true, documents: [parsePolicy(role.trustPolicy)] };
    return this.decide(
      principal,
      { action: 'sts:AssumeRole', resource: roleArn },
      { region: 'us-east-1', resource: trust },
    ).allowed;
  }

  denial(principal: Principal, need: Need, place: { region: string; resource?: ResourcePolicies }): string | undefined {
    const { action, resource } = need;
    return denialMessage(this.decide(principal, need, place), { user: principalArn(principal), action, resource });
  }

  decide(principal: Principal, need: Need, place: { region: string; resource?: ResourcePolicies }): Decision {
    const { action, resource } = need;
    const context = new ConditionContext(principalContext(principal, this.#tagsOf(principal)))
      .add(this.#timeAnd(place.region))
      .add(need.context ?? {});
    return evaluate(
      { principal, action, resource, context },
      { ...this.#policies.of(principal), resource: place.resource },
    );
  }

  roleSession(roleArn: string, sessionName: string): RoleSessionPrincipal | undefined {
    const role = this.role(roleArn);
    if (role === undefined) return undefined;
    return {
      kind: 'role-session',
      accountId: role.accountId,
      arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      roleArn,
      userId: `${role.id}:${sessionName}`,
      sessionName,
      issuedMs: this.kernel.clock.nowMs(),
    };
  }

  async openSession(
    roleArn: string,
    options: { readonly service: string; readonly sessionName: string; readonly durationSeconds: number },
  ) {
    const { service, sessionName, durationSeconds } = options;
    const principal = this.mayServiceAssume(roleArn, service) ? this.roleSession(roleArn, sessionName) : undefined;
    if (principal === undefined) {
      const message = `User: ${service} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
      throw new ServiceError('AccessDenied', message, { httpStatus: 403 });
    }
    return { principal, credentials: await this.issue(principal, durationSeconds) };
  }

  serviceLinkedRole(accountId: string, service: string): Promise<string> {
    return serviceLinkedRole(this.#store, accountId, service);
  }

  issue(principal: Principal, durationSeconds: number): Promise<SessionCredentials> {
    return this.#keys.issue(principal, durationSeconds);
  }

  withPath(arn: string, path: string): string {
    const [, accountId = '', kind, name = ''] =
      /^arn:aws:iam::(\d{12}):(role|user|group|policy|instance-profile)\/([^/]+)$/.exec(arn) ?? [];
    if (!isArnKind(kind)) return arn;
    const { roles, users, groups, policies, instanceProfiles } = this.#store;
    const records = { role: roles, user: users, group: groups, policy: policies, 'instance-profile': instanceProfiles }[
      kind
    ];
    return iamArn(accountId, kind, records.get(accountId, name) ?? { path, name });
  }

  managedPolicy(arn: string): string | undefined {
    return currentDocument(this.#store, arn);
  }

  get hasIssuedKeys(): boolean {
    return this.#keys.size > 0;
  }

  isIssued(accessKeyId: string): boolean {
    return this.#keys.has(accessKeyId);
  }

  issuedKey(accessKeyId: string): IssuedKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  keyUsed(accessKeyId: string, service: string, region: string): void {
    this.#keys.used(accessKeyId, service, region);
  }

  keyUse(accessKeyId: string): KeyUse | undefined {
    return this.#keys.lastUse(accessKeyId);
  }

  roleUse(roleArn: string): KeyUse | undefined {
    return this.#keys.lastUseOfRole(roleArn);
  }

  #timeAnd(region: string): Record<string, string> {
    const nowMs = this.kernel.clock.nowMs();
    return {
      'aws:CurrentTime': isoTime(nowMs),
      'aws:EpochTime': String(Math.floor(nowMs / 1000)),
      'aws:RequestedRegion': region,
      // The endpoint stands for one that is reached over TLS.
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
    };
  }

  #tagsOf(principal: Principal): readonly Tag[] {
    if (principal.kind === 'user') return this.#policies.userOf(principal)?.tags ?? [];
    if (principal.kind === 'role-session') return this.#policies.roleOf(principal)?.tags ?? [];
    return [];
  }

  #find(arn: string): { readonly accountId: string; readonly record: RoleRecord } | undefined {
    const [, accountId, , name] = ROLE_ARN.exec(arn) ?? [];
    if (accountId === undefined || name === undefined) return undefined;
    const record = this.#store.roles.get(accountId, name);
    return record === undefined || iamArn(accountId, 'role', record) !== arn ? undefined : { accountId, record };
  }
}

/** Who may assume a role is said by its trust policy, which nothing stands in for. */
export function trustPolicy(identity: IdentityPort, arn: string, action: string): OfferedPolicy | undefined {
  const role = action.startsWith('sts:') ? identity.role(arn) : undefined;
  return role && { accountId: role.accountId, documents: [role.trustPolicy], isRequired: true };
}
