import type { Writer } from '@tablewright/store';
import { type Caller, partitionOf } from '../../kernel/caller.js';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import {
  type AgendaEntry,
  BackupAgenda,
  type Scheduled,
  type ScheduledKind,
  type ScheduledRecords,
} from './backup-agenda.js';
import { notFound, vaultNotFound } from './backup-errors.js';
import type {
  BackupJobRecord,
  CopyJobRecord,
  PlanRecord,
  RecoveryPointRecord,
  RestoreJobRecord,
  SelectionRecord,
  VaultRecord,
} from './backup-records.js';

/** Types of resources, e.g. `DynamoDB`, and whether they are backed up where their type is not named. */
export type OptIns = Readonly<Record<string, boolean>>;

/** The only key of the settings. */
const REGION = 'region';

/** Everything that AWS Backup keeps, per account and region. */
export class BackupStore {
  readonly vaults: Records<VaultRecord>;
  readonly plans: Records<PlanRecord>;
  readonly selections: Records<SelectionRecord>;
  readonly points: Records<RecoveryPointRecord>;
  readonly jobs: Records<BackupJobRecord>;
  readonly copies: Records<CopyJobRecord>;
  readonly restores: Records<RestoreJobRecord>;
  readonly agenda: BackupAgenda;

  readonly #scheduled: ScheduledRecords;
  /** What is set for a whole region. */
  readonly #settings: Records<{ readonly optIns: OptIns }>;

  constructor(readonly kernel: Kernel) {
    const { store } = kernel;
    this.vaults = new Records(store, 'backup.vaults');
    this.plans = new Records(store, 'backup.plans');
    this.selections = new Records(store, 'backup.selections');
    this.points = new Records(store, 'backup.points');
    this.jobs = new Records(store, 'backup.jobs');
    this.copies = new Records(store, 'backup.copyJobs');
    this.restores = new Records(store, 'backup.restoreJobs');
    this.agenda = new BackupAgenda(store);
    this.#scheduled = { job: this.jobs, copy: this.copies, restore: this.restores, point: this.points };
    this.#settings = new Records(store, 'backup.settings');
  }

  optIns(caller: Caller): OptIns {
    return this.#settings.get(partitionOf(caller), REGION)?.optIns ?? { DynamoDB: true };
  }

  putOptIns(caller: Caller, optIns: OptIns): Promise<void> {
    return this.#settings.put(partitionOf(caller), REGION, { optIns });
  }

  vault(caller: Caller, name: string | undefined): VaultRecord {
    const vault = this.vaults.get(partitionOf(caller), name ?? '');
    if (vault === undefined) throw vaultNotFound(name ?? '');
    return vault;
  }

  /** One that was deleted is not there. */
  plan(caller: Caller, id: string | undefined): PlanRecord {
    const plan = this.plans.get(partitionOf(caller), id ?? '');
    if (plan === undefined || plan.deletedMs !== undefined) throw notFound(`Backup Plan with ID ${id} does not exist`);
    return plan;
  }

  point(caller: Caller, arn: string | undefined, vaultName?: string): RecoveryPointRecord {
    const point = this.points.get(partitionOf(caller), arn ?? '');
    if (point === undefined || (vaultName !== undefined && point.vaultName !== vaultName)) {
      throw notFound(`Recovery point does not exist: ${arn}`);
    }
    return point;
  }

  /** Those of a vault, the latest first. */
  pointsOf(caller: Caller, vaultName?: string): RecoveryPointRecord[] {
    return this.#listed(this.points, caller)
      .filter((point) => vaultName === undefined || point.vaultName === vaultName)
      .sort((one, other) => other.createdMs - one.createdMs);
  }

  selectionsOf(caller: Caller, planId: string): SelectionRecord[] {
    return [...this.selections.list(partitionOf(caller), { prefix: `${planId}/` })].map(([, selection]) => selection);
  }

  /** The latest first. */
  jobsOf(caller: Caller): BackupJobRecord[] {
    return this.#listed(this.jobs, caller).sort((one, other) => other.createdMs - one.createdMs);
  }

  copiesOf(caller: Caller): CopyJobRecord[] {
    return this.#listed(this.copies, caller).sort((one, other) => other.createdMs - one.createdMs);
  }

  restoresOf(caller: Caller): RestoreJobRecord[] {
    return this.#listed(this.restores, caller).sort((one, other) => other.createdMs - one.createdMs);
  }

  putVault(vault: VaultRecord): Promise<void> {
    return this.vaults.put(partitionOf(vault), vault.name, vault);
  }

  putPlan(plan: PlanRecord): Promise<void> {
    return this.plans.put(partitionOf(plan), plan.id, plan);
  }

  putSelection(selection: SelectionRecord): Promise<void> {
    return this.selections.put(partitionOf(selection), `${selection.planId}/${selection.id}`, selection);
  }

  removeSelection({ planId, id, ...caller }: SelectionRecord): Promise<void> {
    return this.selections.delete(partitionOf(caller), `${planId}/${id}`);
  }

  putPoint(point: RecoveryPointRecord): Promise<void> {
    return this.#put('point', point.arn, point);
  }

  putJob(job: BackupJobRecord): Promise<void> {
    return this.#put('job', job.id, job);
  }

  putCopy(job: CopyJobRecord): Promise<void> {
    return this.#put('copy', job.id, job);
  }

  putRestore(job: RestoreJobRecord): Promise<void> {
    return this.#put('restore', job.id, job);
  }

  /** Removes a recovery point, and the backup in DynamoDB when no other point has it. */
  async removePoint(point: RecoveryPointRecord): Promise<void> {
    await this.forget({ kind: 'point', id: point.arn, ...point });
    const isShared = [...this.points.all()].some(({ backupArn }) => backupArn === point.backupArn);
    if (!isShared) await this.kernel.ports.tableBackups.remove(point.backupArn);
  }

  start(): Promise<void> {
    return this.agenda.fill(this.#scheduled);
  }

  /** The record that an entry of the agenda names. */
  scheduled<K extends ScheduledKind>(kind: K, { id, ...caller }: Omit<AgendaEntry, 'kind'>): Scheduled[K] | undefined {
    return this.#scheduled[kind].get(partitionOf(caller), id);
  }

  /** Removes a job or a recovery point, and what the agenda has of it. */
  forget({ kind, id, ...caller }: Pick<AgendaEntry, 'kind' | 'id' | keyof Caller>): Promise<void> {
    return this.kernel.store.change((writer) => this.#replace(writer, kind, partitionOf(caller), id, undefined));
  }

  #put<K extends ScheduledKind>(kind: K, id: string, record: Scheduled[K]): Promise<void> {
    return this.kernel.store.change((writer) => this.#replace(writer, kind, partitionOf(record), id, record));
  }

  #replace<K extends ScheduledKind>(
    writer: Writer,
    kind: K,
    partition: string,
    id: string,
    record: Scheduled[K] | undefined,
  ): void {
    const records = this.#scheduled[kind];
    this.agenda.move(writer, kind, id, records.getFrom(writer, partition, id), record);
    if (record === undefined) records.deleteIn(writer, partition, id);
    else records.putIn(writer, partition, id, record);
  }

  #listed<T>(records: Records<T>, caller: Caller): T[] {
    return [...records.list(partitionOf(caller))].map(([, record]) => record);
  }
}
