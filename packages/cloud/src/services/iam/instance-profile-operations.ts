import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './iam-errors.js';
import type { InstanceProfileRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { uniqueId } from './ids.js';
import { checkedName, checkedPath, mergedTags, tagsWithout } from './names.js';
import { pageOf } from './page.js';
import { subjectKinds } from './subjects.js';

const missing = (name: string) => noSuchEntity(`Instance Profile ${name} cannot be found.`);

/** Instance profiles. Nothing here runs with one; they are kept for the resources that name them. */
export function instanceProfileOperations(
  store: IamStore,
  roleDetails: (accountId: string, name: string) => Iam.Role | undefined,
) {
  const roles = subjectKinds(store).role;
  const nameOf = (name: string | undefined) => checkedName(name, 'instanceProfileName');

  function open(accountId: string, name: string | undefined): InstanceProfileRecord {
    const profile = store.instanceProfiles.get(accountId, nameOf(name));
    if (profile === undefined) throw missing(name ?? '');
    return profile;
  }

  function shown(accountId: string, profile: InstanceProfileRecord): Iam.InstanceProfile {
    const role = profile.roleName === undefined ? undefined : roleDetails(accountId, profile.roleName);
    return {
      Path: profile.path,
      InstanceProfileName: profile.name,
      InstanceProfileId: profile.id,
      Arn: iamArn(accountId, 'instance-profile', profile),
      CreateDate: new Date(profile.createdMs),
      Roles: role === undefined ? [] : [role],
      Tags: profile.tags.length > 0 ? [...profile.tags] : undefined,
    };
  }

  function update(
    { caller }: RequestContext,
    name: string | undefined,
    change: (profile: InstanceProfileRecord) => InstanceProfileRecord,
  ): Promise<InstanceProfileRecord> {
    return store.instanceProfiles.update(caller.accountId, nameOf(name), () => missing(name ?? ''), change);
  }

  return {
    async create(
      { caller }: RequestContext,
      input: Iam.CreateInstanceProfileCommandInput,
    ): Promise<Iam.CreateInstanceProfileResponse> {
      const { accountId } = caller;
      const profile: InstanceProfileRecord = {
        name: nameOf(input.InstanceProfileName),
        id: uniqueId(store.kernel.random, 'AIPA'),
        path: checkedPath(input.Path),
        createdMs: store.kernel.clock.nowMs(),
        tags: mergedTags([], input.Tags),
      };
      await store.kernel.store.change((writer) => {
        if (store.instanceProfiles.getFrom(writer, accountId, profile.name) !== undefined) {
          throw alreadyExists(`Instance Profile ${profile.name} already exists.`);
        }
        store.instanceProfiles.putIn(writer, accountId, profile);
      });
      return { InstanceProfile: shown(accountId, profile) };
    },

    get({ caller }: RequestContext, input: Iam.GetInstanceProfileCommandInput): Iam.GetInstanceProfileResponse {
      return { InstanceProfile: shown(caller.accountId, open(caller.accountId, input.InstanceProfileName)) };
    },

    list({ caller }: RequestContext, input: Iam.ListInstanceProfilesCommandInput): Iam.ListInstanceProfilesResponse {
      const { accountId } = caller;
      const all = store.instanceProfiles.list(accountId);
      const found = all.filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { InstanceProfiles: page.map((profile) => shown(accountId, profile)), ...rest };
    },

    listForRole(
      { caller }: RequestContext,
      input: Iam.ListInstanceProfilesForRoleCommandInput,
    ): Iam.ListInstanceProfilesForRoleResponse {
      const { accountId } = caller;
      const role = roles.open(accountId, input.RoleName);
      const found = store.instanceProfiles.list(accountId).filter(({ roleName }) => roleName === role.name);
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { InstanceProfiles: page.map((profile) => shown(accountId, profile)), ...rest };
    },

    async delete({ caller }: RequestContext, input: Iam.DeleteInstanceProfileCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name } = open(accountId, input.InstanceProfileName);
      await store.kernel.store.change((writer) => {
        if (store.instanceProfiles.getFrom(writer, accountId, name)?.roleName !== undefined) {
          throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
        }
        store.instanceProfiles.deleteIn(writer, accountId, name);
      });
      return {};
    },

    async addRole(context: RequestContext, input: Iam.AddRoleToInstanceProfileCommandInput): Promise<object> {
      const role = roles.open(context.caller.accountId, input.RoleName);
      await update(context, input.InstanceProfileName, (profile) => {
        if (profile.roleName !== undefined) {
          throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1');
        }
        return { ...profile, roleName: role.name };
      });
      return {};
    },

    async removeRole(context: RequestContext, input: Iam.RemoveRoleFromInstanceProfileCommandInput): Promise<object> {
      const role = roles.open(context.caller.accountId, input.RoleName);
      await update(context, input.InstanceProfileName, (profile) => {
        if (profile.roleName !== role.name) throw noSuchEntity(`The role with name ${role.name} cannot be found.`);
        return { ...profile, roleName: undefined };
      });
      return {};
    },

    async tag(context: RequestContext, input: Iam.TagInstanceProfileCommandInput): Promise<object> {
      await update(context, input.InstanceProfileName, (profile) => ({
        ...profile,
        tags: mergedTags(profile.tags, input.Tags),
      }));
      return {};
    },

    async untag(context: RequestContext, input: Iam.UntagInstanceProfileCommandInput): Promise<object> {
      await update(context, input.InstanceProfileName, (profile) => ({
        ...profile,
        tags: tagsWithout(profile.tags, input.TagKeys),
      }));
      return {};
    },

    listTags(
      { caller }: RequestContext,
      input: Iam.ListInstanceProfileTagsCommandInput,
    ): Iam.ListInstanceProfileTagsResponse {
      const { tags } = open(caller.accountId, input.InstanceProfileName);
      const { page, ...rest } = pageOf(tags, ({ Key }) => Key, input);
      return { Tags: [...page], ...rest };
    },
  };
}
