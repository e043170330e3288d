// Facts of the API model (DynamoDB, 2012-08-10): names, types, lengths, patterns, enums, in AWS's order where known.
import { boolean, enumeration, integer, list, long, string, structure, tableNameOrArn } from './shape.js';
import {
  attributeDefinitions,
  billingMode,
  globalSecondaryIndexList,
  indexName,
  keySchema,
  localSecondaryIndexList,
  onDemandThroughput,
  positiveLongObject,
  projection,
  provisionedThroughput,
  sseSpecification,
  tableClass,
  tableKeySchema,
  tableName,
  vectorIndexList,
  vectorIndexUpdateList,
  warmThroughput,
} from './shared-shapes.js';

const streamViewType = enumeration('OLD_IMAGE', 'KEYS_ONLY', 'NEW_AND_OLD_IMAGES', 'NEW_IMAGE');
const streamSpecification = structure('StreamSpecification', {
  'StreamEnabled!': boolean,
  StreamViewType: streamViewType,
});
/** Missing or too long, they are refused by the operations, in words of their own. */
const tag = structure('Tag', { Key: string(), Value: string() });
const tagList = list(tag);
const globalTableSettingsReplicationMode = enumeration('ENABLED', 'DISABLED', 'ENABLED_WITH_OVERRIDES');
const updateGlobalSecondaryIndexAction = structure('UpdateGlobalSecondaryIndexAction', {
  'IndexName!': indexName,
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
});
const createGlobalSecondaryIndexAction = structure('CreateGlobalSecondaryIndexAction', {
  'IndexName!': indexName,
  'KeySchema!': keySchema,
  'Projection!': projection,
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
});
const deleteGlobalSecondaryIndexAction = structure('DeleteGlobalSecondaryIndexAction', { 'IndexName!': indexName });
const globalSecondaryIndexUpdate = structure('GlobalSecondaryIndexUpdate', {
  Update: updateGlobalSecondaryIndexAction,
  Create: createGlobalSecondaryIndexAction,
  Delete: deleteGlobalSecondaryIndexAction,
});
const globalSecondaryIndexUpdateList = list(globalSecondaryIndexUpdate);
const provisionedThroughputOverride = structure('ProvisionedThroughputOverride', {
  ReadCapacityUnits: positiveLongObject,
});
const onDemandThroughputOverride = structure('OnDemandThroughputOverride', { MaxReadRequestUnits: long() });
const replicaGlobalSecondaryIndex = structure('ReplicaGlobalSecondaryIndex', {
  'IndexName!': indexName,
  ProvisionedThroughputOverride: provisionedThroughputOverride,
  OnDemandThroughputOverride: onDemandThroughputOverride,
});
const replicaGlobalSecondaryIndexList = list(replicaGlobalSecondaryIndex, { min: 1 });
const createReplicationGroupMemberAction = structure('CreateReplicationGroupMemberAction', {
  // One that is missing is refused by the operation, in words of its own.
  RegionName: string(),
  KMSMasterKeyId: string(),
  ProvisionedThroughputOverride: provisionedThroughputOverride,
  OnDemandThroughputOverride: onDemandThroughputOverride,
  GlobalSecondaryIndexes: replicaGlobalSecondaryIndexList,
  TableClassOverride: tableClass,
});
const updateReplicationGroupMemberAction = structure('UpdateReplicationGroupMemberAction', {
  'RegionName!': string(),
  KMSMasterKeyId: string(),
  ProvisionedThroughputOverride: provisionedThroughputOverride,
  OnDemandThroughputOverride: onDemandThroughputOverride,
  GlobalSecondaryIndexes: replicaGlobalSecondaryIndexList,
  TableClassOverride: tableClass,
});
const deleteReplicationGroupMemberAction = structure('DeleteReplicationGroupMemberAction', { 'RegionName!': string() });
const replicationGroupUpdate = structure('ReplicationGroupUpdate', {
  Create: createReplicationGroupMemberAction,
  Update: updateReplicationGroupMemberAction,
  Delete: deleteReplicationGroupMemberAction,
});
const replicationGroupUpdateList = list(replicationGroupUpdate, { min: 1 });
const multiRegionConsistency = enumeration('EVENTUAL', 'STRONG');
const createGlobalTableWitnessGroupMemberAction = structure('CreateGlobalTableWitnessGroupMemberAction', {
  'RegionName!': string(),
});
const deleteGlobalTableWitnessGroupMemberAction = structure('DeleteGlobalTableWitnessGroupMemberAction', {
  'RegionName!': string(),
});
const globalTableWitnessGroupUpdate = structure('GlobalTableWitnessGroupUpdate', {
  Create: createGlobalTableWitnessGroupMemberAction,
  Delete: deleteGlobalTableWitnessGroupMemberAction,
});
const globalTableWitnessGroupUpdateList = list(globalTableWitnessGroupUpdate, { min: 1, max: 1 });
const listTablesInputLimit = integer({ min: 1, max: 100 });
const resourceArnString = string({ min: 1, max: 1283 });
/** An empty one is a matter of access. */
const listedResourceArn = string({ max: 1283 });
const tagKeyList = list(string());
const timeToLiveAttributeName = string({ min: 1, max: 255 });
const timeToLiveSpecification = structure('TimeToLiveSpecification', {
  'AttributeName!': timeToLiveAttributeName,
  'Enabled!': boolean,
});
const recoveryPeriodInDays = integer({ min: 1, max: 35 });
const pointInTimeRecoverySpecification = structure('PointInTimeRecoverySpecification', {
  'PointInTimeRecoveryEnabled!': boolean,
  RecoveryPeriodInDays: recoveryPeriodInDays,
});
const policyRevisionId = string({ min: 1, max: 255 });
const contributorInsightsAction = enumeration('ENABLE', 'DISABLE');
const contributorInsightsMode = enumeration('THROTTLED_KEYS', 'ACCESSED_AND_THROTTLED_KEYS');
const listContributorInsightsLimit = integer({ max: 100 });
const streamArn = string({ min: 37, max: 1024 });
const approximateCreationDateTimePrecision = enumeration('MILLISECOND', 'MICROSECOND');
const enableKinesisStreamingConfiguration = structure('EnableKinesisStreamingConfiguration', {
  ApproximateCreationDateTimePrecision: approximateCreationDateTimePrecision,
});
const updateKinesisStreamingConfiguration = structure('UpdateKinesisStreamingConfiguration', {
  ApproximateCreationDateTimePrecision: approximateCreationDateTimePrecision,
});

export const tableInputs = {
  CreateTable: structure('CreateTableInput', {
    'AttributeDefinitions!': attributeDefinitions,
    'TableName!': tableNameOrArn,
    BillingMode: billingMode,
    TableThroughputMode: billingMode,
    ProvisionedThroughput: provisionedThroughput,
    'KeySchema!': tableKeySchema,
    GlobalSecondaryIndexes: globalSecondaryIndexList,
    LocalSecondaryIndexes: localSecondaryIndexList,
    StreamSpecification: streamSpecification,
    SSESpecification: sseSpecification,
    Tags: tagList,
    // Looked at later, with words of its own.
    TableClass: string(),
    DeletionProtectionEnabled: boolean,
    WarmThroughput: warmThroughput,
    ResourcePolicy: string(),
    OnDemandThroughput: onDemandThroughput,
    GlobalTableSourceArn: tableNameOrArn,
    GlobalTableSettingsReplicationMode: globalTableSettingsReplicationMode,
    VectorIndexes: vectorIndexList,
  }),
  UpdateTable: structure('UpdateTableInput', {
    AttributeDefinitions: attributeDefinitions,
    'TableName!': tableNameOrArn,
    BillingMode: billingMode,
    TableThroughputMode: billingMode,
    ProvisionedThroughput: provisionedThroughput,
    GlobalSecondaryIndexUpdates: globalSecondaryIndexUpdateList,
    StreamSpecification: streamSpecification,
    SSESpecification: sseSpecification,
    ReplicaUpdates: replicationGroupUpdateList,
    TableClass: string(),
    DeletionProtectionEnabled: boolean,
    MultiRegionConsistency: multiRegionConsistency,
    GlobalTableWitnessUpdates: globalTableWitnessGroupUpdateList,
    OnDemandThroughput: onDemandThroughput,
    WarmThroughput: warmThroughput,
    GlobalTableSettingsReplicationMode: globalTableSettingsReplicationMode,
    VectorIndexUpdates: vectorIndexUpdateList,
  }),
  DeleteTable: structure('DeleteTableInput', { 'TableName!': tableNameOrArn }),
  DescribeTable: structure('DescribeTableInput', { 'TableName!': tableNameOrArn }),
  ListTables: structure('ListTablesInput', { Limit: listTablesInputLimit, ExclusiveStartTableName: tableName }),
  DescribeLimits: structure('DescribeLimitsInput', {}),
  DescribeEndpoints: structure('DescribeEndpointsRequest', {}),
  TagResource: structure('TagResourceInput', { 'ResourceArn!': resourceArnString, 'Tags!': tagList }),
  UntagResource: structure('UntagResourceInput', { 'ResourceArn!': resourceArnString, 'TagKeys!': tagKeyList }),
  ListTagsOfResource: structure('ListTagsOfResourceInput', { 'ResourceArn!': listedResourceArn, NextToken: string() }),
  DescribeTimeToLive: structure('DescribeTimeToLiveInput', { 'TableName!': tableNameOrArn }),
  UpdateTimeToLive: structure('UpdateTimeToLiveInput', {
    'TableName!': tableNameOrArn,
    'TimeToLiveSpecification!': timeToLiveSpecification,
  }),
  DescribeContinuousBackups: structure('DescribeContinuousBackupsInput', { 'TableName!': tableNameOrArn }),
  UpdateContinuousBackups: structure('UpdateContinuousBackupsInput', {
    'TableName!': tableNameOrArn,
    'PointInTimeRecoverySpecification!': pointInTimeRecoverySpecification,
  }),
  PutResourcePolicy: structure('PutResourcePolicyInput', {
    'ResourceArn!': resourceArnString,
    'Policy!': string(),
    ExpectedRevisionId: policyRevisionId,
    ConfirmRemoveSelfResourceAccess: boolean,
  }),
  GetResourcePolicy: structure('GetResourcePolicyInput', { 'ResourceArn!': resourceArnString }),
  DeleteResourcePolicy: structure('DeleteResourcePolicyInput', {
    'ResourceArn!': resourceArnString,
    ExpectedRevisionId: policyRevisionId,
  }),
  DescribeContributorInsights: structure('DescribeContributorInsightsInput', {
    'TableName!': tableNameOrArn,
    IndexName: indexName,
  }),
  UpdateContributorInsights: structure('UpdateContributorInsightsInput', {
    'TableName!': tableNameOrArn,
    IndexName: indexName,
    'ContributorInsightsAction!': contributorInsightsAction,
    ContributorInsightsMode: contributorInsightsMode,
  }),
  ListContributorInsights: structure('ListContributorInsightsInput', {
    TableName: tableNameOrArn,
    NextToken: string(),
    MaxResults: listContributorInsightsLimit,
  }),
  DescribeKinesisStreamingDestination: structure('DescribeKinesisStreamingDestinationInput', {
    'TableName!': tableNameOrArn,
  }),
  EnableKinesisStreamingDestination: structure('KinesisStreamingDestinationInput', {
    'TableName!': tableNameOrArn,
    'StreamArn!': streamArn,
    EnableKinesisStreamingConfiguration: enableKinesisStreamingConfiguration,
  }),
  DisableKinesisStreamingDestination: structure('KinesisStreamingDestinationInput', {
    'TableName!': tableNameOrArn,
    'StreamArn!': streamArn,
    EnableKinesisStreamingConfiguration: enableKinesisStreamingConfiguration,
  }),
  UpdateKinesisStreamingDestination: structure('UpdateKinesisStreamingDestinationInput', {
    'TableName!': tableNameOrArn,
    'StreamArn!': streamArn,
    UpdateKinesisStreamingConfiguration: updateKinesisStreamingConfiguration,
  }),
};
