import type {
  BackupPlan,
  BackupRule,
  BackupSelection,
  BackupVaultEvent,
  Lifecycle,
  RecoveryPointCreator,
} from '@aws-sdk/client-backup';
import type { Caller } from '../../kernel/caller.js';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

export interface VaultRecord extends Caller {
  readonly name: string;
  readonly createdMs: number;
  readonly keyArn: string;
  readonly creatorRequestId?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** JSON. */
  readonly policy?: string;
  readonly lock?: { readonly minDays?: number; readonly maxDays?: number; readonly lockMs?: number };
  readonly notifications?: { readonly topicArn: string; readonly events: readonly BackupVaultEvent[] };
}

/** One version of a plan; earlier ones are kept. */
export interface PlanVersion {
  readonly versionId: string;
  readonly plan: Omit<BackupPlan, 'Rules'> & { readonly Rules: readonly BackupRule[] };
  readonly createdMs: number;
}

export interface PlanRecord extends Caller {
  readonly id: string;
  readonly creatorRequestId?: string;
  readonly createdMs: number;
  readonly deletedMs?: number;
  readonly lastRunMs?: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The latest last. */
  readonly versions: readonly PlanVersion[];
  /** When each rule, by its id, is due next. */
  readonly due: Readonly<Record<string, number>>;
}

export interface SelectionRecord extends Caller {
  readonly id: string;
  readonly planId: string;
  readonly createdMs: number;
  readonly creatorRequestId?: string;
  readonly selection: BackupSelection;
}

export interface RecoveryPointRecord extends Caller {
  readonly arn: string;
  readonly vaultName: string;
  readonly sourceVaultArn?: string;
  /** The backup in DynamoDB; copies have the same one. */
  readonly backupArn: string;
  readonly resourceArn: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly roleArn: string;
  readonly createdMs: number;
  readonly completedMs: number;
  readonly sizeBytes: number;
  readonly lifecycle?: Lifecycle;
  readonly keyArn: string;
  readonly storage: 'WARM' | 'COLD' | 'DELETED';
  readonly status: 'COMPLETED' | 'EXPIRED' | 'DELETING';
  readonly statusMessage?: string;
  readonly lastRestoreMs?: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type BackupJobState = 'CREATED' | 'RUNNING' | 'ABORTED' | 'COMPLETED' | 'FAILED' | 'EXPIRED';

export interface BackupJobRecord extends Caller {
  readonly id: string;
  readonly vaultName: string;
  readonly resourceArn: string;
  readonly roleArn: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly createdMs: number;
  readonly startByMs: number;
  readonly completeByMs: number;
  readonly state: BackupJobState;
  readonly message?: string;
  readonly startedMs?: number;
  readonly completedMs?: number;
  /** While it runs: the backup in DynamoDB that is being made. */
  readonly backup?: {
    readonly arn: string;
    readonly createdMs: number;
    readonly availableMs: number;
    readonly sizeBytes: number;
  };
  readonly pointArn: string;
  readonly lifecycle?: Lifecycle;
  readonly pointTags: Readonly<Record<string, string>>;
  readonly copies: readonly { readonly vaultArn: string; readonly lifecycle?: Lifecycle }[];
  readonly token?: string;
}

export interface CopyJobRecord extends Caller {
  readonly id: string;
  readonly sourceVaultArn: string;
  readonly sourcePointArn: string;
  readonly targetVaultArn: string;
  readonly targetPointArn?: string;
  readonly lifecycle?: Lifecycle;
  readonly resourceArn: string;
  readonly createdMs: number;
  readonly completedMs?: number;
  readonly state: 'CREATED' | 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly message?: string;
  readonly sizeBytes: number;
  readonly roleArn: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly createdByJobId?: string;
  readonly token?: string;
}

export interface RestoreJobRecord extends Caller {
  readonly id: string;
  readonly pointArn: string;
  readonly resourceArn: string;
  readonly vaultArn: string;
  readonly pointCreatedMs: number;
  readonly createdMs: number;
  readonly completedMs?: number;
  readonly status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'ABORTED' | 'FAILED';
  readonly message?: string;
  readonly sizeBytes: number;
  readonly roleArn: string;
  readonly createdArn?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly token?: string;
}

export function vaultArn({ region, accountId }: Caller, name: string): string {
  return `arn:aws:backup:${region}:${accountId}:backup-vault:${name}`;
}

export function planArn({ region, accountId }: Caller, id: string): string {
  return `arn:aws:backup:${region}:${accountId}:backup-plan:${id}`;
}

/** Name of the table that a resource's ARN names. */
export function tableNameOf(resourceArn: string): string {
  return resourceArn.slice(resourceArn.indexOf(':table/') + ':table/'.length);
}

/** The place and name in the ARN of a vault; undefined when it is none. */
export function parseVaultArn(arn: string): (Caller & { readonly name: string }) | undefined {
  const [, region, accountId, name] =
    /^arn:aws[\w-]*:backup:([^:]+):(\d{12}):backup-vault:([\w-]{2,50})$/.exec(arn) ?? [];
  return region === undefined || accountId === undefined || name === undefined
    ? undefined
    : { region, accountId, name };
}

/** When a recovery point goes to cold storage, and when it is deleted. */
export function calculatedLifecycle({
  createdMs,
  lifecycle = {},
}: Pick<RecoveryPointRecord, 'createdMs' | 'lifecycle'>): {
  readonly coldMs?: number;
  readonly deleteMs?: number;
} {
  const { MoveToColdStorageAfterDays: cold = -1, DeleteAfterDays: keep = -1 } = lifecycle;
  return {
    ...(cold >= 0 && { coldMs: createdMs + cold * DAY_MS }),
    ...(keep >= 0 && { deleteMs: createdMs + keep * DAY_MS }),
  };
}
