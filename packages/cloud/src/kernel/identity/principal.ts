/**
 * Who makes a request, as IAM tells principals apart.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export type Principal = RootPrincipal | UserPrincipal | RolePrincipal | FederatedPrincipal | ServicePrincipal;

/** The account itself. It may do everything in its account; only resource policies can deny it. */
export interface RootPrincipal {
  readonly kind: 'root';
  readonly accountId: string;
}

export interface UserPrincipal {
  readonly kind: 'user';
  readonly accountId: string;
  readonly userName: string;
  /** `AIDA…` */
  readonly userId: string;
  /** `arn:aws:iam::account:user/path/name` */
  readonly arn: string;
  /** Seconds since which multi-factor authentication holds; undefined without it. */
  readonly mfaAgeSeconds?: number;
}

/** One session of a role. */
export interface RolePrincipal {
  readonly kind: 'role';
  readonly accountId: string;
  readonly roleName: string;
  /** `AROA…` */
  readonly roleId: string;
  /** `arn:aws:iam::account:role/path/name` */
  readonly roleArn: string;
  readonly sessionName: string;
  /** `arn:aws:sts::account:assumed-role/name/session` */
  readonly arn: string;
  /** Documents that narrow the session further: inline, and those of managed policies. */
  readonly sessionPolicies: readonly string[];
  readonly sessionTags: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  readonly issuedMs: number;
}

/** What GetFederationToken makes of a user. */
export interface FederatedPrincipal {
  readonly kind: 'federated';
  readonly accountId: string;
  readonly name: string;
  /** `arn:aws:sts::account:federated-user/name` */
  readonly arn: string;
  /** Whose permissions the session has at most. */
  readonly issuer: RootPrincipal | UserPrincipal;
  readonly sessionPolicies: readonly string[];
}

/** A service of AWS that acts on its own, e.g. `lambda.amazonaws.com`. */
export interface ServicePrincipal {
  readonly kind: 'service';
  /** The account on whose behalf it acts. */
  readonly accountId: string;
  readonly service: string;
}

/** The ARN that AWS names the principal by; a service's is its name. */
export function principalArn(principal: Principal): string {
  if (principal.kind === 'root') return `arn:aws:iam::${principal.accountId}:root`;
  return principal.kind === 'service' ? principal.service : principal.arn;
}
