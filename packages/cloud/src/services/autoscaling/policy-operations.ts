import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import { partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkTarget, pageOf, targetFilter } from './check-target.js';
import { constraint, invalid, notFound } from './scaling-errors.js';
import { directionOf, NAMESPACE, type PolicyRecord, type TargetName } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TargetTracking } from './target-tracking.js';

const MAX_POLICIES = 50;
/** The documentation says 20 to 90; AWS takes from 10 (recorded). */
const TARGET_PERCENT = { least: 10, most: 90 };
const TARGET = { least: 8.51592e-109, most: 1.174271e108 };

/** Scaling policies: target tracking, the one kind that DynamoDB takes. */
export function policyOperations(store: ScalingStore, tracking: TargetTracking) {
  return {
    async put(
      { caller, kernel }: RequestContext,
      input: Scaling.PutScalingPolicyCommandInput,
    ): Promise<Omit<Scaling.PutScalingPolicyResponse, '$metadata'>> {
      const name = checkName(input.PolicyName);
      const targetName = checkTarget(input);
      const before = store.policy(caller, targetName, name);
      const configuration = checkConfiguration(input, targetName, before);
      const target = store.target(caller, targetName);
      if (target === undefined) throw notFound('scalable target registered', targetName);
      if (before === undefined && store.policiesOf(target).length >= MAX_POLICIES) {
        throw new ServiceError(
          'LimitExceededException',
          `There can be ${MAX_POLICIES} scaling policies for a target at most`,
        );
      }
      const id = kernel.random.uuid();
      const { accountId, region } = caller;
      const policy: PolicyRecord = {
        ...caller,
        ...targetName,
        name,
        arn:
          before?.arn ??
          `arn:aws:autoscaling:${region}:${accountId}:scalingPolicy:${id}:resource/${NAMESPACE}/${targetName.resourceId}:policyName/${name}`,
        alarmId: before?.alarmId ?? kernel.random.uuid(),
        createdMs: before?.createdMs ?? kernel.clock.nowMs(),
        configuration,
        alarms: [],
      };
      if (before !== undefined) await tracking.removeAlarms(before);
      const alarms = await tracking.putAlarms(target, policy);
      await store.putPolicy({ ...policy, alarms });
      return { PolicyARN: policy.arn, Alarms: [...alarms] };
    },

    async remove({ caller }: RequestContext, input: Scaling.DeleteScalingPolicyCommandInput): Promise<object> {
      const target = checkTarget(input);
      const name = checkName(input.PolicyName);
      const policy = store.policy(caller, target, name);
      if (policy === undefined) throw notFound('scaling policy found', target, `, policy name: ${name}`);
      await tracking.removeAlarms(policy);
      await store.removePolicy(policy);
      return {};
    },

    describe(
      { caller }: RequestContext,
      input: Scaling.DescribeScalingPoliciesCommandInput,
    ): Scaling.DescribeScalingPoliciesResponse {
      const wanted = targetFilter(input);
      const names = input.PolicyNames ?? [];
      const policies = [...store.policies.list(partitionOf(caller))]
        .map(([, policy]) => policy)
        .filter(wanted)
        .filter(({ name }) => names.length === 0 || names.includes(name));
      const { page, NextToken } = pageOf(policies, input);
      return { ScalingPolicies: page.map(shownPolicy), ...(NextToken && { NextToken }) };
    },
  };
}

function checkName(name: string | undefined): string {
  if (name === undefined || name === '') throw constraint(name ?? null, 'policyName', 'Member must not be null');
  if (name.length > 256) throw constraint(name, 'policyName', 'Member must have length less than or equal to 256');
  return name;
}

function checkConfiguration(
  input: Scaling.PutScalingPolicyCommandInput,
  target: TargetName,
  before: PolicyRecord | undefined,
): Scaling.TargetTrackingScalingPolicyConfiguration {
  const type = input.PolicyType ?? (before === undefined ? 'StepScaling' : 'TargetTrackingScaling');
  if (type !== 'TargetTrackingScaling') {
    throw invalid(`${type} policies are not supported for service namespace: ${NAMESPACE}; use TargetTrackingScaling`);
  }
  const configuration = input.TargetTrackingScalingPolicyConfiguration ?? before?.configuration;
  if (configuration === undefined) {
    throw invalid('TargetTrackingScalingPolicyConfiguration must be specified for a TargetTrackingScaling policy');
  }
  const {
    TargetValue: value,
    PredefinedMetricSpecification: predefined,
    CustomizedMetricSpecification: custom,
  } = configuration;
  if (value === undefined) {
    throw constraint(null, 'targetTrackingScalingPolicyConfiguration.targetValue', 'Member must not be null');
  }
  checkRange(value, TARGET, 'target tracking scaling');
  if ((predefined === undefined) === (custom === undefined)) {
    throw invalid('Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified');
  }
  if (custom !== undefined) {
    if (custom.Metrics !== undefined || custom.MetricName === undefined || custom.Namespace === undefined) {
      throw invalid(
        'A CustomizedMetricSpecification needs MetricName, Namespace and Statistic; metric math is not emulated here',
      );
    }
    return configuration;
  }
  const wanted = `DynamoDB${directionOf(target)}CapacityUtilization`;
  if (predefined?.PredefinedMetricType !== wanted) {
    throw invalid(
      `Predefined metric type ${predefined?.PredefinedMetricType} is not supported for ${target.dimension}; use ${wanted}`,
    );
  }
  checkRange(value, TARGET_PERCENT, `predefined metric type ${wanted}`);
  return configuration;
}

function checkRange(value: number, { least, most }: typeof TARGET, scaling: string): void {
  if (value >= least && value <= most) return;
  const [from, to, given] = [least, most, value].map(javaDouble);
  throw invalid(`For ${scaling}, target value must be between '${from}' and '${to}', but was '${given}'.`);
}

/** As Java writes it. */
function javaDouble(value: number): string {
  const text = String(value);
  if (text.includes('e')) return text.replace(/e\+?/, 'E');
  return text.includes('.') ? text : `${text}.0`;
}

function shownPolicy(policy: PolicyRecord): Scaling.ScalingPolicy {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: NAMESPACE,
    ResourceId: policy.resourceId,
    // A dimension is stored only once it has been checked against the known ones.
    ScalableDimension: policy.dimension as Scaling.ScalableDimension,
    PolicyType: 'TargetTrackingScaling',
    TargetTrackingScalingPolicyConfiguration: policy.configuration,
    Alarms: [...policy.alarms],
    CreationTime: new Date(policy.createdMs),
  };
}
