import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { lookUpEvents } from './lookup-events.js';
import { trailOperations } from './trail-operations.js';

/**
 * AWS CloudTrail, in AWS JSON 1.1: the record of every call of the control plane over 90 days, with who, what, when and
 * the result, and trails as settings. https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/
 * Differs: events are there at once, and without response elements; calls on data are not recorded, nothing is delivered
 * to the bucket of a trail, and there are no event data stores, queries, channels or dashboards.
 */
export function cloudTrailService(kernel: Kernel): Service {
  const trails = trailOperations(kernel);
  return defineService<typeof import('@aws-sdk/client-cloudtrail')>(
    {
      AddTags: trails.tag,
      CancelQuery: undefined,
      CreateChannel: undefined,
      CreateDashboard: undefined,
      CreateEventDataStore: undefined,
      CreateTrail: trails.create,
      DeleteChannel: undefined,
      DeleteDashboard: undefined,
      DeleteEventDataStore: undefined,
      DeleteResourcePolicy: undefined,
      DeleteTrail: trails.remove,
      DeregisterOrganizationDelegatedAdmin: undefined,
      DescribeQuery: undefined,
      DescribeTrails: trails.describe,
      DisableFederation: undefined,
      EnableFederation: undefined,
      GenerateQuery: undefined,
      GetChannel: undefined,
      GetDashboard: undefined,
      GetEventConfiguration: undefined,
      GetEventDataStore: undefined,
      GetEventSelectors: trails.selectors,
      GetImport: undefined,
      GetInsightSelectors: trails.insights,
      GetQueryResults: undefined,
      GetResourcePolicy: undefined,
      GetTrail: trails.get,
      GetTrailStatus: trails.status,
      ListChannels: undefined,
      ListDashboards: undefined,
      ListEventDataStores: undefined,
      ListImportFailures: undefined,
      ListImports: undefined,
      ListInsightsData: undefined,
      ListInsightsMetricData: undefined,
      ListPublicKeys: undefined,
      ListQueries: undefined,
      ListTags: trails.tags,
      ListTrails: trails.list,
      LookupEvents: (context, input) => lookUpEvents(kernel, context, input),
      PutEventConfiguration: undefined,
      PutEventSelectors: trails.select,
      PutInsightSelectors: undefined,
      PutResourcePolicy: undefined,
      RegisterOrganizationDelegatedAdmin: undefined,
      RemoveTags: trails.untag,
      RestoreEventDataStore: undefined,
      SearchSampleQueries: undefined,
      StartDashboardRefresh: undefined,
      StartEventDataStoreIngestion: undefined,
      StartImport: undefined,
      StartLogging: trails.start,
      StartQuery: undefined,
      StopEventDataStoreIngestion: undefined,
      StopImport: undefined,
      StopLogging: trails.stop,
      UpdateChannel: undefined,
      UpdateDashboard: undefined,
      UpdateEventDataStore: undefined,
      UpdateTrail: trails.update,
    },
    {
      title: 'CloudTrail',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: 'Name',
      definition: {
        name: 'cloudtrail',
        client: () => import('@aws-sdk/client-cloudtrail'),
        protocols: ['awsJson1_1'],
        version: '2013-11-01',
        targetPrefix: 'CloudTrail_20131101',
      },
    },
  );
}
