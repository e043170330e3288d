import type { Kernel } from '../../kernel/kernel.js';
import { defineService } from '../define-service.js';
import type { Service } from '../service.js';
import { policyOperations } from './policy-operations.js';
import { Scaler } from './scaler.js';
import { ScalingStore } from './scaling-store.js';
import { scheduleOperations } from './schedule-operations.js';
import { ScheduledActions } from './scheduled-actions.js';
import { TableCapacity } from './table-capacity.js';
import { TargetBounds } from './target-bounds.js';
import { targetOperations } from './target-operations.js';
import { TargetTracking } from './target-tracking.js';

/**
 * Application Auto Scaling for DynamoDB, in AWS JSON 1.1. https://docs.aws.amazon.com/autoscaling/application/APIReference/
 * Policies have their four alarms in CloudWatch, which are evaluated on the kernel clock and call for UpdateTable, within
 * cooldowns and DynamoDB's quota of decreases; scheduled actions change bounds; every change is an activity with its
 * cause. Differs: other namespaces, predictive scaling and tracked metric math are not emulated.
 */
export function autoScalingService(kernel: Kernel): Service {
  const store = new ScalingStore(kernel);
  const capacity = new TableCapacity(kernel);
  const tracking = new TargetTracking(kernel, store, capacity, () => scaler);
  const scaler: Scaler = new Scaler(kernel, store, capacity, (target) => tracking.capacityChanged(target));
  const bounds = new TargetBounds(store, capacity, scaler);
  const schedule = new ScheduledActions(kernel, store, bounds);
  const targets = targetOperations(store, capacity, tracking, bounds, () => schedule.arm());
  const policies = policyOperations(store, tracking);
  const scheduled = scheduleOperations(store, () => schedule.arm());
  let unsubscribe = (): void => {};
  return defineService<typeof import('@aws-sdk/client-application-auto-scaling')>(
    {
      DeleteScalingPolicy: policies.remove,
      DeleteScheduledAction: scheduled.remove,
      DeregisterScalableTarget: targets.deregister,
      DescribeScalableTargets: targets.describe,
      DescribeScalingActivities: targets.activities,
      DescribeScalingPolicies: policies.describe,
      DescribeScheduledActions: scheduled.describe,
      GetPredictiveScalingForecast: undefined,
      ListTagsForResource: targets.tags,
      PutScalingPolicy: policies.put,
      PutScheduledAction: scheduled.put,
      RegisterScalableTarget: targets.register,
      TagResource: targets.tag,
      UntagResource: targets.untag,
    },
    {
      title: 'Application Auto Scaling',
      bodyLimitBytes: 1024 * 1024,
      resourceMember: 'ResourceId',
      start() {
        unsubscribe = kernel.ports.alarms.subscribe((action) => tracking.alarmed(action));
        scaler.start();
        schedule.arm();
      },
      close() {
        unsubscribe();
        schedule.close();
      },
      definition: {
        name: 'application-autoscaling',
        client: () => import('@aws-sdk/client-application-auto-scaling'),
        protocols: ['awsJson1_1'],
        version: '2016-02-06',
        targetPrefix: 'AnyScaleFrontendService',
      },
    },
  );
}
