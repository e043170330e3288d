import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { eventOperations } from './event-operations.js';
import { groupOperations } from './group-operations.js';
import { LiveTails } from './live-tails.js';
import { LogStore } from './log-store.js';
import { Retention } from './retention.js';
import { streamOperations } from './stream-operations.js';

/**
 * Amazon CloudWatch Logs, in AWS JSON 1.1. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/
 * Events are durable when they are acknowledged, read in order of time, found by filter patterns of all three forms, and
 * go when their group retains them no longer, on the kernel clock. Differs: an event can be read at once; no metric and
 * subscription filters, queries (Insights), exports and deliveries.
 */
export function logsService(kernel: Kernel): Service {
  const store = new LogStore(kernel);
  const retention = new Retention(store);
  const tails = new LiveTails(store);
  const groups = groupOperations(store, retention);
  const streams = streamOperations(store);
  const events = eventOperations(store, retention, tails);
  return defineService<typeof import('@aws-sdk/client-cloudwatch-logs')>(
    {
      AssociateKmsKey: groups.associateKey,
      AssociateSourceToS3TableIntegration: undefined,
      CancelExportTask: undefined,
      CancelImportTask: undefined,
      CreateDelivery: undefined,
      CreateExportTask: undefined,
      CreateImportTask: undefined,
      CreateLogAnomalyDetector: undefined,
      CreateLogGroup: groups.create,
      CreateLogStream: streams.create,
      CreateLookupTable: undefined,
      CreateScheduledQuery: undefined,
      DeleteAccountPolicy: undefined,
      DeleteDataProtectionPolicy: undefined,
      DeleteDelivery: undefined,
      DeleteDeliveryDestination: undefined,
      DeleteDeliveryDestinationPolicy: undefined,
      DeleteDeliverySource: undefined,
      DeleteDestination: undefined,
      DeleteIndexPolicy: undefined,
      DeleteIntegration: undefined,
      DeleteLogAnomalyDetector: undefined,
      DeleteLogGroup: groups.remove,
      DeleteLogStream: streams.remove,
      DeleteLookupTable: undefined,
      DeleteMetricFilter: undefined,
      DeleteQueryDefinition: undefined,
      DeleteResourcePolicy: undefined,
      DeleteRetentionPolicy: groups.retainForEver,
      DeleteScheduledQuery: undefined,
      DeleteSubscriptionFilter: undefined,
      DeleteSyslogConfiguration: undefined,
      DeleteTransformer: undefined,
      DescribeAccountPolicies: undefined,
      DescribeConfigurationTemplates: undefined,
      DescribeDeliveries: undefined,
      DescribeDeliveryDestinations: undefined,
      DescribeDeliverySources: undefined,
      DescribeDestinations: undefined,
      DescribeExportTasks: undefined,
      DescribeFieldIndexes: undefined,
      DescribeImportTaskBatches: undefined,
      DescribeImportTasks: undefined,
      DescribeIndexPolicies: undefined,
      DescribeLogGroups: groups.describe,
      DescribeLogStreams: streams.describe,
      DescribeLookupTables: undefined,
      DescribeMetricFilters: undefined,
      DescribeQueries: undefined,
      DescribeQueryDefinitions: undefined,
      DescribeResourcePolicies: undefined,
      DescribeSubscriptionFilters: undefined,
      DisassociateKmsKey: groups.disassociateKey,
      DisassociateSourceFromS3TableIntegration: undefined,
      FilterLogEvents: events.filter,
      GetDataProtectionPolicy: undefined,
      GetDelivery: undefined,
      GetDeliveryDestination: undefined,
      GetDeliveryDestinationPolicy: undefined,
      GetDeliverySource: undefined,
      GetIntegration: undefined,
      GetLogAnomalyDetector: undefined,
      GetLogEvents: events.get,
      GetLogFields: undefined,
      GetLogGroupFields: undefined,
      GetLogObject: undefined,
      GetLogRecord: undefined,
      GetLookupTable: undefined,
      GetQueryResults: undefined,
      GetScheduledQuery: undefined,
      GetScheduledQueryHistory: undefined,
      GetStorageTierPolicy: undefined,
      GetTransformer: undefined,
      ListAggregateLogGroupSummaries: undefined,
      ListAnomalies: undefined,
      ListIntegrations: undefined,
      ListLogAnomalyDetectors: undefined,
      ListLogGroups: undefined,
      ListLogGroupsForQuery: undefined,
      ListScheduledQueries: undefined,
      ListSourcesForS3TableIntegration: undefined,
      ListSyslogConfigurations: undefined,
      ListTagsForResource: groups.resourceTags,
      ListTagsLogGroup: groups.groupTags,
      PutAccountPolicy: undefined,
      PutBearerTokenAuthentication: undefined,
      PutDataProtectionPolicy: undefined,
      PutDeliveryDestination: undefined,
      PutDeliveryDestinationPolicy: undefined,
      PutDeliverySource: undefined,
      PutDestination: undefined,
      PutDestinationPolicy: undefined,
      PutIndexPolicy: undefined,
      PutIntegration: undefined,
      PutLogEvents: events.put,
      PutLogGroupDeletionProtection: groups.protect,
      PutMetricFilter: undefined,
      PutQueryDefinition: undefined,
      PutResourcePolicy: undefined,
      PutRetentionPolicy: groups.retain,
      PutStorageTierPolicy: undefined,
      PutSubscriptionFilter: undefined,
      PutSyslogConfiguration: undefined,
      PutTransformer: undefined,
      StartLiveTail: (context, input) => tails.start(context, input),
      StartQuery: undefined,
      StopQuery: undefined,
      TagLogGroup: groups.tagGroup,
      TagResource: groups.tagResource,
      TestMetricFilter: undefined,
      TestTransformer: undefined,
      UntagLogGroup: groups.untagGroup,
      UntagResource: groups.untagResource,
      UpdateAnomaly: undefined,
      UpdateDeliveryConfiguration: undefined,
      UpdateLogAnomalyDetector: undefined,
      UpdateLookupTable: undefined,
      UpdateScheduledQuery: undefined,
    },
    {
      title: 'CloudWatch Logs',
      bodyLimitBytes: 4 * 1024 * 1024,
      resourceMember: 'logGroupName',
      start: () => retention.start(),
      close: () => {
        retention.close();
        tails.close();
      },
      definition: {
        name: 'logs',
        client: () => import('@aws-sdk/client-cloudwatch-logs'),
        protocols: ['awsJson1_1'],
        version: '2014-03-28',
        targetPrefix: 'Logs_20140328',
      },
    },
  );
}
