import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { awsManagedPolicies } from './aws-managed-policies.js';
import { checkedDocument, MANAGED_LIMIT } from './documents.js';
import { alreadyExists, constraintError, deleteConflict, limitExceeded, noSuchEntity } from './iam-errors.js';
import type { PolicyRecord } from './iam-records.js';
import type { IamStore } from './iam-store.js';
import { uniqueId } from './ids.js';
import {
  accountPolicy,
  type ManagedPolicy,
  policyOf,
  policySummary,
  versionsOf,
  wasNotFound,
} from './managed-policy.js';
import { checkedName, checkedPath, encodedDocument, mergedTags, required } from './names.js';
import { pageOf } from './page.js';

const MAX_VERSIONS = 5;

/** Managed policies and their versions. */
export function policyOperations(store: IamStore) {
  const { clock, random } = store.kernel;

  function open(context: RequestContext, arn: string | undefined): ManagedPolicy {
    return policyOf(store, context.caller.accountId, required(arn, 'policyArn'));
  }

  /** A policy that the account may change. */
  function own(context: RequestContext, arn: string | undefined): PolicyRecord {
    const policy = open(context, arn);
    if (policy.owner === 'aws') throw noSuchEntity(`Policy ${policy.arn} is not modifiable: it is managed by AWS.`);
    return policy.record;
  }

  function update(context: RequestContext, arn: string | undefined, change: (record: PolicyRecord) => PolicyRecord) {
    const { name } = own(context, arn);
    return store.policies.update(context.caller.accountId, name, () => wasNotFound(arn ?? ''), change);
  }

  const versionMissing = (arn: string | undefined, id: string | undefined) =>
    noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);

  return {
    async create({ caller }: RequestContext, input: Iam.CreatePolicyCommandInput): Promise<Iam.CreatePolicyResponse> {
      const name = checkedName(input.PolicyName, 'policyName');
      const document = checkedDocument(input.PolicyDocument, 'identity', MANAGED_LIMIT);
      const nowMs = clock.nowMs();
      const record: PolicyRecord = {
        name,
        id: uniqueId(random, 'ANPA'),
        path: checkedPath(input.Path),
        description: input.Description === '' ? undefined : input.Description,
        createdMs: nowMs,
        updatedMs: nowMs,
        versions: [{ id: 'v1', document, createdMs: nowMs }],
        defaultVersion: 'v1',
        nextVersion: 2,
        tags: mergedTags([], input.Tags),
      };
      await store.kernel.store.change((writer) => {
        if (store.policies.getFrom(writer, caller.accountId, name) !== undefined) {
          throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
        }
        store.policies.putIn(writer, caller.accountId, record);
      });
      const policy = policySummary(store, caller.accountId, accountPolicy(caller.accountId, record));
      return { Policy: { ...policy, ...(record.tags.length > 0 ? { Tags: [...record.tags] } : {}) } };
    },

    get(context: RequestContext, input: Iam.GetPolicyCommandInput): Iam.GetPolicyResponse {
      const policy = open(context, input.PolicyArn);
      const details =
        policy.owner === 'account'
          ? { Description: policy.record.description, Tags: [...policy.record.tags] }
          : { Tags: [] };
      return { Policy: { ...policySummary(store, context.caller.accountId, policy), ...details } };
    },

    async delete(context: RequestContext, input: Iam.DeletePolicyCommandInput): Promise<object> {
      const { accountId } = context.caller;
      const { name } = own(context, input.PolicyArn);
      await store.kernel.store.change((writer) => {
        const record = store.policies.getFrom(writer, accountId, name);
        if (record === undefined) throw wasNotFound(input.PolicyArn ?? '');
        const { arn } = accountPolicy(accountId, record);
        const { roles, users, groups, bounded } = store.attachedTo(accountId, arn);
        if ([roles, users, groups, bounded.roles, bounded.users].some((list) => list.length > 0)) {
          throw deleteConflict('Cannot delete a policy attached to entities.');
        }
        if (record.versions.length > 1) {
          throw deleteConflict(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. " +
              'The default version is deleted with the policy.',
          );
        }
        store.policies.deleteIn(writer, accountId, name);
      });
      return {};
    },

    list({ caller }: RequestContext, input: Iam.ListPoliciesCommandInput): Iam.ListPoliciesResponse {
      const {
        Scope: scope = 'All',
        PathPrefix: prefix = '/',
        OnlyAttached: onlyAttached,
        PolicyUsageFilter: usage,
      } = input;
      const aws: ManagedPolicy[] = [...awsManagedPolicies().values()].map(({ arn, name, path }) => ({
        owner: 'aws',
        arn,
        name,
        path,
      }));
      const own = store.policies.list(caller.accountId).map((record) => accountPolicy(caller.accountId, record));
      const found = [...(scope === 'AWS' ? [] : own), ...(scope === 'Local' ? [] : aws)]
        .filter(({ path }) => path.startsWith(prefix))
        .map((policy) => policySummary(store, caller.accountId, policy))
        .filter(({ AttachmentCount: count = 0 }) => onlyAttached !== true || count > 0)
        .filter(({ AttachmentCount: count = 0, PermissionsBoundaryUsageCount: bounded = 0 }) => {
          if (usage === undefined) return true;
          return usage === 'PermissionsPolicy' ? count > 0 : bounded > 0;
        });
      const { page, ...rest } = pageOf(found, ({ Arn: arn = '' }) => arn, input);
      return { Policies: [...page], ...rest };
    },

    async createVersion(
      context: RequestContext,
      input: Iam.CreatePolicyVersionCommandInput,
    ): Promise<Iam.CreatePolicyVersionResponse> {
      const document = checkedDocument(input.PolicyDocument, 'identity', MANAGED_LIMIT);
      const createdMs = clock.nowMs();
      const { versions, defaultVersion } = await update(context, input.PolicyArn, (record) => {
        if (record.versions.length >= MAX_VERSIONS) {
          throw limitExceeded(
            'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
          );
        }
        const id = `v${record.nextVersion}`;
        return {
          ...record,
          updatedMs: createdMs,
          versions: [...record.versions, { id, document, createdMs }],
          nextVersion: record.nextVersion + 1,
          defaultVersion: input.SetAsDefault === true ? id : record.defaultVersion,
        };
      });
      const id = versions.at(-1)?.id;
      return {
        PolicyVersion: { VersionId: id, IsDefaultVersion: id === defaultVersion, CreateDate: new Date(createdMs) },
      };
    },

    getVersion(context: RequestContext, input: Iam.GetPolicyVersionCommandInput): Iam.GetPolicyVersionResponse {
      const { versions, current } = versionsOf(open(context, input.PolicyArn));
      const id = checkedVersion(input.VersionId);
      const version = versions.find((candidate) => candidate.id === id);
      if (version === undefined) throw versionMissing(input.PolicyArn, id);
      return {
        PolicyVersion: {
          Document: encodedDocument(version.document),
          VersionId: id,
          IsDefaultVersion: id === current,
          CreateDate: new Date(version.createdMs),
        },
      };
    },

    listVersions(context: RequestContext, input: Iam.ListPolicyVersionsCommandInput): Iam.ListPolicyVersionsResponse {
      const { versions, current } = versionsOf(open(context, input.PolicyArn));
      const { page, ...rest } = pageOf(versions, ({ id }) => id, input);
      const shown = page.map(({ id, createdMs }) => ({
        VersionId: id,
        IsDefaultVersion: id === current,
        CreateDate: new Date(createdMs),
      }));
      return { Versions: shown, ...rest };
    },

    async deleteVersion(context: RequestContext, input: Iam.DeletePolicyVersionCommandInput): Promise<object> {
      const id = checkedVersion(input.VersionId);
      await update(context, input.PolicyArn, (record) => {
        if (record.defaultVersion === id) throw deleteConflict('Cannot delete the default version of a policy.');
        const versions = record.versions.filter((version) => version.id !== id);
        if (versions.length === record.versions.length) throw versionMissing(input.PolicyArn, id);
        return { ...record, versions };
      });
      return {};
    },

    async setDefaultVersion(context: RequestContext, input: Iam.SetDefaultPolicyVersionCommandInput): Promise<object> {
      const id = checkedVersion(input.VersionId);
      await update(context, input.PolicyArn, (record) => {
        if (!record.versions.some((version) => version.id === id)) throw versionMissing(input.PolicyArn, id);
        return { ...record, defaultVersion: id, updatedMs: clock.nowMs() };
      });
      return {};
    },
  };
}

function checkedVersion(id: string | undefined): string {
  const given = required(id, 'versionId');
  if (!/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/.test(given)) {
    const pattern = 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?';
    throw constraintError('versionId', `Member must satisfy regular expression pattern: ${pattern}`);
  }
  return given;
}
