import type {
  DescribeScalableTargetsResponse,
  DescribeScalingPoliciesResponse,
  ScalableDimension,
  ScalingPolicy,
} from '@aws-sdk/client-application-auto-scaling';
import type { Random } from '@tablewright/base';
import { DynamoError, type ReplicaCapacity, type ReplicaScaling, type ScalingSettings } from '@tablewright/engine';
import type { Calls } from '../../kernel/calls.js';
import { type Actor, serviceActor } from '../../kernel/principal.js';
import { ServiceError } from '../../wire/index.js';

/** The targets and policies of tables' replicas, through Application Auto Scaling's API in each region. */
export function replicaScaling(calls: Calls, random: Random): ReplicaScaling {
  async function settingsOf(capacity: ReplicaCapacity): Promise<ScalingSettings | undefined> {
    const { actor, target } = addressOf(capacity);
    const { ResourceId, ...named } = target;
    const { ScalableTargets } = await calls.run<DescribeScalableTargetsResponse>(
      SERVICE,
      'DescribeScalableTargets',
      actor,
      { ...named, ResourceIds: [ResourceId] },
    );
    const found = ScalableTargets?.[0];
    if (found === undefined) return undefined;
    const { ScalingPolicies = [] } = await calls.run<DescribeScalingPoliciesResponse>(
      SERVICE,
      'DescribeScalingPolicies',
      actor,
      target,
    );
    return {
      MinimumUnits: found.MinCapacity ?? 0,
      MaximumUnits: found.MaxCapacity ?? 0,
      AutoScalingRoleArn: found.RoleARN ?? '',
      ScalingPolicies: ScalingPolicies.map(shownPolicy),
    };
  }

  return {
    describe: settingsOf,
    update: (capacity, update) =>
      inWords(random, async () => {
        const { actor, target } = addressOf(capacity);
        const before = await settingsOf(capacity);
        if (update.AutoScalingDisabled === true) {
          if (before !== undefined) await calls.run(SERVICE, 'DeregisterScalableTarget', actor, target);
          return;
        }
        await calls.run(SERVICE, 'RegisterScalableTarget', actor, {
          ...target,
          MinCapacity: update.MinimumUnits,
          MaxCapacity: update.MaximumUnits,
          RoleARN: update.AutoScalingRoleArn,
        });
        const policy = update.ScalingPolicyUpdate;
        if (policy === undefined) return;
        const metric = `DynamoDB${capacity.direction}CapacityUtilization`;
        const PolicyName =
          policy.PolicyName ?? before?.ScalingPolicies[0]?.PolicyName ?? `${metric}:${target.ResourceId}`;
        await calls.run(SERVICE, 'PutScalingPolicy', actor, {
          ...target,
          PolicyName,
          PolicyType: 'TargetTrackingScaling',
          TargetTrackingScalingPolicyConfiguration: {
            ...policy.TargetTrackingScalingPolicyConfiguration,
            PredefinedMetricSpecification: { PredefinedMetricType: metric },
          },
        });
        // One of another name takes the place of those that there were.
        for (const { PolicyName: other } of before?.ScalingPolicies ?? []) {
          if (other === PolicyName) continue;
          await calls.run(SERVICE, 'DeleteScalingPolicy', actor, { ...target, PolicyName: other });
        }
      }),
  };
}

const SERVICE = 'application-autoscaling';

interface Target {
  readonly ServiceNamespace: 'dynamodb';
  readonly ResourceId: string;
  readonly ScalableDimension: ScalableDimension;
}

function addressOf({ accountId, region, tableName, indexName, direction }: ReplicaCapacity): {
  readonly actor: Actor;
  readonly target: Target;
} {
  const [ResourceId, kind] =
    indexName === undefined
      ? ([`table/${tableName}`, 'table'] as const)
      : ([`table/${tableName}/index/${indexName}`, 'index'] as const);
  const actor = serviceActor('dynamodb.amazonaws.com', { accountId, region });
  const ScalableDimension = `dynamodb:${kind}:${direction}CapacityUnits` as const;
  return { actor, target: { ServiceNamespace: 'dynamodb', ResourceId, ScalableDimension } };
}

function shownPolicy(policy: ScalingPolicy): ScalingSettings['ScalingPolicies'][number] {
  const {
    TargetValue = 0,
    DisableScaleIn,
    ScaleInCooldown,
    ScaleOutCooldown,
  } = policy.TargetTrackingScalingPolicyConfiguration ?? {};
  return {
    PolicyName: policy.PolicyName ?? '',
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue,
      ...(DisableScaleIn !== undefined && { DisableScaleIn }),
      ...(ScaleInCooldown !== undefined && { ScaleInCooldown }),
      ...(ScaleOutCooldown !== undefined && { ScaleOutCooldown }),
    },
  };
}

/** What Application Auto Scaling refuses, DynamoDB refuses with the same words, as its SDK for Java shows them. */
async function inWords(random: Random, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const source = `Service: AWSApplicationAutoScaling; Status Code: 400; Error Code: ${error.code}`;
    throw new DynamoError(
      'ValidationException',
      `${error.message} (${source}; Request ID: ${random.uuid()}; Proxy: null)`,
    );
  }
}
