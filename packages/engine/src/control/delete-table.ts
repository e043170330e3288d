import { tableArn } from '../catalog/arn.js';
import type { Handler } from '../engine-context.js';
import { validationError } from '../errors.js';
import { describeReplicas } from '../global/describe-replicas.js';
import { assertGroupIdle, assertNotProtected, assertNotSource, peersOf, removeReplica } from '../global/group.js';
import { assertNotStrong } from '../global/strong-rules.js';
import { describeBillingMode } from './billing-mode.js';
import { assertSettled } from './busy-table.js';
import type { ControlContext } from './control-context.js';
import { describeStream, describeThroughput, withoutUndefined } from './describe-table.js';
import { assertChangeable, existingTable } from './table-errors.js';

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html. The items are removed in the
 * background; the name is free as soon as the table is no longer described.
 */
export function deleteTable(context: ControlContext): Handler {
  return async (caller, input) => {
    const nameOrArn = input.TableName as string;
    return context.tables.change((changes) => {
      const record = existingTable(context.tables, caller, nameOrArn);
      assertChangeable(record);
      assertNotStrong(record);
      if (record.replication !== undefined) {
        assertNotProtected(record);
        assertNotSource(context, changes, record);
        assertGroupIdle(changes, record);
      }
      if (record.deletionProtection) {
        throw validationError(
          'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
        );
      }
      assertSettled(record, context.clock.nowMs());
      const counts = context.statistics.of(record.storageNumber);
      const arn = tableArn(record, record.name);
      const peers = peersOf(changes.read, record);
      removeReplica(context, changes, record);
      return {
        TableDescription: withoutUndefined({
          TableName: record.name,
          TableStatus: 'DELETING',
          ProvisionedThroughput: describeThroughput(record.throughput, context.clock.nowMs()),
          TableSizeBytes: counts.bytes,
          ItemCount: counts.items,
          TableArn: arn,
          TableId: record.id,
          ...describeBillingMode(record),
          ...describeStream(record, arn),
          DeletionProtectionEnabled: false,
          ...describeReplicas(record, peers, context.clock.nowMs()),
        }),
      };
    });
  };
}
