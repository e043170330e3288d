import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { AlarmActions } from './alarm-actions.js';
import { alarmOperations } from './alarm-operations.js';
import { AlarmSchedule } from './alarm-schedule.js';
import { AlarmStore } from './alarm-store.js';
import { insightRules } from './insight-rules.js';
import { metricOperations } from './metric-operations.js';
import { MetricStore } from './metric-store.js';

/**
 * Amazon CloudWatch metrics and alarms, in the three protocols that clients of different age use: RPC v2 CBOR, AWS JSON 1.0
 * and Query. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
 * Alarms are evaluated each minute on the kernel clock and act: topics, functions and scaling policies are told.
 * Differs: values are kept by the minute and do not expire; percentiles are near (to 3 %) for what many requests give;
 * no dashboards, anomaly detection, SEARCH, metric streams, nor trimmed means.
 */
export function cloudWatchService(kernel: Kernel): Service {
  const insights = insightRules(kernel);
  const store = new MetricStore(kernel.store);
  const metrics = metricOperations(kernel, store);
  const alarmStore = new AlarmStore(kernel);
  const schedule = new AlarmSchedule(kernel, alarmStore, store, new AlarmActions(kernel, alarmStore));
  const alarms = alarmOperations(alarmStore, schedule);
  return defineService<typeof import('@aws-sdk/client-cloudwatch')>(
    {
      AssociateDatasetKmsKey: undefined,
      CreateResourceMetricsConfiguration: undefined,
      DeleteAlarmMuteRule: undefined,
      DeleteAlarms: alarms.remove,
      DeleteAnomalyDetector: undefined,
      DeleteDashboards: undefined,
      DeleteInsightRules: undefined,
      DeleteMetricStream: undefined,
      DeleteResourceMetricsConfiguration: undefined,
      DescribeAlarmContributors: undefined,
      DescribeAlarmHistory: alarms.history,
      DescribeAlarms: alarms.describe,
      DescribeAlarmsForMetric: alarms.describeForMetric,
      DescribeAnomalyDetectors: undefined,
      DescribeInsightRules: insights.describe,
      DisableAlarmActions: alarms.disableActions,
      DisableInsightRules: undefined,
      DisassociateDatasetKmsKey: undefined,
      EnableAlarmActions: alarms.enableActions,
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
      ListTagsForResource: alarms.tags,
      PutAlarmMuteRule: undefined,
      PutAnomalyDetector: undefined,
      PutCompositeAlarm: alarms.putComposite,
      PutDashboard: undefined,
      PutInsightRule: undefined,
      PutLogAlarm: undefined,
      PutManagedInsightRules: undefined,
      PutMetricAlarm: alarms.putMetric,
      PutMetricData: metrics.put,
      PutMetricStream: undefined,
      SetAlarmState: alarms.setState,
      StartMetricStreams: undefined,
      StartOTelEnrichment: undefined,
      StopMetricStreams: undefined,
      StopOTelEnrichment: undefined,
      TagResource: alarms.tag,
      UntagResource: alarms.untag,
      UpdateOTelEnrichment: undefined,
      UpdateResourceMetricsConfiguration: undefined,
    },
    {
      title: 'CloudWatch',
      bodyLimitBytes: 2 * 1024 * 1024,
      resourceMember: 'MetricName',
      start: () => schedule.start(),
      close: () => schedule.close(),
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
