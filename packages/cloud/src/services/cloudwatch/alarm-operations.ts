import type * as CloudWatch from '@aws-sdk/client-cloudwatch';
import type { Caller } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { type AlarmRecord, alarmType, type HistoryRecord } from './alarm-record.js';
import type { AlarmSchedule } from './alarm-schedule.js';
import type { AlarmStore } from './alarm-store.js';
import { checkAlarm } from './check-alarm.js';
import { childrenOf } from './composite-rule.js';
import { invalidValue, missingParameter } from './metric-errors.js';
import { identity } from './metric-store.js';
import { alarmsPage, compositeAlarmOf, metricAlarmOf, pageOfAlarms } from './shown-alarms.js';

const MAX_NAMES = 100;

/** Alarms: their life, states, history. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/ */
export function alarmOperations(store: AlarmStore, schedule: AlarmSchedule) {
  async function put(
    { caller, kernel }: RequestContext,
    input: CloudWatch.PutMetricAlarmInput | CloudWatch.PutCompositeAlarmInput,
    what: Pick<AlarmRecord, 'metric' | 'rule'>,
  ): Promise<object> {
    const { AlarmName: name = '' } = input;
    const nowMs = kernel.clock.nowMs();
    const initial = {
      state: 'INSUFFICIENT_DATA',
      stateReason: 'Unchecked: Initial alarm creation',
      stateUpdatedMs: nowMs,
      stateTransitionedMs: nowMs,
    } as const;
    let isNew = true;
    await store.update(
      caller,
      name,
      (before) => {
        isNew = before === undefined;
        if (before !== undefined && (before.rule === undefined) !== (what.rule === undefined)) {
          throw invalidValue(`An alarm of another type with the name ${name} exists already.`);
        }
        return {
          ...(before ?? { ...initial, tags: input.Tags ?? [] }),
          ...caller,
          name,
          description: input.AlarmDescription,
          actionsEnabled: input.ActionsEnabled ?? true,
          okActions: input.OKActions ?? [],
          alarmActions: input.AlarmActions ?? [],
          insufficientDataActions: input.InsufficientDataActions ?? [],
          configuredMs: nowMs,
          ...what,
        };
      },
      (after) => [configuration(after, isNew ? 'created' : 'updated', isNew ? 'Create' : 'Update')],
    );
    schedule.wake();
    return {};
  }

  async function enable(caller: Caller, names: readonly string[], actionsEnabled: boolean): Promise<object> {
    for (const name of names) {
      await store.update(
        caller,
        name,
        (alarm) => alarm && { ...alarm, actionsEnabled },
        (after) => [configuration(after, 'updated', 'Update')],
      );
    }
    schedule.wake();
    return {};
  }

  function open(caller: Caller, name: string | undefined): AlarmRecord {
    const alarm = store.find(caller, name ?? '');
    if (alarm === undefined)
      throw new ServiceError('ResourceNotFound', `Alarm ${name} does not exist`, { httpStatus: 404 });
    return alarm;
  }

  async function retag(
    caller: Caller,
    arn: string | undefined,
    change: (tags: readonly CloudWatch.Tag[]) => CloudWatch.Tag[],
  ) {
    const name = nameIn(arn);
    if (store.find(caller, name) === undefined) throw resourceNotFound(arn);
    await store.update(caller, name, (alarm) => alarm && { ...alarm, tags: change(alarm.tags) });
    return {};
  }

  return {
    putMetric: (context: RequestContext, input: CloudWatch.PutMetricAlarmCommandInput) =>
      put(context, input, { metric: checkAlarm(input) }),

    putComposite(context: RequestContext, input: CloudWatch.PutCompositeAlarmCommandInput): Promise<object> {
      if (input.AlarmName === undefined) throw missingParameter('AlarmName');
      if (input.AlarmRule === undefined) throw missingParameter('AlarmRule');
      if (input.ActionsSuppressor !== undefined)
        throw invalidValue('ActionsSuppressor is not emulated by this endpoint');
      const lacking = childrenOf(input.AlarmRule).filter((name) => store.find(context.caller, name) === undefined);
      if (lacking.length > 0) {
        throw new ServiceError(
          'ValidationError',
          `Could not save the composite alarm as alarms [${lacking.join(', ')}] in the alarm rule do not exist`,
          { httpStatus: 400 },
        );
      }
      return put(context, input, { rule: input.AlarmRule });
    },

    describe(
      { caller }: RequestContext,
      input: CloudWatch.DescribeAlarmsCommandInput,
    ): CloudWatch.DescribeAlarmsOutput {
      return alarmsPage(store.list(caller), input);
    },

    describeForMetric(
      { caller }: RequestContext,
      input: CloudWatch.DescribeAlarmsForMetricCommandInput,
    ): CloudWatch.DescribeAlarmsForMetricOutput {
      const { MetricName: name, Namespace: namespace } = input;
      if (name === undefined) throw missingParameter('MetricName');
      if (namespace === undefined) throw missingParameter('Namespace');
      const wanted = JSON.stringify(identity(namespace, name, input.Dimensions));
      const found = store.list(caller).filter(({ metric }) => {
        if (metric?.MetricName === undefined || metric.Namespace === undefined) return false;
        return (
          JSON.stringify(identity(metric.Namespace, metric.MetricName, metric.Dimensions)) === wanted &&
          (input.Statistic === undefined || input.Statistic === metric.Statistic) &&
          (input.ExtendedStatistic === undefined || input.ExtendedStatistic === metric.ExtendedStatistic) &&
          (input.Period === undefined || input.Period === metric.Period) &&
          (input.Unit === undefined || input.Unit === metric.Unit)
        );
      });
      return { MetricAlarms: found.map(metricAlarmOf) };
    },

    async remove({ caller }: RequestContext, input: CloudWatch.DeleteAlarmsCommandInput): Promise<object> {
      const names = input.AlarmNames ?? [];
      if (names.length > MAX_NAMES) {
        throw invalidValue(`The collection AlarmNames must not have a size greater than ${MAX_NAMES}.`);
      }
      const going = names.flatMap((name) => store.find(caller, name) ?? []);
      for (const alarm of store.list(caller)) {
        if (alarm.rule === undefined || names.includes(alarm.name)) continue;
        const child = childrenOf(alarm.rule).find((name) => names.includes(name));
        if (child !== undefined) {
          throw new ServiceError(
            'ValidationError',
            `Cannot delete ${child} as there are composite alarm(s) depending on it.`,
            { httpStatus: 400 },
          );
        }
      }
      for (const alarm of going) await store.remove(alarm, configuration(alarm, 'deleted', 'Delete'));
      return {};
    },

    async setState({ caller }: RequestContext, input: CloudWatch.SetAlarmStateCommandInput): Promise<object> {
      const alarm = open(caller, input.AlarmName);
      if (input.StateValue === undefined) throw missingParameter('StateValue');
      if (input.StateReason === undefined) throw missingParameter('StateReason');
      if (input.StateReasonData !== undefined && !isJson(input.StateReasonData)) {
        throw new ServiceError('InvalidFormat', 'StateReasonData was not valid JSON', { httpStatus: 400 });
      }
      await schedule.setState(alarm, input.StateValue, input.StateReason, input.StateReasonData);
      schedule.wake();
      return {};
    },

    enableActions: ({ caller }: RequestContext, input: CloudWatch.EnableAlarmActionsCommandInput) =>
      enable(caller, input.AlarmNames ?? [], true),

    disableActions: ({ caller }: RequestContext, input: CloudWatch.DisableAlarmActionsCommandInput) =>
      enable(caller, input.AlarmNames ?? [], false),

    history(
      { caller }: RequestContext,
      input: CloudWatch.DescribeAlarmHistoryCommandInput,
    ): CloudWatch.DescribeAlarmHistoryOutput {
      const types = input.AlarmTypes ?? ['MetricAlarm'];
      const found = store
        .history(caller)
        .filter(({ alarmName }) => input.AlarmName === undefined || alarmName === input.AlarmName)
        .filter(({ type }) => input.HistoryItemType === undefined || type === input.HistoryItemType)
        .filter((entry) => input.AlarmName !== undefined || types.includes(entry.alarmType))
        .filter(({ atMs }) => input.StartDate === undefined || atMs >= input.StartDate.getTime())
        .filter(({ atMs }) => input.EndDate === undefined || atMs <= input.EndDate.getTime());
      if (input.ScanBy !== 'TimestampAscending') found.reverse();
      const { page, NextToken } = pageOfAlarms(found, input.MaxRecords, input.NextToken);
      return { AlarmHistoryItems: page.map(historyItemOf), ...(NextToken && { NextToken }) };
    },

    tags(
      { caller }: RequestContext,
      input: CloudWatch.ListTagsForResourceCommandInput,
    ): CloudWatch.ListTagsForResourceOutput {
      const alarm = store.find(caller, nameIn(input.ResourceARN));
      if (alarm === undefined) throw resourceNotFound(input.ResourceARN);
      return { Tags: [...alarm.tags] };
    },

    tag({ caller }: RequestContext, input: CloudWatch.TagResourceCommandInput) {
      const added = input.Tags ?? [];
      const names = new Set(added.map(({ Key }) => Key));
      return retag(caller, input.ResourceARN, (tags) => [...tags.filter(({ Key }) => !names.has(Key)), ...added]);
    },

    untag({ caller }: RequestContext, input: CloudWatch.UntagResourceCommandInput) {
      const names = new Set(input.TagKeys ?? []);
      return retag(caller, input.ResourceARN, (tags) => tags.filter(({ Key }) => !names.has(Key ?? '')));
    },
  };
}

function configuration(
  alarm: AlarmRecord,
  word: 'created' | 'updated' | 'deleted',
  type: 'Create' | 'Update' | 'Delete',
): Pick<HistoryRecord, 'type' | 'summary' | 'data'> {
  const shown = alarmType(alarm) === 'MetricAlarm' ? metricAlarmOf(alarm) : compositeAlarmOf(alarm);
  const configured = { version: '1.0', type, [type === 'Delete' ? 'deletedAlarm' : `${word}Alarm`]: shown };
  return { type: 'ConfigurationUpdate', summary: `Alarm "${alarm.name}" ${word}`, data: JSON.stringify(configured) };
}

function historyItemOf(entry: HistoryRecord): CloudWatch.AlarmHistoryItem {
  return {
    AlarmName: entry.alarmName,
    AlarmType: entry.alarmType,
    Timestamp: new Date(entry.atMs),
    HistoryItemType: entry.type,
    HistorySummary: entry.summary,
    HistoryData: entry.data,
  };
}

function nameIn(arn: string | undefined): string {
  return /^arn:aws[\w-]*:cloudwatch:[^:]*:\d{12}:alarm:(.+)$/.exec(arn ?? '')?.[1] ?? '';
}

function resourceNotFound(arn: string | undefined): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Resource ${arn} does not exist`, { httpStatus: 404 });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
