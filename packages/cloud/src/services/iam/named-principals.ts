import { type IamStore, iamArn } from './iam-store.js';

/**
 * Whether the user or role that a policy names by its ARN is there. Of other accounts, those with users or roles of their
 * own here are known; what else policies name (the root of an account, sessions, unique ids) is taken for there.
 *
 * @param accountId where the policy is put
 */
export function isNamed(store: IamStore, accountId: string, arn: string): boolean {
  const [, owner = '', kind, name = ''] = /^arn:aws:iam::(\d{12}):(role|user)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (kind !== 'role' && kind !== 'user') return true;
  if (owner !== accountId && store.roles.isEmpty(owner) && store.users.isEmpty(owner)) return true;
  const entity = kind === 'role' ? store.roles.get(owner, name) : store.users.get(owner, name);
  return entity !== undefined && iamArn(owner, kind, entity) === arn;
}
