import type { Caller } from './caller.js';

/** Who makes a request, as IAM sees it. https://docs.aws.amazon.com/IAM/latest/UserGuide/intro-structure.html */
export type Principal =
  | RootPrincipal
  | UserPrincipal
  | RoleSessionPrincipal
  | FederatedUserPrincipal
  | ServicePrincipal;

/** The account itself. It may do everything in its account; only a resource's policy can deny it. */
export interface RootPrincipal {
  readonly kind: 'root';
  readonly accountId: string;
}

export interface UserPrincipal {
  readonly kind: 'user';
  readonly accountId: string;
  /** `arn:aws:iam::<account>:user/<path><name>` */
  readonly arn: string;
  /** AIDA… */
  readonly userId: string;
  readonly userName: string;
}

export interface RoleSessionPrincipal {
  readonly kind: 'role-session';
  readonly accountId: string;
  /** `arn:aws:sts::<account>:assumed-role/<role name>/<session name>` */
  readonly arn: string;
  /** `arn:aws:iam::<account>:role/<path><name>` */
  readonly roleArn: string;
  /** AROA…`:`<session name> */
  readonly userId: string;
  readonly sessionName: string;
  /** Policies given with AssumeRole, as JSON: the session gets what these and the role's allow. */
  readonly sessionPolicies?: readonly string[];
  readonly sessionTags?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  /** When the session began. */
  readonly issuedMs?: number;
}

/** What GetFederationToken makes of a user. */
export interface FederatedUserPrincipal {
  readonly kind: 'federated-user';
  readonly accountId: string;
  /** `arn:aws:sts::<account>:federated-user/<name>` */
  readonly arn: string;
  /** `<account>:<name>` */
  readonly userId: string;
  /** Whose permissions the session has at most. */
  readonly issuer: RootPrincipal | UserPrincipal;
  /** What it gets of them. Without any it gets what resource policies give it. */
  readonly sessionPolicies: readonly string[];
}

/** A service of AWS on its own behalf, e.g. `backup.amazonaws.com`; within this endpoint only. */
export interface ServicePrincipal {
  readonly kind: 'service';
  readonly accountId: string;
  readonly service: string;
  /** The ARN of what the service acts for, e.g. the topic whose message it delivers: `aws:SourceArn`. */
  readonly sourceArn?: string;
}

/** On whose behalf, and where, one service calls another. */
export interface Actor {
  readonly caller: Caller;
  readonly principal: Principal;
}

/** The ARN that AWS names the principal by; a service is named by its name. */
export function principalArn(principal: Principal): string {
  if (principal.kind === 'root') return `arn:aws:iam::${principal.accountId}:root`;
  return principal.kind === 'service' ? principal.service : principal.arn;
}

export function rootOf(accountId: string): RootPrincipal {
  return { kind: 'root', accountId };
}

/**
 * A service of AWS acting by itself in an account and region.
 * @param sourceArn What it acts for, e.g. a topic: conditions of the resource's policy may ask for it.
 */
export function serviceActor(service: string, caller: Caller, sourceArn?: string): Actor {
  return {
    caller,
    principal: { kind: 'service', accountId: caller.accountId, service, ...(sourceArn && { sourceArn }) },
  };
}
