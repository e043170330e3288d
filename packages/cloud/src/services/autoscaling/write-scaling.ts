import type { Store } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { Records } from '../../kernel/records.js';
import type { PolicyRecord, TargetRecord } from './scaling-records.js';

/**
 * Whether the write capacity of a table, or of one of its indexes, is scaled: what DynamoDB asks before it gives a
 * provisioned table replicas. A target without a policy is not enough (recorded on AWS). Reads what the service has stored.
 */
export function writeScaling(store: Store): (place: Caller, tableName: string, indexName?: string) => boolean {
  const targets = new Records<TargetRecord>(store, 'autoscaling.targets');
  const policies = new Records<PolicyRecord>(store, 'autoscaling.policies');
  return ({ accountId, region }, tableName, indexName) => {
    const [resourceId, kind] =
      indexName === undefined ? [`table/${tableName}`, 'table'] : [`table/${tableName}/index/${indexName}`, 'index'];
    const partition = partitionOf({ accountId, region });
    const key = `${resourceId}\0dynamodb:${kind}:WriteCapacityUnits`;
    if (targets.get(partition, key) === undefined) return false;
    for (const _policy of policies.list(partition, { prefix: `${key}\0` })) return true;
    return false;
  };
}
