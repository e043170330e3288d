import type { Timer } from '@tablewright/base';
import { parseSchedule } from '../../kernel/schedule/schedule-expression.js';
import { type AgendaEntry, forgottenMs } from './backup-agenda.js';
import type { BackupJobs, WantedBackup } from './backup-jobs.js';
import {
  calculatedLifecycle,
  DAY_MS,
  MINUTE_MS,
  type PlanRecord,
  type PlanVersion,
  planArn,
  type RecoveryPointRecord,
} from './backup-records.js';
import type { BackupStore } from './backup-store.js';
import { measure } from './measure.js';
import type { RestoreJobs } from './restore-jobs.js';
import { selectedTables } from './selected-resources.js';

/**
 * What time does: rules of plans run when they are due, jobs go on, recovery points grow cold and are deleted. One timer
 * for the next of it, and none where there is nothing to come.
 */
export class BackupSchedule {
  #timer: Timer | undefined;
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();
  /** When jobs that have not ended are to be looked at; those not here at once. */
  readonly #lookAgainMs = new Map<string, number>();

  constructor(
    private readonly store: BackupStore,
    private readonly jobs: BackupJobs,
    private readonly restores: RestoreJobs,
  ) {}

  async start(): Promise<void> {
    await this.store.start();
    this.arm();
  }

  /** Call it when plans, jobs or recovery points have changed. */
  arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isClosed) return;
    const { kernel } = this.store;
    const nextMs = this.#nextMs();
    if (nextMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, nextMs - kernel.clock.nowMs()), DAY_MS);
    this.#timer = kernel.clock.after(delayMs, () =>
      this.run().catch((fault) => kernel.reportFault('schedule of backups', fault)),
    );
  }

  /** Does all that is due; one run at a time. */
  run(): Promise<void> {
    this.#running = this.#running.then(() => this.#runDue()).finally(() => this.arm());
    const run = this.#running;
    this.#running = run.catch(() => {});
    return run;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #nextMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const plan of this.store.plans.all()) {
      if (plan.deletedMs === undefined) nextMs = Math.min(nextMs, ...Object.values(plan.due));
    }
    for (const { atMs, id } of this.store.agenda.entries()) {
      if (atMs >= nextMs) break;
      nextMs = Math.min(nextMs, Math.max(atMs, this.#lookAgainMs.get(id) ?? 0));
    }
    return nextMs;
  }

  async #runDue(): Promise<void> {
    if (this.#isClosed) return;
    await this.#runPlans();
    for (const entry of this.#dueEntries()) await this.#runEntry(entry);
  }

  async #runPlans(): Promise<void> {
    const nowMs = this.store.kernel.clock.nowMs();
    for (const plan of [...this.store.plans.all()]) {
      if (plan.deletedMs !== undefined) continue;
      const due = Object.entries(plan.due).filter(([, atMs]) => atMs <= nowMs);
      const version = plan.versions.at(-1);
      if (due.length === 0 || version === undefined) continue;
      // First, so that a crash in between does not run it twice.
      const next = nextRuns(version, nowMs);
      const fallen = Object.fromEntries(due.map(([ruleId]) => [ruleId, next[ruleId]] as const));
      await this.store.putPlan({ ...plan, lastRunMs: nowMs, due: compact({ ...plan.due, ...fallen }) });
      await this.#runRules(
        plan,
        version,
        due.map(([ruleId]) => ruleId),
      );
    }
  }

  /** Of rules that are due at once for the same table and vault, the one that keeps its backup longest runs. */
  async #runRules(plan: PlanRecord, version: PlanVersion, ruleIds: readonly string[]): Promise<void> {
    const wanted = new Map<string, WantedBackup>();
    for (const selection of this.store.selectionsOf(plan, plan.id)) {
      const tables = await selectedTables(this.store, plan, selection.selection);
      for (const rule of version.plan.Rules.filter(({ RuleId }) => ruleIds.includes(RuleId ?? ''))) {
        for (const resourceArn of tables) {
          const backup = wantedBackup(plan, version, rule, resourceArn, selection.selection.IamRoleArn ?? '');
          const key = `${resourceArn} ${backup.vaultName}`;
          const other = wanted.get(key);
          if (other === undefined || keptDays(other) < keptDays(backup)) wanted.set(key, backup);
        }
      }
    }
    const caller = { accountId: plan.accountId, region: plan.region };
    for (const backup of wanted.values()) await this.jobs.create(caller, backup);
  }

  #dueEntries(): AgendaEntry[] {
    const nowMs = this.store.kernel.clock.nowMs();
    const due: AgendaEntry[] = [];
    for (const entry of this.store.agenda.entries()) {
      if (entry.atMs > nowMs) break;
      if ((this.#lookAgainMs.get(entry.id) ?? 0) <= nowMs) due.push(entry);
    }
    return due;
  }

  async #runEntry(entry: AgendaEntry): Promise<void> {
    const { store } = this;
    switch (entry.kind) {
      case 'job':
        return this.#runJob(entry, store.scheduled('job', entry), (job) => this.jobs.step(job));
      case 'restore':
        return this.#runJob(entry, store.scheduled('restore', entry), (job) => this.restores.step(job));
      case 'copy':
        return store.forget(entry);
      case 'point':
        return this.#ageOut(store.scheduled('point', entry));
    }
  }

  /** The next step of one that has not ended; the end of one that ended long ago. */
  async #runJob<T extends { readonly completedMs?: number }>(
    entry: AgendaEntry,
    job: T | undefined,
    step: (job: T) => Promise<number | undefined>,
  ): Promise<void> {
    if (job === undefined) return;
    if (job.completedMs === undefined) await this.#step(entry.id, () => step(job));
    // Others may have ended it since the agenda was read.
    else if (forgottenMs(job.completedMs) <= this.store.kernel.clock.nowMs()) await this.store.forget(entry);
  }

  /** A job that fails by a defect of ours must not hold up the others. */
  async #step(id: string, step: () => Promise<number | undefined>): Promise<void> {
    const { kernel } = this.store;
    let againMs: number | undefined;
    try {
      againMs = await step();
    } catch (fault) {
      kernel.reportFault(`backup job ${id}`, fault);
      againMs = kernel.clock.nowMs() + MINUTE_MS;
    }
    if (againMs === undefined) this.#lookAgainMs.delete(id);
    else this.#lookAgainMs.set(id, againMs);
  }

  async #ageOut(point: RecoveryPointRecord | undefined): Promise<void> {
    if (point?.status !== 'COMPLETED') return;
    const nowMs = this.store.kernel.clock.nowMs();
    const { coldMs, deleteMs } = calculatedLifecycle(point);
    if (deleteMs !== undefined && deleteMs <= nowMs) {
      await measure(this.store.kernel, point, 'NumberOfRecoveryPointsDeleting');
      await this.store.removePoint(point).catch(() =>
        // A table is being restored from it. As on AWS it stays, expired, until somebody deletes it.
        this.store.putPoint({ ...point, status: 'EXPIRED', statusMessage: 'The recovery point is being restored' }),
      );
    } else if (coldMs !== undefined && coldMs <= nowMs && point.storage === 'WARM') {
      await this.store.putPoint({ ...point, storage: 'COLD' });
      await measure(this.store.kernel, point, 'NumberOfRecoveryPointsCold');
    }
  }
}

type Rule = PlanVersion['plan']['Rules'][number];

function wantedBackup(
  plan: PlanRecord,
  version: PlanVersion,
  rule: Rule,
  resourceArn: string,
  roleArn: string,
): WantedBackup {
  return {
    vaultName: rule.TargetBackupVaultName ?? '',
    resourceArn,
    roleArn,
    createdBy: {
      BackupPlanId: plan.id,
      BackupPlanArn: planArn(plan, plan.id),
      BackupPlanName: version.plan.BackupPlanName,
      BackupPlanVersion: version.versionId,
      BackupRuleId: rule.RuleId,
      BackupRuleName: rule.RuleName,
      BackupRuleCron: rule.ScheduleExpression,
      BackupRuleTimezone: rule.ScheduleExpressionTimezone,
    },
    ...(rule.StartWindowMinutes !== undefined && { startMinutes: rule.StartWindowMinutes }),
    ...(rule.CompletionWindowMinutes !== undefined && { completionMinutes: rule.CompletionWindowMinutes }),
    ...(rule.Lifecycle !== undefined && { lifecycle: rule.Lifecycle }),
    pointTags: rule.RecoveryPointTags ?? {},
    copies: (rule.CopyActions ?? []).map(({ DestinationBackupVaultArn: vaultArn = '', Lifecycle: lifecycle }) => ({
      vaultArn,
      ...(lifecycle !== undefined && { lifecycle }),
    })),
  };
}

function keptDays({ lifecycle }: WantedBackup): number {
  const days = lifecycle?.DeleteAfterDays ?? -1;
  return days < 0 ? Number.POSITIVE_INFINITY : days;
}

/** When each rule of a plan is due next after an instant, by the rule's id. */
export function nextRuns(version: PlanVersion, afterMs: number): Record<string, number> {
  return compact(
    Object.fromEntries(
      version.plan.Rules.map((rule) => [
        rule.RuleId ?? '',
        parseSchedule(rule.ScheduleExpression ?? '', {
          startMs: version.createdMs,
          timeZone: rule.ScheduleExpressionTimezone ?? 'UTC',
        })?.next(afterMs),
      ]),
    ),
  );
}

function compact(due: Readonly<Record<string, number | undefined>>): Record<string, number> {
  const entries = Object.entries(due).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
