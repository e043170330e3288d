import { partitionOf } from '../../kernel/caller.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import type { KeyStore } from './key-store.js';

/** Who may use the key with this ARN: by its policy, and by the grants on it that have no constraints. */
export function offeredPolicy(store: KeyStore, arn: string): OfferedPolicy | undefined {
  const [, , , region = '', accountId = '', resource = ''] = arn.split(':');
  const key = store.keys.get(partitionOf({ accountId, region }), resource.replace(/^key\//, ''));
  if (key === undefined) return undefined;
  const grants = store
    .grantsOf(key)
    .filter(({ constraints }) => constraints === undefined)
    .map(({ granteePrincipal, operations }) => ({
      Effect: 'Allow',
      Principal: granteePrincipal.endsWith('.amazonaws.com')
        ? { Service: granteePrincipal }
        : { AWS: granteePrincipal },
      Action: operations.map((operation) => `kms:${operation}`),
      Resource: '*',
    }));
  const documents = grants.length === 0 ? [key.policy] : [key.policy, JSON.stringify({ Statement: grants })];
  return { accountId, documents, isRequired: true };
}
