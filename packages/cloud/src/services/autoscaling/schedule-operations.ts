import type * as Scaling from '@aws-sdk/client-application-auto-scaling';
import { partitionOf } from '../../kernel/caller.js';
import { parseSchedule } from '../../kernel/schedule/schedule-expression.js';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { checkTarget, pageOf, targetFilter } from './check-target.js';
import { constraint, invalid, notFound } from './scaling-errors.js';
import { NAMESPACE, type ScheduledRecord } from './scaling-records.js';
import type { ScalingStore } from './scaling-store.js';
import { withNext } from './scheduled-actions.js';

const MAX_ACTIONS = 200;

/** Scheduled actions: other bounds at certain times. */
export function scheduleOperations(store: ScalingStore, changed: () => void) {
  return {
    async put({ caller, kernel }: RequestContext, input: Scaling.PutScheduledActionCommandInput): Promise<object> {
      const targetName = checkTarget(input);
      const name = input.ScheduledActionName;
      if (name === undefined || name === '')
        throw constraint(name ?? null, 'scheduledActionName', 'Member must not be null');
      const target = store.target(caller, targetName);
      if (target === undefined) throw notFound('scalable target registered', targetName);
      const before = store.scheduledAction(caller, targetName, name);
      if (before === undefined && store.scheduledOf(target).length >= MAX_ACTIONS) {
        throw new ServiceError(
          'LimitExceededException',
          `There can be ${MAX_ACTIONS} scheduled actions for a target at most`,
        );
      }
      const nowMs = kernel.clock.nowMs();
      const schedule = input.Schedule ?? before?.schedule;
      const timezone = input.Timezone ?? before?.timezone;
      const action = input.ScalableTargetAction ?? before?.action;
      if (schedule === undefined) throw invalid('Schedule must be specified for a new scheduled action');
      if (
        parseSchedule(schedule, { startMs: nowMs, ...(timezone !== undefined && { timeZone: timezone }) }) === undefined
      ) {
        throw invalid(
          `Invalid schedule expression or time zone: ${schedule}${timezone === undefined ? '' : `, ${timezone}`}`,
        );
      }
      if (action === undefined || (action.MinCapacity === undefined && action.MaxCapacity === undefined)) {
        throw invalid('ScalableTargetAction must specify a minimum or maximum capacity');
      }
      if ((action.MinCapacity ?? 1) > (action.MaxCapacity ?? Number.POSITIVE_INFINITY)) {
        throw invalid('Maximum capacity cannot be less than minimum capacity');
      }
      const startMs = input.StartTime?.getTime() ?? before?.startMs;
      const endMs = input.EndTime?.getTime() ?? before?.endMs;
      if (startMs !== undefined && endMs !== undefined && startMs >= endMs)
        throw invalid('StartTime must be before EndTime');
      const { accountId, region } = caller;
      const id = kernel.random.uuid();
      const record: ScheduledRecord = {
        ...caller,
        ...targetName,
        name,
        arn:
          before?.arn ??
          `arn:aws:autoscaling:${region}:${accountId}:scheduledAction:${id}:resource/${NAMESPACE}/${targetName.resourceId}:scheduledActionName/${name}`,
        schedule,
        ...(timezone !== undefined && { timezone }),
        ...(startMs !== undefined && { startMs }),
        ...(endMs !== undefined && { endMs }),
        action,
        createdMs: before?.createdMs ?? nowMs,
      };
      await store.putScheduled(withNext(record, nowMs));
      changed();
      return {};
    },

    async remove({ caller }: RequestContext, input: Scaling.DeleteScheduledActionCommandInput): Promise<object> {
      const target = checkTarget(input);
      const action = store.scheduledAction(caller, target, input.ScheduledActionName ?? '');
      if (action === undefined) {
        throw notFound('scheduled action found', target, `, scheduled action name: ${input.ScheduledActionName}`);
      }
      await store.removeScheduled(action);
      changed();
      return {};
    },

    describe(
      { caller }: RequestContext,
      input: Scaling.DescribeScheduledActionsCommandInput,
    ): Scaling.DescribeScheduledActionsResponse {
      const wanted = targetFilter(input);
      const names = input.ScheduledActionNames ?? [];
      const actions = [...store.scheduled.list(partitionOf(caller))]
        .map(([, action]) => action)
        .filter(wanted)
        .filter(({ name }) => names.length === 0 || names.includes(name));
      const { page, NextToken } = pageOf(actions, input);
      return { ScheduledActions: page.map(shownAction), ...(NextToken && { NextToken }) };
    },
  };
}

function shownAction(action: ScheduledRecord): Scaling.ScheduledAction {
  return {
    ScheduledActionName: action.name,
    ScheduledActionARN: action.arn,
    ServiceNamespace: NAMESPACE,
    Schedule: action.schedule,
    ...(action.timezone !== undefined && { Timezone: action.timezone }),
    ResourceId: action.resourceId,
    // A dimension is stored only once it has been checked against the known ones.
    ScalableDimension: action.dimension as Scaling.ScalableDimension,
    ...(action.startMs !== undefined && { StartTime: new Date(action.startMs) }),
    ...(action.endMs !== undefined && { EndTime: new Date(action.endMs) }),
    ScalableTargetAction: action.action,
    CreationTime: new Date(action.createdMs),
  };
}
