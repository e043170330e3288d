import type { BackupPlanInput, BackupRule, BackupRuleInput, Lifecycle } from '@aws-sdk/client-backup';
import { parseSchedule } from '../../kernel/schedule/schedule-expression.js';
import { invalidParameter, missingParameter } from './backup-errors.js';
import { MINUTE_MS, type PlanVersion, parseVaultArn } from './backup-records.js';

const DEFAULT_SCHEDULE = 'cron(0 5 ? * * *)';
const DEFAULT_ZONE = 'Etc/UTC';
const LEAST_START_MINUTES = 60;
const COLD_DAYS = 90;
const NAME = /^[a-zA-Z0-9\-_.]{1,50}$/;

/**
 * A plan as it is kept: checked, with the defaults filled in, and its rules numbered.
 * https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupPlan.html
 */
export function checkPlan(
  plan: BackupPlanInput | undefined,
  newId: () => string,
  hasVault: (name: string) => boolean,
): PlanVersion['plan'] {
  if (plan === undefined) throw missingParameter('BackupPlan');
  if (plan.BackupPlanName === undefined) throw missingParameter('BackupPlanName');
  if (!NAME.test(plan.BackupPlanName)) {
    throw invalidParameter(`Backup plan name ${plan.BackupPlanName} must match ${NAME.source}`);
  }
  const rules = plan.Rules ?? [];
  if (rules.length === 0) throw missingParameter('Rules');
  const names = new Set<string>();
  const checked = rules.map((rule): BackupRule => {
    const { RuleName: name = '' } = rule;
    if (!NAME.test(name)) throw invalidParameter(`Rule name ${name} must match ${NAME.source}`);
    if (names.has(name)) throw invalidParameter(`Rule names must be unique; ${name} is there twice`);
    names.add(name);
    return checkRule(rule, newId, hasVault);
  });
  return {
    BackupPlanName: plan.BackupPlanName,
    Rules: checked,
    ...(plan.AdvancedBackupSettings && { AdvancedBackupSettings: plan.AdvancedBackupSettings }),
  };
}

function checkRule(rule: BackupRuleInput, newId: () => string, hasVault: (name: string) => boolean): BackupRule {
  const vault = rule.TargetBackupVaultName;
  if (vault === undefined) throw missingParameter('TargetBackupVaultName');
  if (!hasVault(vault)) throw invalidParameter(`Backup vault ${vault} does not exist`);
  const { ScheduleExpression = DEFAULT_SCHEDULE, ScheduleExpressionTimezone = DEFAULT_ZONE } = rule;
  checkSchedule(ScheduleExpression, ScheduleExpressionTimezone);
  const start = rule.StartWindowMinutes;
  if (start !== undefined && start < LEAST_START_MINUTES) {
    throw invalidParameter(`The start window must be at least ${LEAST_START_MINUTES} minutes; it is ${start}`);
  }
  const completion = rule.CompletionWindowMinutes;
  if (completion !== undefined && completion < (start ?? LEAST_START_MINUTES)) {
    throw invalidParameter(`The completion window (${completion} minutes) must be longer than the start window`);
  }
  if (rule.EnableContinuousBackup === true) {
    throw invalidParameter('Continuous backup is not supported for DynamoDB; use its point-in-time recovery');
  }
  checkLifecycle(rule.Lifecycle);
  for (const copy of rule.CopyActions ?? []) {
    if (parseVaultArn(copy.DestinationBackupVaultArn ?? '') === undefined) {
      throw invalidParameter(`${copy.DestinationBackupVaultArn} is not the ARN of a backup vault`);
    }
    checkLifecycle(copy.Lifecycle);
  }
  return { ...rule, ScheduleExpression, ScheduleExpressionTimezone, RuleId: newId() };
}

/** Only cron, hourly at most. */
function checkSchedule(expression: string, timeZone: string): void {
  const startMs = Date.UTC(2026, 0, 1);
  const schedule = expression.startsWith('cron') ? parseSchedule(expression, { startMs, timeZone }) : undefined;
  if (schedule === undefined) throw invalidParameter(`Cron expression ${expression} in ${timeZone} is not valid`);
  const first = schedule.next(startMs);
  const second = first === undefined ? undefined : schedule.next(first);
  if (first !== undefined && second !== undefined && second - first < 60 * MINUTE_MS) {
    throw invalidParameter(`Cron expression ${expression} runs more often than once an hour`);
  }
}

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html */
export function checkLifecycle(lifecycle: Lifecycle | undefined): void {
  const { DeleteAfterDays: keep = -1, MoveToColdStorageAfterDays: cold = -1 } = lifecycle ?? {};
  if (keep === 0 || keep < -1)
    throw invalidParameter(`DeleteAfterDays must be at least 1, or -1 to keep for ever; it is ${keep}`);
  if (cold === 0 || cold < -1) throw invalidParameter(`MoveToColdStorageAfterDays must be at least 1; it is ${cold}`);
  if (cold > 0 && keep > 0 && keep < cold + COLD_DAYS) {
    throw invalidParameter(
      `DeleteAfterDays cannot be less than ${COLD_DAYS} days apart from MoveToColdStorageAfterDays (${keep}, ${cold})`,
    );
  }
}
