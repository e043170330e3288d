import type { Lifecycle } from '@aws-sdk/client-backup';
import { partitionOf } from '../../kernel/caller.js';
import { notify, retentionFault, runRequest } from './backup-jobs.js';
import { type CopyJobRecord, parseVaultArn, type RecoveryPointRecord, vaultArn } from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { measure } from './measure.js';
import { assumptionFault } from './role-check.js';

/** Copies of recovery points in other vaults, regions and accounts. A copy names the same backup of the items: it takes no time. */
export class CopyJobs {
  constructor(
    private readonly store: BackupStore,
    /** Called when there are new recovery points, whose lives may end soon. */
    private readonly changed: () => void,
  ) {}

  /** Runs a job to its end, which the record tells. */
  async run(
    point: RecoveryPointRecord,
    wanted: {
      readonly targetVaultArn: string;
      readonly roleArn: string;
      readonly lifecycle?: Lifecycle;
      readonly createdByJobId?: string;
      readonly token?: string;
    },
  ): Promise<CopyJobRecord> {
    const { kernel } = this.store;
    const nowMs = kernel.clock.nowMs();
    const job: CopyJobRecord = {
      accountId: point.accountId,
      region: point.region,
      id: kernel.random.uuid().toUpperCase(),
      sourceVaultArn: vaultArn(point, point.vaultName),
      sourcePointArn: point.arn,
      resourceArn: point.resourceArn,
      createdMs: nowMs,
      sizeBytes: point.sizeBytes,
      ...(point.createdBy !== undefined && { createdBy: point.createdBy }),
      ...wanted,
      state: 'RUNNING',
    };
    await this.store.putCopy(job);
    for (const state of ['Created', 'Running']) await measure(kernel, point, `NumberOfCopyJobs${state}`);
    let ended: CopyJobRecord;
    try {
      const request = runRequest(job, 'RunCopyJob', { SourceRecoveryPointArn: point.arn });
      const copy = await kernel.gates.pass({ ...request, requestId: kernel.requestIds.uuid() }, () =>
        this.#copy(point, job),
      );
      ended = { ...job, state: 'COMPLETED', targetPointArn: copy.arn, completedMs: nowMs };
    } catch (error) {
      ended = {
        ...job,
        state: 'FAILED',
        message: error instanceof Error ? error.message : String(error),
        completedMs: nowMs,
      };
    }
    await this.store.putCopy(ended);
    await measure(kernel, point, `NumberOfCopyJobs${ended.state === 'COMPLETED' ? 'Completed' : 'Failed'}`);
    const vault = this.store.vaults.get(partitionOf(point), point.vaultName);
    const isDone = ended.state === 'COMPLETED';
    const text = `A copy job ${isDone ? 'was successful' : `failed: ${ended.message}`}. CopyJob ID : ${job.id}`;
    await notify(kernel, vault, isDone ? 'COPY_JOB_SUCCESSFUL' : 'COPY_JOB_FAILED', text);
    this.changed();
    return ended;
  }

  async #copy(point: RecoveryPointRecord, job: CopyJobRecord): Promise<RecoveryPointRecord> {
    const { kernel } = this.store;
    const place = parseVaultArn(job.targetVaultArn);
    const target = place && this.store.vaults.get(partitionOf(place), place.name);
    if (target === undefined) throw new Error(`Backup vault ${job.targetVaultArn} does not exist`);
    const fault = assumptionFault(kernel, job.roleArn) ?? retentionFault(target, job.lifecycle);
    if (fault !== undefined) throw new Error(fault);
    const { lifecycle: _, lastRestoreMs: _last, ...rest } = point;
    const copy: RecoveryPointRecord = {
      ...rest,
      accountId: target.accountId,
      region: target.region,
      arn: `arn:aws:backup:${target.region}:${target.accountId}:recovery-point:${kernel.random.uuid()}`,
      vaultName: target.name,
      sourceVaultArn: job.sourceVaultArn,
      keyArn: target.keyArn,
      storage: 'WARM',
      createdMs: job.createdMs,
      completedMs: job.createdMs,
      ...(job.lifecycle !== undefined && { lifecycle: job.lifecycle }),
    };
    await this.store.putPoint(copy);
    return copy;
  }
}
