import type { BackupVaultEvent, Lifecycle, RecoveryPointCreator } from '@aws-sdk/client-backup';
import type { DescribeTableCommandOutput } from '@aws-sdk/client-dynamodb';
import type { Caller } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { serviceActor } from '../../kernel/principal.js';
import {
  type BackupJobRecord,
  type BackupJobState,
  MINUTE_MS,
  type RecoveryPointRecord,
  tableNameOf,
  type VaultRecord,
} from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import type { CopyJobs } from './copy-jobs.js';
import { measure } from './measure.js';
import { permissionFault } from './role-check.js';

const SERVICE = 'backup.amazonaws.com';
export const DEFAULT_START_MINUTES = 8 * 60;
const DEFAULT_COMPLETION_MINUTES = 7 * 24 * 60;

/** A backup that is to be made. */
export interface WantedBackup {
  readonly vaultName: string;
  readonly resourceArn: string;
  readonly roleArn: string;
  readonly createdBy?: RecoveryPointCreator;
  readonly startMinutes?: number;
  readonly completionMinutes?: number;
  readonly lifecycle?: Lifecycle;
  readonly pointTags?: Readonly<Record<string, string>>;
  readonly copies?: BackupJobRecord['copies'];
  readonly token?: string;
}

/** Backup jobs from CREATED to their end, one step at a time. */
export class BackupJobs {
  constructor(
    private readonly store: BackupStore,
    private readonly copies: CopyJobs,
  ) {}

  /** Stores the job, CREATED. {@link step} takes it on. */
  async create(caller: Caller, wanted: WantedBackup): Promise<BackupJobRecord> {
    const { random, clock } = this.store.kernel;
    const nowMs = clock.nowMs();
    const { startMinutes = DEFAULT_START_MINUTES, completionMinutes = DEFAULT_COMPLETION_MINUTES, ...rest } = wanted;
    const job: BackupJobRecord = {
      ...caller,
      pointTags: {},
      copies: [],
      ...rest,
      id: random.uuid().toUpperCase(),
      createdMs: nowMs,
      startByMs: nowMs + startMinutes * MINUTE_MS,
      completeByMs: nowMs + completionMinutes * MINUTE_MS,
      state: 'CREATED',
      pointArn: `arn:aws:backup:${caller.region}:${caller.accountId}:recovery-point:${random.uuid()}`,
    };
    await this.store.putJob(job);
    await measure(this.store.kernel, job, 'NumberOfBackupJobsCreated');
    return job;
  }

  /** Does what can be done for a job now. Resolves with when to look at it again; undefined: it has ended. */
  async step(job: BackupJobRecord): Promise<number | undefined> {
    const nowMs = this.store.kernel.clock.nowMs();
    if (job.state === 'CREATED') return this.#begin(job, nowMs);
    if (job.state !== 'RUNNING' || job.backup === undefined) return undefined;
    if (nowMs < job.backup.availableMs) {
      if (nowMs < job.completeByMs) return Math.min(job.backup.availableMs, job.completeByMs);
      await this.store.kernel.ports.tableBackups.remove(job.backup.arn);
      await this.#end(job, 'ABORTED', 'Backup job failed because it did not finish within the completion window');
      return undefined;
    }
    await this.#complete(job, job.backup);
    return undefined;
  }

  /** Ends a job that has not ended. */
  async stop(job: BackupJobRecord): Promise<void> {
    if (job.backup !== undefined) await this.store.kernel.ports.tableBackups.remove(job.backup.arn);
    await this.#end(job, 'ABORTED', 'Backup job was stopped by user');
  }

  async #begin(job: BackupJobRecord, nowMs: number): Promise<number | undefined> {
    const { kernel } = this.store;
    const fault = this.#fault(job);
    if (fault !== undefined) {
      await this.#end(job, 'FAILED', fault);
      return undefined;
    }
    const status = await tableStatus(kernel, job, job.resourceArn);
    if (status === undefined) {
      await this.#end(job, 'FAILED', `Resource ${job.resourceArn} does not exist`);
      return undefined;
    }
    if (status !== 'ACTIVE') {
      // It may start at any time within its window.
      if (nowMs + MINUTE_MS < job.startByMs) return nowMs + MINUTE_MS;
      if (nowMs < job.startByMs) return job.startByMs;
      await this.#end(job, 'EXPIRED', 'Backup job expired before completion');
      return undefined;
    }
    let backup: NonNullable<BackupJobRecord['backup']>;
    try {
      const request = runRequest(job, 'RunBackupJob', { ResourceArn: job.resourceArn, BackupVaultName: job.vaultName });
      backup = await kernel.gates.pass({ ...request, requestId: kernel.requestIds.uuid() }, () =>
        kernel.ports.tableBackups.create(job, tableNameOf(job.resourceArn)),
      );
    } catch (error) {
      await this.#end(job, 'FAILED', error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const { arn, createdMs, availableMs, sizeBytes } = backup;
    const running: BackupJobRecord = {
      ...job,
      state: 'RUNNING',
      startedMs: nowMs,
      backup: { arn, createdMs, availableMs, sizeBytes },
    };
    await this.store.putJob(running);
    await measure(kernel, running, 'NumberOfBackupJobsRunning');
    await notify(kernel, this.#vault(running), 'BACKUP_JOB_STARTED', `A backup job was started. ${describe(running)}`);
    return this.step(running);
  }

  async #complete(job: BackupJobRecord, backup: NonNullable<BackupJobRecord['backup']>): Promise<void> {
    const { kernel } = this.store;
    const vault = this.#vault(job);
    const nowMs = kernel.clock.nowMs();
    if (vault === undefined) {
      await kernel.ports.tableBackups.remove(backup.arn);
      await this.#end(job, 'FAILED', `Backup vault ${job.vaultName} does not exist`);
      return;
    }
    const point: RecoveryPointRecord = {
      accountId: job.accountId,
      region: job.region,
      arn: job.pointArn,
      vaultName: job.vaultName,
      backupArn: backup.arn,
      resourceArn: job.resourceArn,
      ...(job.createdBy !== undefined && { createdBy: job.createdBy }),
      roleArn: job.roleArn,
      createdMs: job.createdMs,
      completedMs: nowMs,
      sizeBytes: backup.sizeBytes,
      ...(job.lifecycle !== undefined && { lifecycle: job.lifecycle }),
      keyArn: vault.keyArn,
      storage: 'WARM',
      status: 'COMPLETED',
      tags: job.pointTags,
    };
    await this.store.putPoint(point);
    await this.#end(job, 'COMPLETED', undefined);
    await measure(kernel, job, 'NumberOfRecoveryPointsCompleted');
    for (const { vaultArn, lifecycle } of job.copies) {
      await this.copies.run(point, {
        targetVaultArn: vaultArn,
        roleArn: job.roleArn,
        createdByJobId: job.id,
        ...(lifecycle !== undefined && { lifecycle }),
      });
    }
  }

  /** Why the job must fail before it begins. */
  #fault(job: BackupJobRecord): string | undefined {
    const vault = this.#vault(job);
    if (vault === undefined) return `Backup vault ${job.vaultName} does not exist`;
    return (
      retentionFault(vault, job.lifecycle) ??
      permissionFault(this.store.kernel, 'backup', job.roleArn, job.resourceArn, job)
    );
  }

  async #end(job: BackupJobRecord, state: BackupJobState, message: string | undefined): Promise<void> {
    const { kernel } = this.store;
    const ended: BackupJobRecord = {
      ...job,
      state,
      completedMs: kernel.clock.nowMs(),
      ...(message !== undefined && { message }),
    };
    await this.store.putJob(ended);
    const name = `${state.charAt(0)}${state.slice(1).toLowerCase()}`;
    await measure(kernel, ended, `NumberOfBackupJobs${name}`);
    const event = EVENTS[state];
    if (event === undefined) return;
    const text =
      state === 'COMPLETED'
        ? 'An AWS Backup job was completed successfully.'
        : `An AWS Backup job ${state.toLowerCase()}.`;
    await notify(
      kernel,
      this.#vault(ended),
      event,
      `${text} ${describe(ended)}${message === undefined ? '' : ` : ${message}`}`,
    );
  }

  #vault(job: BackupJobRecord): VaultRecord | undefined {
    return this.store.vaults.get(`${job.accountId}/${job.region}`, job.vaultName);
  }
}

const EVENTS: Readonly<Partial<Record<BackupJobState, BackupVaultEvent>>> = {
  COMPLETED: 'BACKUP_JOB_COMPLETED',
  FAILED: 'BACKUP_JOB_FAILED',
  EXPIRED: 'BACKUP_JOB_EXPIRED',
};

/** Why a vault with a lock does not take a recovery point of such a life; undefined when it does. */
export function retentionFault({ lock, name }: VaultRecord, lifecycle: Lifecycle | undefined): string | undefined {
  const days = lifecycle?.DeleteAfterDays ?? -1;
  const { minDays = 0, maxDays = Number.POSITIVE_INFINITY } = lock ?? {};
  const kept = days < 0 ? Number.POSITIVE_INFINITY : days;
  if (kept >= minDays && kept <= maxDays) return undefined;
  return `The retention period (${days < 0 ? 'forever' : `${days} days`}) does not satisfy the lock of the backup vault ${name}`;
}

/** What the gates see of a job that is about to do its work. */
export function runRequest(job: Caller & { readonly roleArn: string }, operation: string, input: object) {
  const caller = { accountId: job.accountId, region: job.region };
  return { service: 'backup', operation, ...serviceActor(SERVICE, caller), accessKeyId: '', input, userAgent: '' };
}

/** undefined: there is no such table. */
export async function tableStatus(
  kernel: Kernel,
  { accountId, region }: Caller,
  arn: string,
): Promise<string | undefined> {
  try {
    const { Table } = await kernel.calls.run<DescribeTableCommandOutput>(
      'dynamodb',
      'DescribeTable',
      serviceActor(SERVICE, { accountId, region }),
      { TableName: tableNameOf(arn) },
    );
    return Table?.TableStatus;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** Tells the vault's topic of an event, if it is to be told of such. A topic that takes nothing holds nothing up. */
export async function notify(
  kernel: Kernel,
  vault: VaultRecord | undefined,
  event: BackupVaultEvent,
  message: string,
): Promise<void> {
  if (vault?.notifications?.events.includes(event) !== true) return;
  const { accountId, region, notifications } = vault;
  const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
  await kernel.calls
    .run('sns', 'Publish', serviceActor(SERVICE, { accountId, region }), {
      TopicArn: notifications.topicArn,
      Subject: 'Notification from AWS Backup',
      Message: message,
      MessageAttributes: {
        EventType: attribute(event.split('_', 2).join('_')),
        State: attribute(event.split('_').at(-1) ?? ''),
      },
    })
    .catch((fault) => kernel.reportFault(`notification of backup vault ${vault.name}`, fault));
}

function describe(job: BackupJobRecord): string {
  return `Recovery point ARN: ${job.pointArn}. Resource ARN : ${job.resourceArn}. BackupJob ID : ${job.id}`;
}
