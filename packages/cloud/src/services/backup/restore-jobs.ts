import { partitionOf } from '../../kernel/caller.js';
import { notify, runRequest, tableStatus } from './backup-jobs.js';
import { type RecoveryPointRecord, type RestoreJobRecord, tableNameOf, vaultArn } from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { measure } from './measure.js';
import { permissionFault } from './role-check.js';

/** Between two looks at a table that is being restored. */
const LOOK_AGAIN_MS = 5000;

/** Restore jobs: each makes a new table from a recovery point. */
export class RestoreJobs {
  constructor(private readonly store: BackupStore) {}

  async create(
    point: RecoveryPointRecord,
    wanted: Pick<RestoreJobRecord, 'roleArn' | 'metadata' | 'token'>,
  ): Promise<RestoreJobRecord> {
    const { clock, random } = this.store.kernel;
    const job: RestoreJobRecord = {
      accountId: point.accountId,
      region: point.region,
      id: random.uuid().toUpperCase(),
      pointArn: point.arn,
      resourceArn: point.resourceArn,
      vaultArn: vaultArn(point, point.vaultName),
      pointCreatedMs: point.createdMs,
      createdMs: clock.nowMs(),
      status: 'PENDING',
      sizeBytes: point.sizeBytes,
      ...wanted,
    };
    await this.store.putRestore(job);
    await measure(this.store.kernel, point, 'NumberOfRestoreJobsPending');
    return job;
  }

  /** Does what can be done for a job now. Resolves with when to look at it again; undefined: it has ended. */
  async step(job: RestoreJobRecord): Promise<number | undefined> {
    if (job.status === 'PENDING') return this.#begin(job);
    if (job.status !== 'RUNNING' || job.createdArn === undefined) return undefined;
    const { kernel } = this.store;
    const status = await tableStatus(kernel, job, job.createdArn);
    if (status === 'CREATING') return kernel.clock.nowMs() + LOOK_AGAIN_MS;
    if (status === undefined)
      await this.#end(job, 'FAILED', `The table ${tableNameOf(job.createdArn)} was deleted while it was restored`);
    else await this.#end(job, 'COMPLETED', undefined);
    return undefined;
  }

  async #begin(job: RestoreJobRecord): Promise<number | undefined> {
    const { kernel } = this.store;
    const { targetTableName = '' } = job.metadata;
    const targetArn = `arn:aws:dynamodb:${job.region}:${job.accountId}:table/${targetTableName}`;
    const point = this.store.points.get(partitionOf(job), job.pointArn);
    const fault =
      point === undefined
        ? `Recovery point does not exist: ${job.pointArn}`
        : permissionFault(kernel, 'restore', job.roleArn, targetArn, job);
    if (fault !== undefined || point === undefined) {
      await this.#end(job, 'FAILED', fault);
      return undefined;
    }
    let createdArn: string;
    try {
      const request = runRequest(job, 'RunRestoreJob', { RecoveryPointArn: point.arn, ResourceArn: point.resourceArn });
      const restored = await kernel.gates.pass({ ...request, requestId: kernel.requestIds.uuid() }, async () => ({
        arn: await kernel.ports.tableBackups.restore(job, point.backupArn, restoreTarget(job.metadata)),
      }));
      createdArn = restored.arn;
    } catch (error) {
      await this.#end(job, 'FAILED', error instanceof Error ? error.message : String(error));
      return undefined;
    }
    const running: RestoreJobRecord = { ...job, status: 'RUNNING', createdArn };
    await this.store.putRestore(running);
    await measure(kernel, point, 'NumberOfRestoreJobsRunning');
    await this.store.putPoint({ ...point, lastRestoreMs: kernel.clock.nowMs() });
    // Small tables are there a moment later.
    return kernel.clock.nowMs();
  }

  async #end(job: RestoreJobRecord, status: 'COMPLETED' | 'FAILED', message: string | undefined): Promise<void> {
    const { kernel } = this.store;
    await this.store.putRestore({
      ...job,
      status,
      completedMs: kernel.clock.nowMs(),
      ...(message !== undefined && { message }),
    });
    const vaultName = job.vaultArn.slice(job.vaultArn.lastIndexOf(':') + 1);
    await measure(
      kernel,
      { ...job, vaultName },
      `NumberOfRestoreJobs${status === 'COMPLETED' ? 'Completed' : 'Failed'}`,
    );
    const vault = this.store.vaults.get(partitionOf(job), vaultName);
    const text = `A restore job ${status === 'COMPLETED' ? 'was completed' : `failed: ${message}`}. RestoreJob ID : ${job.id}`;
    await notify(kernel, vault, status === 'COMPLETED' ? 'RESTORE_JOB_COMPLETED' : 'RESTORE_JOB_FAILED', text);
  }
}

/** DynamoDB's part of a restore job's metadata. */
function restoreTarget({ targetTableName = '', encryptionType, kmsMasterKeyArn }: Readonly<Record<string, string>>) {
  const target = { TargetTableName: targetTableName };
  if (encryptionType === 'KMS') {
    const key = kmsMasterKeyArn === undefined ? {} : { KMSMasterKeyId: kmsMasterKeyArn };
    return { ...target, SSESpecificationOverride: { Enabled: true, SSEType: 'KMS' as const, ...key } };
  }
  return encryptionType === 'DynamoDB' || encryptionType === 'Default'
    ? { ...target, SSESpecificationOverride: { Enabled: false } }
    : target;
}
