import type { GetMetricStatisticsCommandOutput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { AlarmAction } from '../../kernel/alarm-feed.js';
import type { Kernel } from '../../kernel/kernel.js';
import { serviceActor } from '../../kernel/principal.js';
import type { Scaler } from './scaler.js';
import { dimensionsOf, directionOf, type PolicyRecord, type TargetRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TableCapacity } from './table-capacity.js';

const SERVICE = 'application-autoscaling.amazonaws.com';
const MINUTE_MS = 60_000;
/** Scaling out takes two minutes above the target, scaling in fifteen at least 20 percentage points below it. */
const OUT_PERIODS = 2;
const IN_PERIODS = 15;
const IN_MARGIN = 20;
/** Where the target is too low for the margin, scaling in begins at this share of it. */
const LOW_TARGET_SHARE = 0.9;

type AlarmKind = 'AlarmHigh' | 'AlarmLow' | 'ProvisionedCapacityHigh' | 'ProvisionedCapacityLow';

/**
 * Target tracking: four alarms for each policy, and what follows when they go off.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
 */
export class TargetTracking {
  constructor(
    private readonly kernel: Kernel,
    private readonly store: ScalingStore,
    private readonly capacity: TableCapacity,
    private readonly scaler: () => Scaler,
  ) {}

  /** Creates or brings up to date the alarms of a policy; resolves with their names and ARNs. */
  async putAlarms(target: TargetRecord, policy: PolicyRecord): Promise<PolicyRecord['alarms']> {
    const { accountId, region } = target;
    const units = (await this.capacity.read(target, target))?.units ?? 0;
    const alarms = alarmsOf(policy, units);
    for (const alarm of alarms) {
      await this.kernel.calls.run('monitoring', 'PutMetricAlarm', serviceActor(SERVICE, target), alarm);
    }
    return alarms.map(({ AlarmName = '' }) => ({
      AlarmName,
      AlarmARN: `arn:aws:cloudwatch:${region}:${accountId}:alarm:${AlarmName}`,
    }));
  }

  async removeAlarms(policy: PolicyRecord): Promise<void> {
    const AlarmNames = policy.alarms.map(({ AlarmName }) => AlarmName);
    await this.kernel.calls.run('monitoring', 'DeleteAlarms', serviceActor(SERVICE, policy), { AlarmNames });
  }

  /** The thresholds follow the capacity. */
  async capacityChanged(target: TargetRecord): Promise<void> {
    for (const policy of this.store.policiesOf(target)) await this.putAlarms(target, policy);
  }

  /** One of a policy's alarms is in ALARM. */
  async alarmed(action: AlarmAction): Promise<void> {
    const policy = [...this.store.policies.all()].find(
      ({ arn, region }) => region === action.caller.region && action.actionArn.startsWith(`${arn}:createdBy/`),
    );
    const target = policy && this.store.target(policy, policy);
    if (policy === undefined || target === undefined || action.state !== 'ALARM') return;
    if (action.alarmName.includes('-ProvisionedCapacity')) await this.capacityChanged(target);
    else if (action.alarmName.includes('-AlarmHigh-')) await this.#scaleOut(target, policy, action);
    else await this.#scaleIn(target, policy, action);
  }

  async #scaleOut(target: TargetRecord, policy: PolicyRecord, action: AlarmAction): Promise<void> {
    if (target.suspended.DynamicScalingOutSuspended) return;
    if (isCooling(policy.lastOutMs, policy.configuration.ScaleOutCooldown, action.atMs)) return;
    const wanted = await this.#wanted(policy, OUT_PERIODS, action.atMs);
    const current = await this.capacity.read(target, target);
    if (wanted === undefined || current === undefined || !current.isActive) return;
    if (current.units >= target.max) {
      await this.#noteNotScaled(target, current.units, action, policy);
      return;
    }
    const units = Math.min(Math.max(wanted, current.units + 1, target.min), target.max);
    if (!(await this.scaler().set(target, units, causeOf(action, policy)))) return;
    await this.#scaled(policy, { lastOutMs: action.atMs });
  }

  async #scaleIn(target: TargetRecord, policy: PolicyRecord, action: AlarmAction): Promise<void> {
    if (target.suspended.DynamicScalingInSuspended || policy.configuration.DisableScaleIn === true) return;
    const last = Math.max(policy.lastInMs ?? 0, policy.lastOutMs ?? 0);
    if (isCooling(last, policy.configuration.ScaleInCooldown, action.atMs)) return;
    const current = await this.capacity.read(target, target);
    if (current === undefined || !current.isActive || current.units <= target.min) return;
    const wanted = await this.#wanted(policy, IN_PERIODS, action.atMs);
    if (wanted === undefined) return;
    // Of several policies on one target, the one that asks for most decides.
    const others = await Promise.all(
      this.store
        .policiesOf(target)
        .filter(({ name }) => name !== policy.name)
        .map((other) => this.#wanted(other, IN_PERIODS, action.atMs)),
    );
    const units = Math.min(Math.max(wanted, ...others.map((other) => other ?? 0), target.min), target.max);
    if (units >= current.units) return;
    if (!(await this.scaler().set(target, units, causeOf(action, policy)))) return;
    await this.#scaled(policy, { lastInMs: action.atMs });
  }

  async #scaled(policy: PolicyRecord, when: Pick<PolicyRecord, 'lastInMs' | 'lastOutMs'>): Promise<void> {
    const current = this.store.policy(policy, policy, policy.name);
    if (current !== undefined) await this.store.putPolicy({ ...current, ...when });
  }

  /** The capacity of which the busiest of the latest minutes is the target share; undefined without data. */
  async #wanted(policy: PolicyRecord, minutes: number, nowMs: number): Promise<number | undefined> {
    const { configuration } = policy;
    const custom = configuration.CustomizedMetricSpecification;
    const { Datapoints = [] } = await this.kernel.calls.run<GetMetricStatisticsCommandOutput>(
      'monitoring',
      'GetMetricStatistics',
      serviceActor(SERVICE, policy),
      {
        ...metricOf(policy, custom === undefined),
        StartTime: new Date(nowMs - minutes * MINUTE_MS),
        EndTime: new Date(nowMs),
        Period: 60,
        Statistics: [custom?.Statistic ?? 'Sum'],
      },
    );
    const values = Datapoints.flatMap((point) => point[custom?.Statistic ?? 'Sum'] ?? []);
    if (values.length === 0) return undefined;
    const target = configuration.TargetValue ?? 70;
    if (custom === undefined) return Math.ceil(Math.max(...values) / 60 / (target / 100));
    const units = (await this.capacity.read(policy, policy))?.units ?? 0;
    return Math.ceil((units * Math.max(...values)) / target);
  }

  /** Told once for each time that the alarm goes off, not at each evaluation. */
  async #noteNotScaled(
    target: TargetRecord,
    current: number,
    action: AlarmAction,
    policy: PolicyRecord,
  ): Promise<void> {
    const { accountId, region, resourceId, dimension, min, max } = target;
    const cause = causeOf(action, policy);
    const [latest] = this.store
      .activities(target)
      .filter((one) => one.resourceId === resourceId && one.dimension === dimension);
    if (latest?.notScaled?.current === current && latest.cause === cause) return;
    await this.store.note({
      accountId,
      region,
      resourceId,
      dimension,
      id: this.kernel.random.uuid(),
      description: 'Attempting to scale due to alarm triggered',
      cause,
      startMs: action.atMs,
      endMs: action.atMs,
      status: 'Unfulfilled',
      message: 'Failed to scale: the capacity is at its maximum.',
      notScaled: { code: 'AlreadyAtMaxCapacity', min, max, current },
    });
  }
}

function isCooling(lastMs: number | undefined, cooldownSeconds: number | undefined, nowMs: number): boolean {
  return lastMs !== undefined && nowMs < lastMs + (cooldownSeconds ?? 0) * 1000;
}

function causeOf({ alarmName }: AlarmAction, { name }: PolicyRecord): string {
  return `monitor alarm ${alarmName} in state ALARM triggered policy ${name}`;
}

/** The metric that a policy tracks, or the capacity that it sets. */
function metricOf(
  policy: PolicyRecord,
  isPredefined: boolean,
): Pick<PutMetricAlarmCommandInput, 'MetricName' | 'Namespace' | 'Dimensions'> {
  const custom = policy.configuration.CustomizedMetricSpecification;
  if (!isPredefined && custom !== undefined) {
    return { MetricName: custom.MetricName, Namespace: custom.Namespace, Dimensions: custom.Dimensions };
  }
  const MetricName = `Consumed${directionOf(policy)}CapacityUnits`;
  return { MetricName, Namespace: 'AWS/DynamoDB', Dimensions: dimensionsOf(policy) };
}

function alarmsOf(policy: PolicyRecord, units: number): PutMetricAlarmCommandInput[] {
  const { configuration } = policy;
  const custom = configuration.CustomizedMetricSpecification;
  const target = configuration.TargetValue ?? 70;
  const isLow = target <= 2 * IN_MARGIN;
  const low = isLow || custom !== undefined ? target * LOW_TARGET_SHARE : target - IN_MARGIN;
  const perMinute = (share: number): number => (custom === undefined ? (share / 100) * units * 60 : share);
  const common = {
    AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
    AlarmActions: [`${policy.arn}:createdBy/${policy.alarmId}`],
  };
  const alarm = (kind: AlarmKind, rest: Omit<PutMetricAlarmCommandInput, 'AlarmName'>): PutMetricAlarmCommandInput => ({
    AlarmName: `TargetTracking-${policy.resourceId}-${kind}-${policy.alarmId}`,
    ...common,
    ...rest,
  });
  const consumed = {
    ...metricOf(policy, custom === undefined),
    Statistic: custom?.Statistic ?? 'Sum',
    Period: 60,
  } as const;
  const provisioned = {
    MetricName: `Provisioned${directionOf(policy)}CapacityUnits`,
    Namespace: 'AWS/DynamoDB',
    Dimensions: dimensionsOf(policy),
    Statistic: 'Average',
    Period: 300,
    EvaluationPeriods: 3,
    Threshold: units,
  } as const;
  const all = [
    alarm('AlarmHigh', {
      ...consumed,
      EvaluationPeriods: OUT_PERIODS,
      Threshold: perMinute(target),
      ComparisonOperator: 'GreaterThanThreshold',
    }),
    alarm('AlarmLow', {
      ...consumed,
      EvaluationPeriods: IN_PERIODS,
      Threshold: perMinute(low),
      ComparisonOperator: 'LessThanThreshold',
    }),
    alarm('ProvisionedCapacityHigh', { ...provisioned, ComparisonOperator: 'GreaterThanThreshold' }),
    alarm('ProvisionedCapacityLow', { ...provisioned, ComparisonOperator: 'LessThanThreshold' }),
  ];
  // Without scaling in there is nothing for it to call.
  return configuration.DisableScaleIn === true
    ? all.filter(({ AlarmName }) => !AlarmName?.includes('-AlarmLow-'))
    : all;
}
