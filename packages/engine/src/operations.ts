import type { ControlContext } from './control/control-context.js';
import { controlOperations } from './control/index.js';
import { dataOperations } from './data/index.js';
import type { Handler } from './engine-context.js';
import { DynamoError } from './errors.js';
import type { OperationName } from './operation-name.js';

/** Every operation of the API; one that is missing does not compile. */
export type OperationTable = Readonly<Record<OperationName, Handler>>;

export function operationTable(context: ControlContext): OperationTable {
  return {
    ...NOT_EMULATED,
    ...controlOperations(context),
    ...dataOperations(context),
  };
}

/** The operations that answer, by name, that they are not emulated. */
const NOT_EMULATED = {
  BatchExecuteStatement: notEmulated('BatchExecuteStatement'),
  BatchGetItem: notEmulated('BatchGetItem'),
  BatchWriteItem: notEmulated('BatchWriteItem'),
  CreateBackup: notEmulated('CreateBackup'),
  CreateGlobalTable: notEmulated('CreateGlobalTable'),
  CreateTable: notEmulated('CreateTable'),
  DeleteBackup: notEmulated('DeleteBackup'),
  DeleteItem: notEmulated('DeleteItem'),
  DeleteResourcePolicy: notEmulated('DeleteResourcePolicy'),
  DeleteTable: notEmulated('DeleteTable'),
  DescribeBackup: notEmulated('DescribeBackup'),
  DescribeContinuousBackups: notEmulated('DescribeContinuousBackups'),
  DescribeContributorInsights: notEmulated('DescribeContributorInsights'),
  DescribeEndpoints: notEmulated('DescribeEndpoints'),
  DescribeExport: notEmulated('DescribeExport'),
  DescribeGlobalTable: notEmulated('DescribeGlobalTable'),
  DescribeGlobalTableSettings: notEmulated('DescribeGlobalTableSettings'),
  DescribeImport: notEmulated('DescribeImport'),
  DescribeKinesisStreamingDestination: notEmulated('DescribeKinesisStreamingDestination'),
  DescribeLimits: notEmulated('DescribeLimits'),
  DescribeTable: notEmulated('DescribeTable'),
  DescribeTableReplicaAutoScaling: notEmulated('DescribeTableReplicaAutoScaling'),
  DescribeTimeToLive: notEmulated('DescribeTimeToLive'),
  DisableKinesisStreamingDestination: notEmulated('DisableKinesisStreamingDestination'),
  EnableKinesisStreamingDestination: notEmulated('EnableKinesisStreamingDestination'),
  ExecuteStatement: notEmulated('ExecuteStatement'),
  ExecuteTransaction: notEmulated('ExecuteTransaction'),
  ExportTableToPointInTime: notEmulated('ExportTableToPointInTime'),
  GetItem: notEmulated('GetItem'),
  GetResourcePolicy: notEmulated('GetResourcePolicy'),
  ImportTable: notEmulated('ImportTable'),
  ListBackups: notEmulated('ListBackups'),
  ListContributorInsights: notEmulated('ListContributorInsights'),
  ListExports: notEmulated('ListExports'),
  ListGlobalTables: notEmulated('ListGlobalTables'),
  ListImports: notEmulated('ListImports'),
  ListTables: notEmulated('ListTables'),
  ListTagsOfResource: notEmulated('ListTagsOfResource'),
  PutItem: notEmulated('PutItem'),
  PutResourcePolicy: notEmulated('PutResourcePolicy'),
  Query: notEmulated('Query'),
  RestoreTableFromBackup: notEmulated('RestoreTableFromBackup'),
  RestoreTableToPointInTime: notEmulated('RestoreTableToPointInTime'),
  Scan: notEmulated('Scan'),
  TagResource: notEmulated('TagResource'),
  TransactGetItems: notEmulated('TransactGetItems'),
  TransactWriteItems: notEmulated('TransactWriteItems'),
  UntagResource: notEmulated('UntagResource'),
  UpdateContinuousBackups: notEmulated('UpdateContinuousBackups'),
  UpdateContributorInsights: notEmulated('UpdateContributorInsights'),
  UpdateGlobalTable: notEmulated('UpdateGlobalTable'),
  UpdateGlobalTableSettings: notEmulated('UpdateGlobalTableSettings'),
  UpdateItem: notEmulated('UpdateItem'),
  UpdateKinesisStreamingDestination: notEmulated('UpdateKinesisStreamingDestination'),
  UpdateTable: notEmulated('UpdateTable'),
  UpdateTableReplicaAutoScaling: notEmulated('UpdateTableReplicaAutoScaling'),
  UpdateTimeToLive: notEmulated('UpdateTimeToLive'),
} satisfies OperationTable;

function notEmulated(operation: OperationName): Handler {
  return () => {
    throw new DynamoError('UnknownOperationException', `The operation ${operation} is not emulated.`);
  };
}
