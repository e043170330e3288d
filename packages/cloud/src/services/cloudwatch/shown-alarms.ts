import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import { offsetPage } from '../../kernel/offset-page.js';
import { type AlarmRecord, actionsOf, alarmArn, alarmType } from './alarm-record.js';
import { childrenOf } from './composite-rule.js';
import { invalidCombination, invalidNextToken } from './metric-errors.js';

const MAX_RECORDS = 100;

/** The page of alarms that a DescribeAlarms asks for. */
export function alarmsPage(
  all: readonly AlarmRecord[],
  input: CloudWatch.DescribeAlarmsCommandInput,
): CloudWatch.DescribeAlarmsOutput {
  const { AlarmNames: names, AlarmNamePrefix: prefix, ActionPrefix: actions } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidCombination('AlarmNamePrefix and AlarmNames cannot be specified together');
  }
  const types = input.AlarmTypes ?? ['MetricAlarm'];
  const parents = input.ParentsOfAlarmName;
  const children = all.find(({ name }) => name === input.ChildrenOfAlarmName)?.rule;
  const found = all
    .filter((alarm) => types.includes(alarmType(alarm)))
    .filter(({ name }) => names === undefined || names.includes(name))
    .filter(({ name }) => prefix === undefined || name.startsWith(prefix))
    .filter(({ state }) => input.StateValue === undefined || state === input.StateValue)
    .filter(({ rule }) => parents === undefined || (rule !== undefined && childrenOf(rule).includes(parents)))
    .filter(({ name }) => children === undefined || childrenOf(children).includes(name))
    .filter((alarm) => actions === undefined || everyAction(alarm).some((arn) => arn.startsWith(actions)));
  const { page, NextToken } = pageOfAlarms(found, input.MaxRecords, input.NextToken);
  return {
    MetricAlarms: page.filter(({ rule }) => rule === undefined).map(metricAlarmOf),
    CompositeAlarms: page.filter(({ rule }) => rule !== undefined).map(compositeAlarmOf),
    ...(NextToken && { NextToken }),
  };
}

/** A page of a list; the token is the number of entries before the next page. */
export function pageOfAlarms<T>(
  all: readonly T[],
  limit: number | undefined,
  token: string | undefined,
): { readonly page: readonly T[]; readonly NextToken?: string } {
  return offsetPage(all, Math.min(limit ?? MAX_RECORDS, MAX_RECORDS), token, invalidNextToken);
}

export function metricAlarmOf(alarm: AlarmRecord): CloudWatch.MetricAlarm {
  return { ...commonOf(alarm), Dimensions: [], ...alarm.metric };
}

export function compositeAlarmOf(alarm: AlarmRecord): CloudWatch.CompositeAlarm {
  return { ...commonOf(alarm), AlarmRule: alarm.rule };
}

function commonOf(alarm: AlarmRecord) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(alarm, alarm.name),
    ...(alarm.description !== undefined && { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredMs),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...alarm.okActions],
    AlarmActions: [...alarm.alarmActions],
    InsufficientDataActions: [...alarm.insufficientDataActions],
    StateValue: alarm.state,
    StateReason: alarm.stateReason,
    ...(alarm.stateReasonData !== undefined && { StateReasonData: alarm.stateReasonData }),
    StateUpdatedTimestamp: new Date(alarm.stateUpdatedMs),
    StateTransitionedTimestamp: new Date(alarm.stateTransitionedMs),
  };
}

function everyAction(alarm: AlarmRecord): readonly string[] {
  const enabled = { ...alarm, actionsEnabled: true };
  return [...actionsOf(enabled, 'OK'), ...actionsOf(enabled, 'ALARM'), ...actionsOf(enabled, 'INSUFFICIENT_DATA')];
}
