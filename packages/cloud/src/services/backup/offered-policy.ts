import { partitionOf } from '../../kernel/caller.js';
import type { OfferedPolicy } from '../../kernel/resource-policies.js';
import type { BackupStore } from './backup-store.js';

/** The access policy of a vault, which is that of the recovery points in it, too. */
export function offeredPolicy(store: BackupStore, arn: string): OfferedPolicy | undefined {
  const [, , , region = '', accountId = '', kind, name = ''] = arn.split(':');
  const place = partitionOf({ accountId, region });
  const vaultName = kind === 'backup-vault' ? name : store.points.get(place, arn)?.vaultName;
  const vault = vaultName === undefined ? undefined : store.vaults.get(place, vaultName);
  return vault && { accountId, documents: vault.policy === undefined ? [] : [vault.policy] };
}
