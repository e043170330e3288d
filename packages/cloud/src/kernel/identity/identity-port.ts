import type { Principal, RolePrincipal } from './principal.js';

/** A role as services see it. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** `AROA…`; another role of the same name has another. */
  readonly id: string;
  readonly accountId: string;
}

/** What somebody wants to do: one action on one resource. */
export interface Need {
  /** As policies write it, e.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*` for actions that name no resource. */
  readonly resource: string;
  /** Values of condition keys, e.g. `{ 'dynamodb:LeadingKeys': ['a'] }`; names of any case. The global keys are added. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** Temporary credentials, as STS hands them out and as a function's environment has them. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expirationMs: number;
}

export interface RoleSession {
  readonly principal: RolePrincipal;
  readonly credentials: SessionCredentials;
}

/** What services need of IAM and STS: `kernel.ports.identity`. Look-ups are synchronous and cheap. */
export interface IdentityPort {
  /** The role with this ARN; undefined when there is none. */
  role(arn: string): Role | undefined;
  /** Whether the role's trust policy lets the service (`lambda.amazonaws.com`) assume it. False for no such role. */
  mayServiceAssume(roleArn: string, service: string): boolean;
  /**
   * Why a principal may not do `need`, in AWS's words (`User: arn:… is not authorized to perform: …`); undefined when it
   * may. Identity policies, boundary and session policies count, and the resource's own policy where its service offers
   * it. Also undefined when policies are switched off.
   */
  denial(principal: Principal, need: Need, region: string): string | undefined;
  /** The principal that a service acts as when it has assumed the role; undefined when there is no such role. */
  roleSession(roleArn: string, sessionName: string): RolePrincipal | undefined;
  /**
   * Credentials of a new session that a service opens on a role, e.g. for a function's environment. Rejects with
   * AccessDenied when the role is not there or does not trust the service.
   */
  openSession(
    roleArn: string,
    options: { readonly service: string; readonly sessionName: string; readonly durationSeconds: number },
  ): Promise<RoleSession>;
  /**
   * The ARN of the service-linked role of a service (`dynamodb.application-autoscaling.amazonaws.com`), which is made
   * when it is not there.
   */
  serviceLinkedRole(accountId: string, service: string): Promise<string>;
}
