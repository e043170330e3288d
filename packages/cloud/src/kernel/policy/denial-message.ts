import type { Decision, PolicyType } from './evaluate.js';

const NAMES: Readonly<Record<PolicyType, readonly [withArticle: string, plain: string]>> = {
  identity: ['an identity-based policy', 'identity-based policy'],
  resource: ['a resource-based policy', 'resource-based policy'],
  boundary: ['a permissions boundary', 'permissions boundary'],
  session: ['a session policy', 'session policy'],
};

/**
 * What AWS says to the one who is denied; undefined for what is allowed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialMessage(
  decision: Decision,
  { user, action, resource }: { readonly user: string; readonly action: string; readonly resource: string },
): string | undefined {
  if (decision.allowed) return undefined;
  const [withArticle, plain] = NAMES[decision.type];
  const reason = decision.explicit
    ? `with an explicit deny in ${withArticle}`
    : `because no ${plain} allows the ${action} action`;
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
