import type { Principal, RoleSessionPrincipal } from '../principal.js';
import type { PrincipalElement, Statement } from './policy-document.js';

/**
 * How a policy names somebody. `account` names the whole account, which leaves the decision to its identity policies;
 * `role` names a role, whose sessions stay within boundary and session policies; `direct` names the very principal.
 */
export type PrincipalMatch = 'none' | 'account' | 'role' | 'direct';

/** How a statement names the principal; identity policies name nobody and mean whom they are attached to. */
export function matchPrincipal(statement: Statement, principal: Principal): PrincipalMatch {
  if (statement.principals === undefined) return 'direct';
  const { negated, element } = statement.principals;
  const match = matchElement(element, principal);
  if (!negated) return match;
  return match === 'none' ? 'direct' : 'none';
}

function matchElement(element: PrincipalElement, principal: Principal): PrincipalMatch {
  if (element === '*') return everybody(principal);
  if (principal.kind === 'service') {
    if (element.Service?.includes(principal.service) === true) return 'direct';
    return element.AWS?.includes('*') === true || element.Service?.includes('*') === true ? 'direct' : 'none';
  }
  let best: PrincipalMatch = 'none';
  for (const name of element.AWS ?? []) best = stronger(best, matchName(name, principal));
  if (principal.kind === 'federated-user' && element.Federated?.includes(principal.arn) === true) return 'direct';
  return best;
}

/** The sessions of a role stay within its boundary and the session's policies when everybody is allowed something. */
function everybody(principal: Principal): PrincipalMatch {
  return principal.kind === 'role-session' ? 'role' : 'direct';
}

function matchName(name: string, principal: Exclude<Principal, { kind: 'service' }>): PrincipalMatch {
  if (name === '*') return everybody(principal);
  if (name === principal.accountId || name === `arn:aws:iam::${principal.accountId}:root`) {
    return principal.kind === 'root' ? 'direct' : 'account';
  }
  if (principal.kind === 'root') return 'none';
  if (name === principal.arn) return 'direct';
  if (principal.kind === 'user' && name === principal.userId) return 'direct';
  if (principal.kind === 'role-session' && (name === principal.roleArn || name === roleIdOf(principal))) return 'role';
  return 'none';
}

const STRENGTH: Readonly<Record<PrincipalMatch, number>> = { none: 0, account: 1, role: 2, direct: 3 };

export function stronger(one: PrincipalMatch, other: PrincipalMatch): PrincipalMatch {
  return STRENGTH[one] >= STRENGTH[other] ? one : other;
}

/** The unique id of the role, `AROA…`. */
export function roleIdOf(principal: RoleSessionPrincipal): string {
  return principal.userId.slice(0, principal.userId.indexOf(':'));
}
