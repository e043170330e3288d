import type { ApplicablePolicies } from '../../kernel/policy/evaluate.js';
import { type PolicyDocument, parsePolicy } from '../../kernel/policy/policy-document.js';
import type { Principal, RoleSessionPrincipal, UserPrincipal } from '../../kernel/principal.js';
import type { RoleRecord, SubjectRecord, UserRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { currentDocument } from './managed-policy.js';

/** A policy and where it comes from, as simulations name it. */
export interface SourcedPolicy {
  /** `user_ann_inline-name`, or the name of a managed policy. */
  readonly id: string;
  readonly type: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed';
  readonly document: PolicyDocument;
}

const ALLOW_ALL = parsePolicy(
  JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }),
);
const CACHE_LIMIT = 1000;

/** Which policies apply to whom. Answers are kept until something of IAM changes. */
export class PrincipalPolicies {
  readonly #known = new Map<string, readonly SourcedPolicy[]>();
  #version = -1;

  constructor(private readonly store: IamStore) {}

  /** What limits and permits a principal, the policies of resources left out. */
  of(principal: Principal): ApplicablePolicies {
    switch (principal.kind) {
      case 'root':
        return { identity: [ALLOW_ALL] };
      case 'service':
        return { identity: [] };
      case 'federated-user':
        return { ...this.of(principal.issuer), session: principal.sessionPolicies.map(parsePolicy) };
      case 'user': {
        const user = this.userOf(principal);
        return {
          identity:
            user === undefined ? [] : this.#documents(principal.arn, () => this.ofUser(principal.accountId, user)),
          ...this.#boundary(user),
        };
      }
      case 'role-session': {
        const role = this.roleOf(principal);
        return {
          identity: role === undefined ? [] : this.#documents(principal.roleArn, () => this.ofRole(role)),
          ...this.#boundary(role),
          session: principal.sessionPolicies?.map(parsePolicy),
        };
      }
    }
  }

  ofUser(accountId: string, user: UserRecord): readonly SourcedPolicy[] {
    const groups = user.groups.flatMap((name) => this.store.groups.get(accountId, name) ?? []);
    return [...this.#ofSubject('user', user), ...groups.flatMap((group) => this.#ofSubject('group', group))];
  }

  ofRole(role: RoleRecord): readonly SourcedPolicy[] {
    return this.#ofSubject('role', role);
  }

  ofGroup(group: SubjectRecord): readonly SourcedPolicy[] {
    return this.#ofSubject('group', group);
  }

  boundaryOf(subject: { readonly boundaryArn?: string | undefined } | undefined): PolicyDocument | undefined {
    if (subject?.boundaryArn === undefined) return undefined;
    // A boundary that is gone leaves nothing that is allowed.
    return parsePolicy(currentDocument(this.store, subject.boundaryArn) ?? '');
  }

  /** The user; undefined when it is gone, or another has taken its name. */
  userOf(principal: UserPrincipal): UserRecord | undefined {
    const user = this.store.users.get(principal.accountId, principal.userName);
    return user?.id === principal.userId ? user : undefined;
  }

  /** The role of a session; undefined when it is gone, or another has taken its name. */
  roleOf({ accountId, roleArn, userId }: RoleSessionPrincipal): RoleRecord | undefined {
    const role = this.store.roles.get(accountId, roleArn.slice(roleArn.lastIndexOf('/') + 1));
    if (role === undefined || iamArn(accountId, 'role', role) !== roleArn) return undefined;
    return userId.startsWith(`${role.id}:`) ? role : undefined;
  }

  #boundary(subject: { readonly boundaryArn?: string | undefined } | undefined) {
    const boundary = this.boundaryOf(subject);
    return boundary === undefined ? {} : { boundary };
  }

  #documents(arn: string, collect: () => readonly SourcedPolicy[]): readonly PolicyDocument[] {
    if (this.#version !== this.store.version || this.#known.size >= CACHE_LIMIT) {
      this.#known.clear();
      this.#version = this.store.version;
    }
    let sourced = this.#known.get(arn);
    if (sourced === undefined) {
      sourced = collect();
      this.#known.set(arn, sourced);
    }
    return sourced.map(({ document }) => document);
  }

  #ofSubject(type: 'user' | 'group' | 'role', subject: SubjectRecord): SourcedPolicy[] {
    const inline = Object.entries(subject.inline).map(([name, text]) => ({
      id: `${type}_${subject.name}_${name}`,
      type,
      document: parsePolicy(text),
    }));
    const attached = subject.attached.map(({ name, arn }) => ({
      id: name,
      type: arn.startsWith('arn:aws:iam::aws:') ? ('aws-managed' as const) : ('user-managed' as const),
      document: parsePolicy(currentDocument(this.store, arn) ?? ''),
    }));
    return [...inline, ...attached];
  }
}
