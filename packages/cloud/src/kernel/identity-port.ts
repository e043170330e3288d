import type { Decision, ResourcePolicies } from './policy/evaluate.js';
import type { Principal, RoleSessionPrincipal } from './principal.js';

/** A role as services see it. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** `AROA…`; another role of the same name has another. */
  readonly id: string;
  readonly accountId: string;
  /** Who may assume it, as JSON. */
  readonly trustPolicy: string;
  readonly maxSessionSeconds: number;
}

/** What somebody wants to do: one action on one resource. */
export interface Need {
  /** As policies write it, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` for actions that name no resource. */
  readonly resource: string;
  /** Values of condition keys, e.g. `{ 'dynamodb:LeadingKeys': ['a'] }`; names of any case. The global keys are added. */
  readonly context?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Temporary credentials, as STS hands them out and as a function's environment has them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expirationMs: number;
}

/** An access key that IAM or STS of this endpoint issued. */
export interface IssuedKey {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly secret: string;
  /** Of a session's key only. */
  readonly session?: { readonly token: string; readonly expirationMs: number };
  readonly isActive: boolean;
  /** Undefined when the user is gone. */
  readonly principal: Principal | undefined;
}

/** When and where a key was used last. */
export interface KeyUse {
  readonly timeMs: number;
  readonly region: string;
  readonly service: string;
}

/**
 * What the endpoint and its services need of IAM and STS: `kernel.ports.identity`. Look-ups are synchronous and cheap.
 *
 * A service that acts with a role (a function, a backup job) asks `role` whether it is there, `mayServiceAssume` whether
 * it may take it, and then either calls other services with `roleSession` as the actor's principal (`kernel.calls`, which
 * hold it to its policies) or, for code that makes requests, hands out the credentials of `openSession`.
 */
export interface IdentityPort {
  /** The role with this ARN; undefined when there is none. */
  role(arn: string): Role | undefined;
  /** Whether a user or role that a policy in an account names by its ARN is there; true for what cannot be known. */
  isNamed(accountId: string, arn: string): boolean;
  /** Whether the role's trust policy lets a service (`lambda.amazonaws.com`) assume it. False for no such role. */
  mayServiceAssume(roleArn: string, service: string): boolean;
  /**
   * Why a principal may not do `need`, in AWS's words (`User: arn:… is not authorized to perform: …`); undefined when it
   * may. Its identity policies count, its boundary and session policies, and the resource's own policies where given.
   */
  denial(
    principal: Principal,
    need: Need,
    place: { readonly region: string; readonly resource?: ResourcePolicies },
  ): string | undefined;
  /** The same with what decided it. */
  decide(
    principal: Principal,
    need: Need,
    place: { readonly region: string; readonly resource?: ResourcePolicies },
  ): Decision;
  /** The principal that a service acts as when it has assumed the role; undefined when there is no such role. */
  roleSession(roleArn: string, sessionName: string): RoleSessionPrincipal | undefined;
  /**
   * Credentials of a new session that a service opens on a role, e.g. for a function's environment. Rejects with
   * ServiceError (AccessDenied) when the role is not there or does not trust the service.
   */
  openSession(
    roleArn: string,
    options: { readonly service: string; readonly sessionName: string; readonly durationSeconds: number },
  ): Promise<{ readonly principal: RoleSessionPrincipal; readonly credentials: SessionCredentials }>;
  /**
   * The ARN of the service-linked role of a service (`dynamodb.application-autoscaling.amazonaws.com`), which is made
   * when it is not there.
   */
  serviceLinkedRole(accountId: string, service: string): Promise<string>;
  /** The ARN of a role, user, group or policy with the path that it has; one that is not there gets `path`. */
  withPath(arn: string, path: string): string;
  /** The document of a managed policy that holds now; undefined when there is no such policy. */
  managedPolicy(arn: string): string | undefined;
  /** New credentials for a principal; durable once resolved. */
  issue(principal: Principal, durationSeconds: number): Promise<SessionCredentials>;
  /** The key, if it was issued here, even when it has been deleted or has expired. One look-up. */
  issuedKey(accessKeyId: string): IssuedKey | undefined;
  isIssued(accessKeyId: string): boolean;
  /** Whether any key was ever issued here. */
  readonly hasIssuedKeys: boolean;
  /** A request came in with an issued key. */
  keyUsed(accessKeyId: string, service: string, region: string): void;
  /** When a key was last used; undefined when it was not, since the endpoint started. */
  keyUse(accessKeyId: string): KeyUse | undefined;
  /** The same for the sessions of a role. */
  roleUse(roleArn: string): KeyUse | undefined;
}
