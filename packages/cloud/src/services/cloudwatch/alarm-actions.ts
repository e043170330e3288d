import type { Kernel } from '../../kernel/kernel.js';
import { serviceActor } from '../../kernel/principal.js';
import { type AlarmRecord, type AlarmState, actionsOf, alarmArn, alarmTime } from './alarm-record.js';
import type { AlarmStore } from './alarm-store.js';

const SERVICE = 'cloudwatch.amazonaws.com';
/** The name that permissions of functions know alarms by. */
const LAMBDA_SERVICE = 'lambda.alarms.cloudwatch.amazonaws.com';

/** Names of regions as the messages of alarms have them; others go by their code. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-1': 'US West (N. California)',
  'us-west-2': 'US West (Oregon)',
  'eu-west-1': 'EU (Ireland)',
  'eu-west-2': 'EU (London)',
  'eu-central-1': 'EU (Frankfurt)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
};

/** Carries out what an alarm's new state calls for, and notes each action in the alarm's history. */
export class AlarmActions {
  constructor(
    private readonly kernel: Kernel,
    private readonly store: AlarmStore,
  ) {}

  /** After the change from `before`: topics get a message, functions are invoked, scaling policies are told. */
  async changed(alarm: AlarmRecord, before: AlarmState): Promise<void> {
    for (const actionArn of actionsOf(alarm, alarm.state)) {
      let failure: string | undefined;
      try {
        await this.#carryOut(alarm, before, actionArn);
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
      }
      await this.store.note(alarm, {
        type: 'Action',
        summary:
          failure === undefined
            ? `Successfully executed action ${actionArn}`
            : `Failed to execute action ${actionArn}. Received error: "${failure}"`,
        data: JSON.stringify({
          actionState: failure === undefined ? 'Succeeded' : 'Failed',
          notificationResource: actionArn,
          stateUpdateTimestamp: alarm.stateUpdatedMs,
          ...(failure !== undefined && { error: failure }),
        }),
      });
    }
  }

  /** While an alarm stays in ALARM, scaling policies are told again at each evaluation. */
  async stays(alarm: AlarmRecord): Promise<void> {
    for (const actionArn of actionsOf(alarm, alarm.state).filter(isScalingPolicy)) await this.#tell(alarm, actionArn);
  }

  async #carryOut(alarm: AlarmRecord, before: AlarmState, actionArn: string): Promise<void> {
    if (isScalingPolicy(actionArn)) return this.#tell(alarm, actionArn);
    const [, , service, region = alarm.region, accountId = alarm.accountId] = actionArn.split(':');
    const name = service === 'lambda' ? LAMBDA_SERVICE : SERVICE;
    const actor = serviceActor(name, { accountId, region }, alarmArn(alarm, alarm.name));
    if (service === 'sns') {
      const regionName = REGION_NAMES[alarm.region] ?? alarm.region;
      await this.kernel.calls.run('sns', 'Publish', actor, {
        TopicArn: actionArn,
        // SNS takes 100 characters.
        Subject: `${alarm.state}: "${alarm.name}" in ${regionName}`.slice(0, 100),
        Message: JSON.stringify(messageOf(alarm, before, regionName)),
      });
      return;
    }
    if (service === 'lambda') {
      await this.kernel.calls.run('lambda', 'Invoke', actor, {
        FunctionName: actionArn,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(eventOf(alarm, before))),
      });
      return;
    }
    throw new Error(`actions of ${service} are not emulated by this endpoint`);
  }

  #tell(alarm: AlarmRecord, actionArn: string): Promise<void> {
    return this.kernel.ports.alarms.tell({
      caller: { accountId: alarm.accountId, region: alarm.region },
      alarmName: alarm.name,
      alarmArn: alarmArn(alarm, alarm.name),
      actionArn,
      state: alarm.state,
      atMs: this.kernel.clock.nowMs(),
    });
  }
}

export function isScalingPolicy(actionArn: string): boolean {
  return actionArn.includes(':scalingPolicy:');
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function messageOf(alarm: AlarmRecord, before: AlarmState, Region: string): object {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: alarm.accountId,
    AlarmConfigurationUpdatedTimestamp: alarmTime(alarm.configuredMs),
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: alarmTime(alarm.stateUpdatedMs),
    Region,
    AlarmArn: alarmArn(alarm, alarm.name),
    OldStateValue: before,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    ...(alarm.rule === undefined ? { Trigger: triggerOf(alarm) } : { AlarmRule: alarm.rule }),
  };
}

function triggerOf({ metric = {} }: AlarmRecord): object {
  const common = {
    EvaluationPeriods: metric.EvaluationPeriods,
    ...(metric.DatapointsToAlarm !== undefined && { DatapointsToAlarm: metric.DatapointsToAlarm }),
    ComparisonOperator: metric.ComparisonOperator,
    Threshold: metric.Threshold,
    TreatMissingData: metric.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: metric.EvaluateLowSampleCountPercentile ?? '',
  };
  if (metric.Metrics !== undefined)
    return { Period: metric.Metrics[0]?.MetricStat?.Period, ...common, Metrics: metric.Metrics };
  return {
    MetricName: metric.MetricName,
    Namespace: metric.Namespace,
    StatisticType: metric.ExtendedStatistic === undefined ? 'Statistic' : 'ExtendedStatistic',
    Statistic: metric.ExtendedStatistic ?? metric.Statistic?.toUpperCase(),
    Unit: metric.Unit ?? null,
    Dimensions: (metric.Dimensions ?? []).map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: metric.Period,
    ...common,
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html */
function eventOf(alarm: AlarmRecord, before: AlarmState): object {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarmArn(alarm, alarm.name),
    accountId: alarm.accountId,
    time: alarmTime(alarm.stateUpdatedMs),
    region: alarm.region,
    alarmData: {
      alarmName: alarm.name,
      state: { value: alarm.state, reason: alarm.stateReason, timestamp: alarmTime(alarm.stateUpdatedMs) },
      previousState: { value: before },
      configuration: alarm.rule === undefined ? { metrics: alarm.metric?.Metrics ?? [] } : { alarmRule: alarm.rule },
    },
  };
}
