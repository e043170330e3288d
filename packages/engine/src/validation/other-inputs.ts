// Facts of the API model (DynamoDB, 2012-08-10): names, types, lengths, patterns, enums, in AWS's order where known.
import {
  attributeValue,
  boolean,
  double,
  enumeration,
  integer,
  list,
  map,
  string,
  structure,
  tableNameOrArn,
  timestamp,
} from './shape.js';
import {
  attributeDefinitions,
  billingMode,
  clientToken,
  globalSecondaryIndexList,
  indexName,
  inputCompressionType,
  keySchema,
  localSecondaryIndexList,
  onDemandThroughput,
  positiveIntegerObject,
  positiveLongObject,
  provisionedThroughput,
  s3bucket,
  s3bucketOwner,
  s3prefix,
  s3sseAlgorithm,
  s3sseKmsKeyId,
  sseSpecification,
  tableClass,
  tableName,
  vectorIndexList,
} from './shared-shapes.js';

const backupName = string({ min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' });
const replica = structure('Replica', { RegionName: string() });
const replicaList = list(replica);
/** Its form is checked by the operations, in words of their own. */
const backupArn = string();
const exportArn = string({ min: 37, max: 1024 });
const importArn = string({ min: 37, max: 1024 });
/** Of jobs, where no name stands for it; what else is no ARN is refused later. */
/** An empty one is refused by the operations. */
const tableArn = string({ max: 1024 });
const exportFormat = enumeration('ION', 'DYNAMODB_JSON');
const exportType = enumeration('FULL_EXPORT', 'INCREMENTAL_EXPORT');
const exportViewType = enumeration('NEW_IMAGE', 'NEW_AND_OLD_IMAGES');
const incrementalExportSpecification = structure('IncrementalExportSpecification', {
  ExportFromTime: timestamp,
  ExportToTime: timestamp,
  ExportViewType: exportViewType,
});
const filterSpecification = structure('FilterSpecification', {
  FilterExpression: string(),
  ProjectionExpression: string(),
  KeyConditionExpression: string(),
  ExpressionAttributeNames: map(string()),
  ExpressionAttributeValues: map(attributeValue),
});
const s3bucketSource = structure('S3BucketSource', {
  S3BucketOwner: s3bucketOwner,
  'S3Bucket!': s3bucket,
  S3KeyPrefix: s3prefix,
});
const inputFormat = enumeration('DYNAMODB_JSON', 'ION', 'CSV');
const csvDelimiter = string({ min: 1, max: 1, pattern: '[,;:|\\t ]' });
const csvHeader = string({ min: 1, max: 65536, pattern: '[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*' });
const csvHeaderList = list(csvHeader, { min: 1, max: 255 });
const csvOptions = structure('CsvOptions', { Delimiter: csvDelimiter, HeaderList: csvHeaderList });
const inputFormatOptions = structure('InputFormatOptions', { Csv: csvOptions });
const tableCreationParameters = structure('TableCreationParameters', {
  'TableName!': tableName,
  'AttributeDefinitions!': attributeDefinitions,
  'KeySchema!': keySchema,
  BillingMode: billingMode,
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  SSESpecification: sseSpecification,
  GlobalSecondaryIndexes: globalSecondaryIndexList,
  VectorIndexes: vectorIndexList,
});
const backupsInputLimit = integer({ min: 1, max: 100 });
const backupTypeFilter = enumeration('USER', 'SYSTEM', 'AWS_BACKUP', 'ALL');
const listExportsMaxLimit = integer({ min: 1, max: 25 });
const listImportsMaxLimit = integer({ min: 1, max: 25 });
const importNextToken = string({ min: 112, max: 1024, pattern: '([0-9a-f]{16})+' });
const createReplicaAction = structure('CreateReplicaAction', { 'RegionName!': string() });
const deleteReplicaAction = structure('DeleteReplicaAction', { 'RegionName!': string() });
const replicaUpdate = structure('ReplicaUpdate', { Create: createReplicaAction, Delete: deleteReplicaAction });
const replicaUpdateList = list(replicaUpdate);
const autoScalingRoleArn = string({
  min: 1,
  max: 1600,
  pattern: '[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*',
});
const autoScalingPolicyName = string({ min: 1, max: 256, pattern: '\\p{Print}+' });
const autoScalingTargetTrackingScalingPolicyConfigurationUpdate = structure(
  'AutoScalingTargetTrackingScalingPolicyConfigurationUpdate',
  { DisableScaleIn: boolean, ScaleInCooldown: integer(), ScaleOutCooldown: integer(), 'TargetValue!': double() },
);
const autoScalingPolicyUpdate = structure('AutoScalingPolicyUpdate', {
  PolicyName: autoScalingPolicyName,
  'TargetTrackingScalingPolicyConfiguration!': autoScalingTargetTrackingScalingPolicyConfigurationUpdate,
});
const autoScalingSettingsUpdate = structure('AutoScalingSettingsUpdate', {
  MinimumUnits: positiveLongObject,
  MaximumUnits: positiveLongObject,
  AutoScalingDisabled: boolean,
  AutoScalingRoleArn: autoScalingRoleArn,
  ScalingPolicyUpdate: autoScalingPolicyUpdate,
});
const globalTableGlobalSecondaryIndexSettingsUpdate = structure('GlobalTableGlobalSecondaryIndexSettingsUpdate', {
  'IndexName!': indexName,
  ProvisionedWriteCapacityUnits: positiveLongObject,
  ProvisionedWriteCapacityAutoScalingSettingsUpdate: autoScalingSettingsUpdate,
});
const globalTableGlobalSecondaryIndexSettingsUpdateList = list(globalTableGlobalSecondaryIndexSettingsUpdate, {
  min: 1,
  max: 20,
});
const replicaGlobalSecondaryIndexSettingsUpdate = structure('ReplicaGlobalSecondaryIndexSettingsUpdate', {
  'IndexName!': indexName,
  ProvisionedReadCapacityUnits: positiveLongObject,
  ProvisionedReadCapacityAutoScalingSettingsUpdate: autoScalingSettingsUpdate,
});
const replicaGlobalSecondaryIndexSettingsUpdateList = list(replicaGlobalSecondaryIndexSettingsUpdate, {
  min: 1,
  max: 20,
});
const replicaSettingsUpdate = structure('ReplicaSettingsUpdate', {
  'RegionName!': string(),
  ReplicaProvisionedReadCapacityUnits: positiveLongObject,
  ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate: autoScalingSettingsUpdate,
  ReplicaGlobalSecondaryIndexSettingsUpdate: replicaGlobalSecondaryIndexSettingsUpdateList,
  ReplicaTableClass: tableClass,
});
const replicaSettingsUpdateList = list(replicaSettingsUpdate, { min: 1, max: 50 });
const globalSecondaryIndexAutoScalingUpdate = structure('GlobalSecondaryIndexAutoScalingUpdate', {
  IndexName: indexName,
  ProvisionedWriteCapacityAutoScalingUpdate: autoScalingSettingsUpdate,
});
const globalSecondaryIndexAutoScalingUpdateList = list(globalSecondaryIndexAutoScalingUpdate, { min: 1 });
const replicaGlobalSecondaryIndexAutoScalingUpdate = structure('ReplicaGlobalSecondaryIndexAutoScalingUpdate', {
  IndexName: indexName,
  ProvisionedReadCapacityAutoScalingUpdate: autoScalingSettingsUpdate,
});
const replicaGlobalSecondaryIndexAutoScalingUpdateList = list(replicaGlobalSecondaryIndexAutoScalingUpdate);
const replicaAutoScalingUpdate = structure('ReplicaAutoScalingUpdate', {
  'RegionName!': string(),
  ReplicaGlobalSecondaryIndexUpdates: replicaGlobalSecondaryIndexAutoScalingUpdateList,
  ReplicaProvisionedReadCapacityAutoScalingUpdate: autoScalingSettingsUpdate,
});
const replicaAutoScalingUpdateList = list(replicaAutoScalingUpdate, { min: 1 });

export const otherInputs = {
  CreateBackup: structure('CreateBackupInput', { 'TableName!': tableNameOrArn, 'BackupName!': backupName }),
  CreateGlobalTable: structure('CreateGlobalTableInput', {
    'GlobalTableName!': tableName,
    'ReplicationGroup!': replicaList,
  }),
  DeleteBackup: structure('DeleteBackupInput', { 'BackupArn!': backupArn }),
  DescribeBackup: structure('DescribeBackupInput', { 'BackupArn!': backupArn }),
  DescribeExport: structure('DescribeExportInput', { 'ExportArn!': exportArn }),
  DescribeGlobalTable: structure('DescribeGlobalTableInput', { 'GlobalTableName!': tableName }),
  DescribeGlobalTableSettings: structure('DescribeGlobalTableSettingsInput', { 'GlobalTableName!': tableName }),
  DescribeImport: structure('DescribeImportInput', { 'ImportArn!': importArn }),
  DescribeTableReplicaAutoScaling: structure('DescribeTableReplicaAutoScalingInput', { 'TableName!': tableNameOrArn }),
  ExportTableToPointInTime: structure('ExportTableToPointInTimeInput', {
    'TableArn!': tableArn,
    ExportTime: timestamp,
    ClientToken: clientToken,
    'S3Bucket!': s3bucket,
    S3BucketOwner: s3bucketOwner,
    S3Prefix: string({ min: 1, max: 1024 }),
    S3SseAlgorithm: s3sseAlgorithm,
    S3SseKmsKeyId: s3sseKmsKeyId,
    ExportFormat: exportFormat,
    ExportType: exportType,
    IncrementalExportSpecification: incrementalExportSpecification,
    FilterSpecification: filterSpecification,
  }),
  ImportTable: structure('ImportTableInput', {
    // Optional in the model, and refused without (measured).
    'ClientToken!': clientToken,
    'S3BucketSource!': s3bucketSource,
    'InputFormat!': inputFormat,
    InputFormatOptions: inputFormatOptions,
    InputCompressionType: inputCompressionType,
    'TableCreationParameters!': tableCreationParameters,
  }),
  ListBackups: structure('ListBackupsInput', {
    TableName: tableNameOrArn,
    Limit: backupsInputLimit,
    TimeRangeLowerBound: timestamp,
    TimeRangeUpperBound: timestamp,
    ExclusiveStartBackupArn: backupArn,
    BackupType: backupTypeFilter,
  }),
  ListExports: structure('ListExportsInput', {
    TableArn: tableArn,
    MaxResults: listExportsMaxLimit,
    NextToken: string(),
  }),
  ListGlobalTables: structure('ListGlobalTablesInput', {
    ExclusiveStartGlobalTableName: tableName,
    Limit: positiveIntegerObject,
    RegionName: string(),
  }),
  ListImports: structure('ListImportsInput', {
    TableArn: tableArn,
    PageSize: listImportsMaxLimit,
    NextToken: importNextToken,
  }),
  RestoreTableFromBackup: structure('RestoreTableFromBackupInput', {
    'TargetTableName!': tableName,
    'BackupArn!': backupArn,
    BillingModeOverride: billingMode,
    GlobalSecondaryIndexOverride: globalSecondaryIndexList,
    LocalSecondaryIndexOverride: localSecondaryIndexList,
    ProvisionedThroughputOverride: provisionedThroughput,
    OnDemandThroughputOverride: onDemandThroughput,
    SSESpecificationOverride: sseSpecification,
    VectorIndexOverride: vectorIndexList,
  }),
  RestoreTableToPointInTime: structure('RestoreTableToPointInTimeInput', {
    SourceTableArn: string(),
    SourceTableName: tableName,
    'TargetTableName!': tableName,
    UseLatestRestorableTime: boolean,
    RestoreDateTime: timestamp,
    BillingModeOverride: billingMode,
    GlobalSecondaryIndexOverride: globalSecondaryIndexList,
    LocalSecondaryIndexOverride: localSecondaryIndexList,
    ProvisionedThroughputOverride: provisionedThroughput,
    OnDemandThroughputOverride: onDemandThroughput,
    SSESpecificationOverride: sseSpecification,
    VectorIndexOverride: vectorIndexList,
  }),
  UpdateGlobalTable: structure('UpdateGlobalTableInput', {
    'GlobalTableName!': tableName,
    'ReplicaUpdates!': replicaUpdateList,
  }),
  UpdateGlobalTableSettings: structure('UpdateGlobalTableSettingsInput', {
    'GlobalTableName!': tableName,
    GlobalTableBillingMode: billingMode,
    GlobalTableProvisionedWriteCapacityUnits: positiveLongObject,
    GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate: autoScalingSettingsUpdate,
    GlobalTableGlobalSecondaryIndexSettingsUpdate: globalTableGlobalSecondaryIndexSettingsUpdateList,
    ReplicaSettingsUpdate: replicaSettingsUpdateList,
  }),
  UpdateTableReplicaAutoScaling: structure('UpdateTableReplicaAutoScalingInput', {
    GlobalSecondaryIndexUpdates: globalSecondaryIndexAutoScalingUpdateList,
    'TableName!': tableNameOrArn,
    ProvisionedWriteCapacityAutoScalingUpdate: autoScalingSettingsUpdate,
    ReplicaUpdates: replicaAutoScalingUpdateList,
  }),
};
