import type { PutMetricAlarmInput, Tag } from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What a metric alarm looks at, as PutMetricAlarm gave it. */
export type MetricAlarmSettings = Pick<
  PutMetricAlarmInput,
  | 'MetricName'
  | 'Namespace'
  | 'Statistic'
  | 'ExtendedStatistic'
  | 'Dimensions'
  | 'Period'
  | 'Unit'
  | 'EvaluationPeriods'
  | 'DatapointsToAlarm'
  | 'Threshold'
  | 'ComparisonOperator'
  | 'TreatMissingData'
  | 'EvaluateLowSampleCountPercentile'
  | 'Metrics'
>;

/** An alarm as it is kept: with `metric` one on a metric, with `rule` a composite one. */
export interface AlarmRecord extends Caller {
  readonly name: string;
  readonly description?: string | undefined;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly configuredMs: number;
  readonly state: AlarmState;
  readonly stateReason: string;
  /** JSON. */
  readonly stateReasonData?: string | undefined;
  readonly stateUpdatedMs: number;
  readonly stateTransitionedMs: number;
  readonly tags: readonly Tag[];
  readonly metric?: MetricAlarmSettings;
  readonly rule?: string;
}

export interface HistoryRecord {
  readonly alarmName: string;
  readonly alarmType: 'MetricAlarm' | 'CompositeAlarm';
  readonly atMs: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

export function alarmArn({ region, accountId }: Caller, name: string): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

export function alarmType(alarm: AlarmRecord): HistoryRecord['alarmType'] {
  return alarm.rule === undefined ? 'MetricAlarm' : 'CompositeAlarm';
}

/** The actions that a state calls for. */
export function actionsOf(alarm: AlarmRecord, state: AlarmState): readonly string[] {
  if (!alarm.actionsEnabled) return [];
  if (state === 'OK') return alarm.okActions;
  return state === 'ALARM' ? alarm.alarmActions : alarm.insufficientDataActions;
}

/** As AWS writes times in the JSON of alarms: `2026-01-01T00:00:00.000+0000`. */
export function alarmTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
