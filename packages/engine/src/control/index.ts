import type { Handler } from '../engine-context.js';
import { peersOf } from '../global/group.js';
import { legacyGlobalTables, replicaScalingOperations } from '../global/index.js';
import { kinesisOperations } from '../kinesis/index.js';
import type { OperationName } from '../operation-name.js';
import { describeEndpoints, describeLimits } from './account.js';
import { describeContinuousBackups, updateContinuousBackups } from './continuous-backups.js';
import {
  describeContributorInsights,
  listContributorInsights,
  updateContributorInsights,
} from './contributor-insights.js';
import type { ControlContext } from './control-context.js';
import { createTable } from './create-table.js';
import { deleteTable } from './delete-table.js';
import { describeTable } from './describe-table.js';
import { listTables } from './list-tables.js';
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy } from './resource-policy.js';
import { existingTable } from './table-errors.js';
import { listTagsOfResource, tagResource, untagResource } from './tags.js';
import { describeTimeToLive, updateTimeToLive } from './time-to-live.js';
import { updateTable } from './update-table.js';

/** The operations on tables. */
export function controlOperations(context: ControlContext) {
  return {
    CreateTable: createTable(context),
    DeleteResourcePolicy: deleteResourcePolicy(context),
    DeleteTable: deleteTable(context),
    DescribeContinuousBackups: describeContinuousBackups(context),
    DescribeContributorInsights: describeContributorInsights(context),
    DescribeEndpoints: describeEndpoints(context),
    DescribeLimits: describeLimits,
    DescribeTable: (caller, input) => {
      const record = existingTable(context.tables, caller, input.TableName as string);
      const peers = peersOf((place, name) => context.tables.find(place, name), record);
      return { Table: describeTable(record, (number) => context.statistics.of(number), context.clock.nowMs(), peers) };
    },
    DescribeTimeToLive: describeTimeToLive(context),
    ...legacyGlobalTables,
    ...replicaScalingOperations(context),
    ...kinesisOperations(context),
    GetResourcePolicy: getResourcePolicy(context),
    ListContributorInsights: listContributorInsights(context),
    ListTables: listTables(context),
    ListTagsOfResource: listTagsOfResource(context),
    PutResourcePolicy: putResourcePolicy(context),
    TagResource: tagResource(context),
    UntagResource: untagResource(context),
    UpdateContinuousBackups: updateContinuousBackups(context),
    UpdateContributorInsights: updateContributorInsights(context),
    UpdateTable: updateTable(context),
    UpdateTimeToLive: updateTimeToLive(context),
  } satisfies Partial<Record<OperationName, Handler>>;
}
