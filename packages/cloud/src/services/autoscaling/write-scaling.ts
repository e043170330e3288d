import type { Store } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { Records } from '../../kernel/records.js';
import type { TargetRecord } from './scaling-records.js';

/**
 * Whether the write capacity of a table, or of one of its indexes, is scaled: what DynamoDB asks before it gives a
 * provisioned table replicas. Reads the targets that the service has registered.
 */
export function writeScaling(store: Store): (place: Caller, tableName: string, indexName?: string) => boolean {
  const targets = new Records<TargetRecord>(store, 'autoscaling.targets');
  return ({ accountId, region }, tableName, indexName) => {
    const [resourceId, kind] =
      indexName === undefined ? [`table/${tableName}`, 'table'] : [`table/${tableName}/index/${indexName}`, 'index'];
    return (
      targets.get(partitionOf({ accountId, region }), `${resourceId}\0dynamodb:${kind}:WriteCapacityUnits`) !==
      undefined
    );
  };
}
