import type {
  MetricDimension,
  ScalableTargetAction,
  SuspendedState,
  TargetTrackingScalingPolicyConfiguration,
} from '@aws-sdk/client-application-auto-scaling';
import type { Caller } from '../../kernel/caller.js';

export type Direction = 'Read' | 'Write';

/** What can be scaled: the read or write capacity of a table or of one of its global indexes. */
export interface TargetName {
  /** `table/<table>` or `table/<table>/index/<index>` */
  readonly resourceId: string;
  /** `dynamodb:table:ReadCapacityUnits` and the like. */
  readonly dimension: string;
}

export interface TargetRecord extends Caller, TargetName {
  readonly id: string;
  readonly min: number;
  readonly max: number;
  readonly roleArn: string;
  readonly createdMs: number;
  readonly suspended: Required<SuspendedState>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PolicyRecord extends Caller, TargetName {
  readonly name: string;
  readonly arn: string;
  /** In the names of its alarms. */
  readonly alarmId: string;
  readonly configuration: TargetTrackingScalingPolicyConfiguration;
  readonly createdMs: number;
  readonly alarms: readonly { readonly AlarmName: string; readonly AlarmARN: string }[];
  readonly lastOutMs?: number;
  readonly lastInMs?: number;
}

export interface ScheduledRecord extends Caller, TargetName {
  readonly name: string;
  readonly arn: string;
  readonly schedule: string;
  readonly timezone?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly action: ScalableTargetAction;
  readonly createdMs: number;
  /** Undefined when it will not happen again. */
  readonly nextMs?: number;
}

export type ActivityStatus = 'Pending' | 'InProgress' | 'Successful' | 'Overridden' | 'Unfulfilled' | 'Failed';

export interface ActivityRecord extends Caller, TargetName {
  readonly id: string;
  readonly description: string;
  readonly cause: string;
  readonly startMs: number;
  readonly endMs?: number;
  readonly status: ActivityStatus;
  readonly message?: string;
  /** Set for an activity that came to nothing, with why. */
  readonly notScaled?: {
    readonly code: string;
    readonly min: number;
    readonly max: number;
    readonly current: number;
  };
}

export const NAMESPACE = 'dynamodb';
/** Kept for six weeks. */
export const ACTIVITY_MS = 42 * 86_400_000;

export function directionOf({ dimension }: TargetName): Direction {
  return dimension.endsWith('ReadCapacityUnits') ? 'Read' : 'Write';
}

/** The table, and the index if it is one's capacity. */
export function tableOf({ resourceId }: TargetName): { readonly tableName: string; readonly indexName?: string } {
  const [, tableName = '', , indexName] = resourceId.split('/');
  return indexName === undefined ? { tableName } : { tableName, indexName };
}

/** Dimensions of the target's metrics in CloudWatch. */
export function dimensionsOf(target: TargetName): MetricDimension[] {
  const { tableName, indexName } = tableOf(target);
  const table = { Name: 'TableName', Value: tableName };
  return indexName === undefined ? [table] : [table, { Name: 'GlobalSecondaryIndexName', Value: indexName }];
}
