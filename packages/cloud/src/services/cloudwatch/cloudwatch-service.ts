import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { insightRules } from './insight-rules.js';
import { metricOperations } from './metric-operations.js';
import { MetricStore } from './metric-store.js';

/**
 * Amazon CloudWatch metrics, in the three protocols that clients of different age use: RPC v2 CBOR, AWS JSON 1.0
 * and Query. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
 * Differs: values are kept by the minute and do not expire; no alarms, dashboards, metric math or percentiles.
 */
export function cloudWatchService(kernel: Kernel): Service {
  const insights = insightRules(kernel);
  const store = new MetricStore(kernel.store);
  const metrics = metricOperations(kernel, store);
  return defineService<typeof import('@aws-sdk/client-cloudwatch')>(
    {
      AssociateDatasetKmsKey: undefined,
      CreateResourceMetricsConfiguration: undefined,
      DeleteAlarmMuteRule: undefined,
      DeleteAlarms: undefined,
      DeleteAnomalyDetector: undefined,
      DeleteDashboards: undefined,
      DeleteInsightRules: undefined,
      DeleteMetricStream: undefined,
      DeleteResourceMetricsConfiguration: undefined,
      DescribeAlarmContributors: undefined,
      DescribeAlarmHistory: undefined,
      DescribeAlarms: undefined,
      DescribeAlarmsForMetric: undefined,
      DescribeAnomalyDetectors: undefined,
      DescribeInsightRules: insights.describe,
      DisableAlarmActions: undefined,
      DisableInsightRules: undefined,
      DisassociateDatasetKmsKey: undefined,
      EnableAlarmActions: undefined,
      EnableInsightRules: undefined,
      GetAlarmMuteRule: undefined,
      GetDashboard: undefined,
      GetDataset: undefined,
      GetInsightRuleReport: insights.report,
      GetMetricData: metrics.data,
      GetMetricStatistics: metrics.statistics,
      GetMetricStream: undefined,
      GetMetricWidgetImage: undefined,
      GetOTelEnrichment: undefined,
      GetResourceMetricsConfiguration: undefined,
      ListAlarmMuteRules: undefined,
      ListDashboards: undefined,
      ListManagedInsightRules: undefined,
      ListMetricStreams: undefined,
      ListMetrics: metrics.list,
      ListTagsForResource: undefined,
      PutAlarmMuteRule: undefined,
      PutAnomalyDetector: undefined,
      PutCompositeAlarm: undefined,
      PutDashboard: undefined,
      PutInsightRule: undefined,
      PutLogAlarm: undefined,
      PutManagedInsightRules: undefined,
      PutMetricAlarm: undefined,
      PutMetricData: metrics.put,
      PutMetricStream: undefined,
      SetAlarmState: undefined,
      StartMetricStreams: undefined,
      StartOTelEnrichment: undefined,
      StopMetricStreams: undefined,
      StopOTelEnrichment: undefined,
      TagResource: undefined,
      UntagResource: undefined,
      UpdateOTelEnrichment: undefined,
      UpdateResourceMetricsConfiguration: undefined,
    },
    {
      title: 'CloudWatch',
      bodyLimitBytes: 2 * 1024 * 1024,
      resourceMember: 'MetricName',
      definition: {
        name: 'monitoring',
        client: () => import('@aws-sdk/client-cloudwatch'),
        protocols: ['rpcv2Cbor', 'awsJson1_0', 'awsQuery'],
        version: '2010-08-01',
        targetPrefix: 'GraniteServiceVersion20100801',
        xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
        awsQueryCompatible: true,
      },
    },
  );
}
