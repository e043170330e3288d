/** A capacity of one replica: of its table or of an index, for reads or for writes. */
export interface ReplicaCapacity {
  readonly accountId: string;
  readonly region: string;
  readonly tableName: string;
  readonly indexName?: string;
  readonly direction: 'Read' | 'Write';
}

/** The API's AutoScalingSettingsDescription of a capacity that is scaled. */
export interface ScalingSettings {
  readonly MinimumUnits: number;
  readonly MaximumUnits: number;
  readonly AutoScalingRoleArn: string;
  readonly ScalingPolicies: readonly {
    readonly PolicyName: string;
    readonly TargetTrackingScalingPolicyConfiguration: TrackingSettings;
  }[];
}

export interface TrackingSettings {
  readonly TargetValue: number;
  readonly DisableScaleIn?: boolean;
  /** Seconds. */
  readonly ScaleInCooldown?: number;
  /** Seconds. */
  readonly ScaleOutCooldown?: number;
}

/** The API's AutoScalingSettingsUpdate. */
export interface ScalingUpdate {
  readonly MinimumUnits?: number;
  readonly MaximumUnits?: number;
  readonly AutoScalingDisabled?: boolean;
  readonly AutoScalingRoleArn?: string;
  readonly ScalingPolicyUpdate?: {
    readonly PolicyName?: string;
    readonly TargetTrackingScalingPolicyConfiguration: TrackingSettings;
  };
}

/** Application Auto Scaling, as DynamoDB asks it for a table's replicas. */
export interface ReplicaScaling {
  /** undefined: the capacity is not scaled. */
  describe(capacity: ReplicaCapacity): Promise<ScalingSettings | undefined>;
  /** Rejects with a DynamoError in the service's words. */
  update(capacity: ReplicaCapacity, update: ScalingUpdate): Promise<void>;
}
