import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkTarget, pageOf, targetFilter } from './check-target.js';
import { constraint, invalid, notFound } from './scaling-errors.js';
import { type ActivityRecord, NAMESPACE, type TargetRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import type { TableCapacity } from './table-capacity.js';
import type { TargetBounds } from './target-bounds.js';
import type { TargetTracking } from './target-tracking.js';

const LINKED_SERVICE = 'dynamodb.application-autoscaling.amazonaws.com';
const MAX_TAGS = 50;

/** Scalable targets, their tags, and the record of what was done to them. */
export function targetOperations(
  store: ScalingStore,
  capacity: TableCapacity,
  tracking: TargetTracking,
  bounds: TargetBounds,
  scheduleChanged: () => void,
) {
  async function retag(
    caller: Caller,
    arn: string | undefined,
    change: (tags: Readonly<Record<string, string>>) => Record<string, string>,
  ): Promise<object> {
    const target = targetWithArn(store, caller, arn);
    const tags = change(target.tags);
    if (Object.keys(tags).length > MAX_TAGS) {
      throw new ServiceError('TooManyTagsException', `The resource ${arn} cannot have more than ${MAX_TAGS} tags`);
    }
    await store.putTarget({ ...target, tags });
    return {};
  }

  return {
    async register(
      { caller, kernel }: RequestContext,
      input: Scaling.RegisterScalableTargetCommandInput,
    ): Promise<Scaling.RegisterScalableTargetResponse> {
      const name = checkTarget(input);
      const before = store.target(caller, name);
      const min = input.MinCapacity ?? before?.min;
      const max = input.MaxCapacity ?? before?.max;
      if (min === undefined || max === undefined) {
        throw invalid('MinCapacity and MaxCapacity must be specified for a new scalable target');
      }
      if (min < 1) throw constraint(min, 'minCapacity', 'Member must have value greater than or equal to 1');
      if (max < min) throw invalid('Maximum capacity cannot be less than minimum capacity');
      if ((await capacity.read(caller, name)) === undefined) {
        throw invalid(
          `DynamoDB ${name.resourceId.includes('/index/') ? 'index' : 'table'} does not exist: ${name.resourceId}`,
        );
      }
      // Any other role is overridden by the service-linked one, as on AWS.
      const roleArn = await kernel.ports.identity.serviceLinkedRole(caller.accountId, LINKED_SERVICE);
      const target: TargetRecord = {
        ...caller,
        ...name,
        id: before?.id ?? kernel.random.uuid().replaceAll('-', ''),
        min,
        max,
        roleArn,
        createdMs: before?.createdMs ?? kernel.clock.nowMs(),
        suspended: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
          ...before?.suspended,
          ...input.SuspendedState,
        },
        tags: before?.tags ?? input.Tags ?? {},
      };
      await bounds.change(target, (bound, value) => `${bound} capacity was set to ${value}`);
      return { ScalableTargetARN: targetArn(target) };
    },

    async deregister({ caller }: RequestContext, input: Scaling.DeregisterScalableTargetCommandInput): Promise<object> {
      const name = checkTarget(input);
      const target = store.target(caller, name);
      if (target === undefined) throw notFound('scalable target found', name);
      for (const policy of store.policiesOf(target)) {
        await tracking.removeAlarms(policy);
        await store.removePolicy(policy);
      }
      for (const action of store.scheduledOf(target)) await store.removeScheduled(action);
      await store.removeTarget(target);
      scheduleChanged();
      return {};
    },

    describe(
      { caller }: RequestContext,
      input: Scaling.DescribeScalableTargetsCommandInput,
    ): Scaling.DescribeScalableTargetsResponse {
      const wanted = targetFilter(input);
      const targets = [...store.targets.list(partitionOf(caller))].map(([, target]) => target).filter(wanted);
      const { page, NextToken } = pageOf(targets, input);
      return { ScalableTargets: page.map(shownTarget), ...(NextToken && { NextToken }) };
    },

    activities(
      { caller }: RequestContext,
      input: Scaling.DescribeScalingActivitiesCommandInput,
    ): Scaling.DescribeScalingActivitiesResponse {
      const wanted = targetFilter(input);
      const activities = store
        .activities(caller)
        .filter(wanted)
        .filter(({ notScaled }) => notScaled === undefined || input.IncludeNotScaledActivities === true);
      const { page, NextToken } = pageOf(activities, input);
      return { ScalingActivities: page.map(shownActivity), ...(NextToken && { NextToken }) };
    },

    tags(
      { caller }: RequestContext,
      input: Scaling.ListTagsForResourceCommandInput,
    ): Scaling.ListTagsForResourceResponse {
      return { Tags: targetWithArn(store, caller, input.ResourceARN).tags };
    },

    tag: ({ caller }: RequestContext, input: Scaling.TagResourceCommandInput) =>
      retag(caller, input.ResourceARN, (tags) => ({ ...tags, ...input.Tags })),

    untag: ({ caller }: RequestContext, input: Scaling.UntagResourceCommandInput) =>
      retag(caller, input.ResourceARN, (tags) =>
        Object.fromEntries(Object.entries(tags).filter(([key]) => input.TagKeys?.includes(key) !== true)),
      ),
  };
}

export function targetArn({ region, accountId, id }: TargetRecord): string {
  return `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/${id}`;
}

function targetWithArn(store: ScalingStore, caller: Caller, arn: string | undefined): TargetRecord {
  for (const [, target] of store.targets.list(partitionOf(caller))) if (targetArn(target) === arn) return target;
  throw new ServiceError('ResourceNotFoundException', `The resource ${arn} does not exist`, {
    members: { ResourceName: arn },
  });
}

function shownTarget(target: TargetRecord): Scaling.ScalableTarget {
  return {
    ServiceNamespace: NAMESPACE,
    ResourceId: target.resourceId,
    // A dimension is stored only once it has been checked against the known ones.
    ScalableDimension: target.dimension as Scaling.ScalableDimension,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: target.roleArn,
    CreationTime: new Date(target.createdMs),
    SuspendedState: target.suspended,
    ScalableTargetARN: targetArn(target),
  };
}

function shownActivity(activity: ActivityRecord): Scaling.ScalingActivity {
  const { notScaled } = activity;
  return {
    ActivityId: activity.id,
    ServiceNamespace: NAMESPACE,
    ResourceId: activity.resourceId,
    ScalableDimension: activity.dimension as Scaling.ScalableDimension,
    Description: activity.description,
    Cause: activity.cause,
    StartTime: new Date(activity.startMs),
    ...(activity.endMs !== undefined && { EndTime: new Date(activity.endMs) }),
    StatusCode: activity.status,
    ...(activity.message !== undefined && { StatusMessage: activity.message }),
    ...(notScaled !== undefined && {
      NotScaledReasons: [
        {
          Code: notScaled.code,
          MinCapacity: notScaled.min,
          MaxCapacity: notScaled.max,
          CurrentCapacity: notScaled.current,
        },
      ],
    }),
  };
}
