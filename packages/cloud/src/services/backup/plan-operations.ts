import type * as Backup from '@aws-sdk/client-backup';
import { partitionOf } from '../../kernel/caller.js';
import type { RequestContext } from '../service.js';
import { alreadyExists, invalidParameter, invalidRequest, missingParameter, notFound } from './backup-errors.js';
import { type PlanRecord, type PlanVersion, planArn, type SelectionRecord } from './backup-records.js';
import { nextRuns } from './backup-schedule.js';
import type { BackupStore } from './backup-store.js';
import { checkPlan } from './check-plan.js';
import { pageOf } from './page.js';
import { assumptionFault } from './role-check.js';

const MOST_RESOURCES = 500;
const MOST_WITH_WILDCARD = 30;

/** Backup plans with their versions, and the selections of what they back up. */
export function planOperations(store: BackupStore, changed: () => void) {
  const { kernel } = store;

  function version({ caller }: RequestContext, input: Backup.BackupPlanInput | undefined): PlanVersion {
    const hasVault = (name: string): boolean => store.vaults.get(partitionOf(caller), name) !== undefined;
    const plan = checkPlan(input, () => kernel.random.uuid(), hasVault);
    return {
      plan,
      versionId: Buffer.from(kernel.random.uuid()).toString('base64url'),
      createdMs: kernel.clock.nowMs(),
    };
  }

  function created({ id, versions, ...caller }: PlanRecord) {
    const latest = versions.at(-1);
    return {
      BackupPlanId: id,
      BackupPlanArn: planArn(caller, id),
      CreationDate: new Date(latest?.createdMs ?? 0),
      VersionId: latest?.versionId,
      ...(latest?.plan.AdvancedBackupSettings && { AdvancedBackupSettings: latest.plan.AdvancedBackupSettings }),
    };
  }

  function member(
    plan: PlanRecord,
    { versionId, plan: content, createdMs }: PlanVersion,
  ): Backup.BackupPlansListMember {
    return {
      BackupPlanArn: planArn(plan, plan.id),
      BackupPlanId: plan.id,
      BackupPlanName: content.BackupPlanName,
      VersionId: versionId,
      CreationDate: new Date(createdMs),
      ...(plan.creatorRequestId !== undefined && { CreatorRequestId: plan.creatorRequestId }),
      ...(plan.deletedMs !== undefined && { DeletionDate: new Date(plan.deletedMs) }),
      ...(plan.lastRunMs !== undefined && { LastExecutionDate: new Date(plan.lastRunMs) }),
    };
  }

  function selection(context: RequestContext, planId: string | undefined, id: string | undefined): SelectionRecord {
    const found = store.selections.get(partitionOf(context.caller), `${planId}/${id}`);
    if (found === undefined) throw notFound(`Backup selection ${id} of backup plan ${planId} does not exist`);
    return found;
  }

  return {
    async create(
      context: RequestContext,
      input: Backup.CreateBackupPlanCommandInput,
    ): Promise<Backup.CreateBackupPlanOutput> {
      const { caller } = context;
      const first = version(context, input.BackupPlan);
      const plans = [...store.plans.list(partitionOf(caller))].map(([, plan]) => plan);
      const same = plans.find(
        (plan) => plan.deletedMs === undefined && contentOf(plan.versions.at(-1)) === contentOf(first),
      );
      const { CreatorRequestId: creatorRequestId } = input;
      if (same !== undefined && (creatorRequestId === undefined || same.creatorRequestId !== creatorRequestId)) {
        throw alreadyExists('Backup plan with the same plan document already exists', {
          Arn: planArn(caller, same.id),
          CreatorRequestId: same.creatorRequestId ?? '',
        });
      }
      const plan: PlanRecord = same ?? {
        ...caller,
        id: kernel.random.uuid(),
        createdMs: first.createdMs,
        ...(creatorRequestId !== undefined && { creatorRequestId }),
        tags: input.BackupPlanTags ?? {},
        versions: [first],
        due: nextRuns(first, first.createdMs),
      };
      await store.putPlan(plan);
      changed();
      return created(plan);
    },

    async update(
      context: RequestContext,
      input: Backup.UpdateBackupPlanCommandInput,
    ): Promise<Backup.UpdateBackupPlanOutput> {
      const plan = store.plan(context.caller, input.BackupPlanId);
      const next = version(context, input.BackupPlan);
      const after: PlanRecord = { ...plan, versions: [...plan.versions, next], due: nextRuns(next, next.createdMs) };
      await store.putPlan(after);
      changed();
      return created(after);
    },

    get({ caller }: RequestContext, input: Backup.GetBackupPlanCommandInput): Backup.GetBackupPlanOutput {
      const plan = store.plan(caller, input.BackupPlanId);
      const wanted =
        input.VersionId === undefined
          ? plan.versions.at(-1)
          : plan.versions.find(({ versionId }) => versionId === input.VersionId);
      if (wanted === undefined) throw notFound(`Backup Plan version ${input.VersionId} does not exist`);
      return { ...member(plan, wanted), BackupPlan: { ...wanted.plan, Rules: [...wanted.plan.Rules] } };
    },

    async remove(
      { caller }: RequestContext,
      input: Backup.DeleteBackupPlanCommandInput,
    ): Promise<Backup.DeleteBackupPlanOutput> {
      const plan = store.plan(caller, input.BackupPlanId);
      if (store.selectionsOf(caller, plan.id).length > 0) {
        throw invalidRequest('Related backup plan selections must be deleted prior to backup plan deletion');
      }
      const deletedMs = kernel.clock.nowMs();
      await store.putPlan({ ...plan, deletedMs, due: {} });
      changed();
      return {
        BackupPlanId: plan.id,
        BackupPlanArn: planArn(caller, plan.id),
        DeletionDate: new Date(deletedMs),
        VersionId: plan.versions.at(-1)?.versionId,
      };
    },

    list({ caller }: RequestContext, input: Backup.ListBackupPlansCommandInput): Backup.ListBackupPlansOutput {
      const plans = [...store.plans.list(partitionOf(caller))]
        .map(([, plan]) => plan)
        .filter(({ deletedMs }) => input.IncludeDeleted === true || deletedMs === undefined);
      const { page, NextToken } = pageOf(plans, input);
      return {
        BackupPlansList: page.flatMap((plan) => plan.versions.slice(-1).map((latest) => member(plan, latest))),
        ...(NextToken && { NextToken }),
      };
    },

    versions(
      { caller }: RequestContext,
      input: Backup.ListBackupPlanVersionsCommandInput,
    ): Backup.ListBackupPlanVersionsOutput {
      const plan = store.plan(caller, input.BackupPlanId);
      const { page, NextToken } = pageOf(plan.versions.toReversed(), input);
      return { BackupPlanVersionsList: page.map((each) => member(plan, each)), ...(NextToken && { NextToken }) };
    },

    export(
      { caller }: RequestContext,
      input: Backup.ExportBackupPlanTemplateCommandInput,
    ): Backup.ExportBackupPlanTemplateOutput {
      return { BackupPlanTemplateJson: JSON.stringify(store.plan(caller, input.BackupPlanId).versions.at(-1)?.plan) };
    },

    read(context: RequestContext, input: Backup.GetBackupPlanFromJSONCommandInput): Backup.GetBackupPlanFromJSONOutput {
      let given: Backup.BackupPlanInput;
      try {
        given = JSON.parse(input.BackupPlanTemplateJson ?? '') as Backup.BackupPlanInput;
      } catch {
        throw invalidParameter('BackupPlanTemplateJson is not valid JSON');
      }
      const { plan } = version(context, given);
      return { BackupPlan: { ...plan, Rules: [...plan.Rules] } };
    },

    async select(
      { caller }: RequestContext,
      input: Backup.CreateBackupSelectionCommandInput,
    ): Promise<Backup.CreateBackupSelectionOutput> {
      const plan = store.plan(caller, input.BackupPlanId);
      const { BackupSelection: given, CreatorRequestId: creatorRequestId } = input;
      if (given === undefined) throw missingParameter('BackupSelection');
      if (given.SelectionName === undefined) throw missingParameter('SelectionName');
      if (given.IamRoleArn === undefined) throw missingParameter('IamRoleArn');
      checkResources(given.Resources ?? []);
      const fault = assumptionFault(kernel, given.IamRoleArn);
      if (fault !== undefined) throw invalidParameter(fault);
      const twin = store
        .selectionsOf(caller, plan.id)
        .find((one) => one.selection.SelectionName === given.SelectionName);
      if (twin !== undefined && (creatorRequestId === undefined || twin.creatorRequestId !== creatorRequestId)) {
        throw alreadyExists('Backup selection with the same name already exists in this backup plan', {
          Arn: '',
          CreatorRequestId: twin.creatorRequestId ?? '',
        });
      }
      const record: SelectionRecord = twin ?? {
        ...caller,
        id: kernel.random.uuid(),
        planId: plan.id,
        createdMs: kernel.clock.nowMs(),
        ...(creatorRequestId !== undefined && { creatorRequestId }),
        selection: given,
      };
      await store.putSelection(record);
      return { SelectionId: record.id, BackupPlanId: plan.id, CreationDate: new Date(record.createdMs) };
    },

    selection(context: RequestContext, input: Backup.GetBackupSelectionCommandInput): Backup.GetBackupSelectionOutput {
      const found = selection(context, input.BackupPlanId, input.SelectionId);
      return {
        BackupSelection: {
          ...found.selection,
          Resources: found.selection.Resources ?? [],
          NotResources: found.selection.NotResources ?? [],
          ListOfTags: found.selection.ListOfTags ?? [],
          Conditions: {
            StringEquals: [],
            StringNotEquals: [],
            StringLike: [],
            StringNotLike: [],
            ...found.selection.Conditions,
          },
        },
        SelectionId: found.id,
        BackupPlanId: found.planId,
        CreationDate: new Date(found.createdMs),
        ...(found.creatorRequestId !== undefined && { CreatorRequestId: found.creatorRequestId }),
      };
    },

    async deselect(context: RequestContext, input: Backup.DeleteBackupSelectionCommandInput): Promise<object> {
      await store.removeSelection(selection(context, input.BackupPlanId, input.SelectionId));
      return {};
    },

    selections(
      { caller }: RequestContext,
      input: Backup.ListBackupSelectionsCommandInput,
    ): Backup.ListBackupSelectionsOutput {
      const plan = store.plan(caller, input.BackupPlanId);
      const { page, NextToken } = pageOf(store.selectionsOf(caller, plan.id), input);
      return {
        BackupSelectionsList: page.map((one) => ({
          SelectionId: one.id,
          SelectionName: one.selection.SelectionName,
          BackupPlanId: plan.id,
          CreationDate: new Date(one.createdMs),
          IamRoleArn: one.selection.IamRoleArn,
          ...(one.creatorRequestId !== undefined && { CreatorRequestId: one.creatorRequestId }),
        })),
        ...(NextToken && { NextToken }),
      };
    },
  };
}

/** A plan's content without the ids that were given to its rules. */
function contentOf(version: PlanVersion | undefined): string {
  return JSON.stringify({ ...version?.plan, Rules: version?.plan.Rules.map(({ RuleId: _, ...rule }) => rule) });
}

function checkResources(resources: readonly string[]): void {
  const most = resources.some((one) => one.includes('*') && one !== '*') ? MOST_WITH_WILDCARD : MOST_RESOURCES;
  if (resources.length > most) {
    throw invalidParameter(
      `A selection has ${most} resources at most${most === MOST_RESOURCES ? '' : ' with a wildcard'}; it has ${resources.length}`,
    );
  }
  for (const one of resources) {
    if (one === '*' || one.startsWith('arn:')) continue;
    throw invalidParameter(`${one} is neither an ARN nor *`);
  }
}
