import type { Principal } from '../principal.js';
import type { ConditionContext } from './condition-context.js';
import { matchPrincipal, type PrincipalMatch, stronger } from './match-principal.js';
import type { PolicyDocument, Statement } from './policy-document.js';

/** What is to be decided. */
export interface AccessRequest {
  readonly principal: Principal;
  /** E.g. `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN, or `*`. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/** All policies that bear on a request. */
export interface ApplicablePolicies {
  /** Those attached to the principal and its groups. */
  readonly identity: readonly PolicyDocument[];
  /** Absent when the principal has no permissions boundary. */
  readonly boundary?: PolicyDocument | undefined;
  /** Absent when the session was opened without policies. */
  readonly session?: readonly PolicyDocument[] | undefined;
  readonly resource?: ResourcePolicies | undefined;
}

export interface ResourcePolicies {
  /** The account that the resource belongs to. */
  readonly accountId: string;
  readonly documents: readonly PolicyDocument[];
  /** Whether nothing is allowed that these do not allow, as with KMS keys and the trust policies of roles. */
  readonly isRequired: boolean;
}

export type PolicyType = 'identity' | 'boundary' | 'session' | 'resource';

export type Decision =
  | { readonly allowed: true; readonly matched: readonly MatchedStatement[] }
  | {
      readonly allowed: false;
      /** Explicit: a statement denies it. Otherwise nothing of that type allows it. */
      readonly explicit: boolean;
      readonly type: PolicyType;
      readonly matched: readonly MatchedStatement[];
    };

export interface MatchedStatement {
  readonly type: PolicyType;
  readonly document: PolicyDocument;
  readonly statement: Statement;
}

/**
 * Decides as AWS does: an explicit deny anywhere wins; then, within one account, identity policies or the resource's
 * policy must allow (between accounts both), within the permissions boundary and the session's policies.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(request: AccessRequest, policies: ApplicablePolicies): Decision {
  const identity = verdictOf(request, 'identity', policies.identity);
  const boundary = policies.boundary && verdictOf(request, 'boundary', [policies.boundary]);
  const session = policies.session && verdictOf(request, 'session', policies.session);
  const resource = policies.resource && verdictOf(request, 'resource', policies.resource.documents);
  const all = [identity, boundary, session, resource].filter((verdict) => verdict !== undefined);
  const denied = all.find((verdict) => verdict.denials.length > 0);
  if (denied !== undefined) return { allowed: false, explicit: true, type: denied.type, matched: denied.denials };
  const missing = missingType(request, policies, { identity, boundary, session, resource });
  const matched = all.flatMap((verdict) => verdict.allows);
  return missing === undefined
    ? { allowed: true, matched }
    : { allowed: false, explicit: false, type: missing, matched };
}

interface Verdict {
  readonly type: PolicyType;
  readonly denials: readonly MatchedStatement[];
  readonly allows: readonly MatchedStatement[];
  /** How the allowing statements name the principal. */
  readonly match: PrincipalMatch;
}

function verdictOf(request: AccessRequest, type: PolicyType, documents: readonly PolicyDocument[]): Verdict {
  const denials: MatchedStatement[] = [];
  const allows: MatchedStatement[] = [];
  let best: PrincipalMatch = 'none';
  for (const document of documents) {
    for (const statement of document.statements) {
      const match = matchPrincipal(statement, request.principal);
      if (match === 'none' || !applies(statement, request)) continue;
      (statement.effect === 'Deny' ? denials : allows).push({ type, document, statement });
      if (statement.effect === 'Allow') best = stronger(best, match);
    }
  }
  return { type, denials, allows, match: best };
}

/** Whether a statement speaks of the request's action, resource and circumstances. */
export function applies(statement: Statement, { action, resource, context }: AccessRequest): boolean {
  const { actions, resources, conditions } = statement;
  if (actions.patterns.some((pattern) => pattern.matches(action, context)) === actions.negated) return false;
  if (resources !== undefined) {
    const isNamed = resources.patterns.some((pattern) => pattern.matches(resource, context));
    if (isNamed === resources.negated) return false;
  }
  return conditions.every((condition) => condition.holds(context));
}

type Verdicts = Readonly<Record<PolicyType, Verdict | undefined>> & { readonly identity: Verdict };

/** The type of policy for want of which the request is denied; undefined when nothing is wanting. */
function missingType(request: AccessRequest, policies: ApplicablePolicies, verdicts: Verdicts): PolicyType | undefined {
  const { principal } = request;
  const { resource } = policies;
  const granted = verdicts.resource?.match ?? 'none';
  const isForeign = resource !== undefined && resource.accountId !== principal.accountId;
  if (principal.kind === 'service') return granted === 'none' ? 'resource' : undefined;
  if (isForeign || resource?.isRequired === true) {
    if (granted === 'none') return 'resource';
  }
  // Named by the resource's policy itself, the principal needs no identity policy in its own account.
  if (!isForeign && granted === 'direct') return undefined;
  if (!isForeign && granted === 'role') return missingLimit(verdicts);
  if (principal.kind !== 'root' && verdicts.identity.allows.length === 0) return 'identity';
  return missingLimit(verdicts);
}

function missingLimit({ boundary, session }: Verdicts): PolicyType | undefined {
  if (boundary?.allows.length === 0) return 'boundary';
  return session?.allows.length === 0 ? 'session' : undefined;
}
