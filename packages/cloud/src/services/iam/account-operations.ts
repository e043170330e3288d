import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { attachedPolicy, inlinePolicies } from './attached-policies.js';
import { invalidInput, noSuchEntity } from './iam-errors.js';
import type { SubjectRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { accountPolicy, policyOf, policySummary, versionsOf } from './managed-policy.js';
import { encodedDocument, mergedTags, required, tagsWithout } from './names.js';
import { pageOf } from './page.js';
import { boundaryOf } from './role-operations.js';

/** The account as a whole: its alias (here, two accounts may have the same), what is in it, who has what. */
export function accountOperations(
  store: IamStore,
  roleDetails: (accountId: string, name: string) => Iam.Role | undefined,
) {
  const setAlias = (accountId: string, alias: string | undefined) =>
    store.accounts.put(accountId, 'account', { alias });
  const aliasOf = (accountId: string) => store.accounts.get(accountId, 'account')?.alias;

  function policiesOf(accountId: string) {
    return store.policies.list(accountId).map((record) => accountPolicy(accountId, record));
  }

  return {
    async createAlias({ caller }: RequestContext, input: Iam.CreateAccountAliasCommandInput): Promise<object> {
      const alias = required(input.AccountAlias, 'accountAlias');
      if (!/^[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]$/.test(alias)) {
        throw invalidInput(`The specified value for accountAlias is invalid: ${alias}`);
      }
      await setAlias(caller.accountId, alias);
      return {};
    },

    async deleteAlias({ caller }: RequestContext, input: Iam.DeleteAccountAliasCommandInput): Promise<object> {
      const alias = required(input.AccountAlias, 'accountAlias');
      if (aliasOf(caller.accountId) !== alias) {
        throw noSuchEntity(`The account alias ${alias} cannot be found.`);
      }
      await setAlias(caller.accountId, undefined);
      return {};
    },

    listAliases({ caller }: RequestContext): Iam.ListAccountAliasesResponse {
      const alias = aliasOf(caller.accountId);
      return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false };
    },

    summary({ caller }: RequestContext): Iam.GetAccountSummaryResponse {
      const { accountId } = caller;
      const policies = store.policies.list(accountId);
      return {
        SummaryMap: {
          Users: store.users.list(accountId).length,
          UsersQuota: 5000,
          Groups: store.groups.list(accountId).length,
          GroupsQuota: 300,
          Roles: store.roles.list(accountId).length,
          RolesQuota: 1000,
          Policies: policies.length,
          PoliciesQuota: 1500,
          PolicyVersionsInUse: policies.reduce((sum, { versions }) => sum + versions.length, 0),
          PolicyVersionsInUseQuota: 10_000,
          VersionsPerPolicyQuota: 5,
          PolicySizeQuota: 6144,
          InstanceProfiles: store.instanceProfiles.list(accountId).length,
          InstanceProfilesQuota: 1000,
          AssumeRolePolicySizeQuota: 2048,
          AttachedPoliciesPerGroupQuota: 10,
          AttachedPoliciesPerRoleQuota: 10,
          AttachedPoliciesPerUserQuota: 10,
          UserPolicySizeQuota: 2048,
          GroupPolicySizeQuota: 5120,
          RolePolicySizeQuota: 10_240,
          GroupsPerUserQuota: 10,
          AccessKeysPerUserQuota: 2,
          SigningCertificatesPerUserQuota: 2,
          ServerCertificates: 0,
          ServerCertificatesQuota: 20,
          MFADevices: 0,
          MFADevicesInUse: 0,
          Providers: 0,
          AccountMFAEnabled: 0,
          AccountAccessKeysPresent: 0,
          AccountPasswordPresent: 1,
          AccountSigningCertificatesPresent: 0,
          GlobalEndpointTokenVersion: 1,
        },
      };
    },

    details(
      { caller }: RequestContext,
      input: Iam.GetAccountAuthorizationDetailsCommandInput,
    ): Iam.GetAccountAuthorizationDetailsResponse {
      const { accountId } = caller;
      const wanted = (type: Iam.EntityType) => input.Filter === undefined || input.Filter.includes(type);
      const common = (kind: 'role' | 'user' | 'group', subject: SubjectRecord) => ({
        Path: subject.path,
        Arn: iamArn(accountId, kind, subject),
        CreateDate: new Date(subject.createdMs),
        AttachedManagedPolicies: subject.attached.map(attachedPolicy),
      });
      const users = wanted('User') ? store.users.list(accountId) : [];
      const groups = wanted('Group') ? store.groups.list(accountId) : [];
      const roles = wanted('Role') ? store.roles.list(accountId) : [];
      const used = new Set([...users, ...groups, ...roles].flatMap(({ attached }) => attached.map(({ arn }) => arn)));
      const policies = [
        ...(wanted('LocalManagedPolicy') ? policiesOf(accountId) : []),
        ...(wanted('AWSManagedPolicy')
          ? [...used].filter((arn) => arn.startsWith('arn:aws:iam::aws:')).map((arn) => policyOf(store, accountId, arn))
          : []),
      ];
      const entries = [
        ...users.map((user) => ({ kind: 'user' as const, name: user.name, user })),
        ...groups.map((group) => ({ kind: 'group' as const, name: group.name, group })),
        ...roles.map((role) => ({ kind: 'role' as const, name: role.name, role })),
        ...policies.map((policy) => ({ kind: 'policy' as const, name: policy.arn, policy })),
      ];
      const { page, ...rest } = pageOf(entries, ({ kind, name }) => `${kind}/${name}`, input);
      return {
        UserDetailList: page.flatMap((entry) =>
          entry.kind !== 'user'
            ? []
            : {
                ...common('user', entry.user),
                UserName: entry.user.name,
                UserId: entry.user.id,
                UserPolicyList: inlinePolicies(entry.user.inline),
                GroupList: [...entry.user.groups],
                PermissionsBoundary: boundaryOf(entry.user),
                Tags: [...entry.user.tags],
              },
        ),
        GroupDetailList: page.flatMap((entry) =>
          entry.kind !== 'group'
            ? []
            : {
                ...common('group', entry.group),
                GroupName: entry.group.name,
                GroupId: entry.group.id,
                GroupPolicyList: inlinePolicies(entry.group.inline),
              },
        ),
        RoleDetailList: page.flatMap((entry) =>
          entry.kind !== 'role'
            ? []
            : {
                ...common('role', entry.role),
                RoleName: entry.role.name,
                RoleId: entry.role.id,
                AssumeRolePolicyDocument: encodedDocument(entry.role.trustPolicy),
                InstanceProfileList: store.instanceProfiles
                  .list(accountId)
                  .filter(({ roleName }) => roleName === entry.role.name)
                  .map((profile) => ({
                    Path: profile.path,
                    InstanceProfileName: profile.name,
                    InstanceProfileId: profile.id,
                    Arn: iamArn(accountId, 'instance-profile', profile),
                    CreateDate: new Date(profile.createdMs),
                    Roles: [roleDetails(accountId, entry.role.name)].filter((role) => role !== undefined),
                  })),
                RolePolicyList: inlinePolicies(entry.role.inline),
                PermissionsBoundary: boundaryOf(entry.role),
                Tags: [...entry.role.tags],
                RoleLastUsed: {},
              },
        ),
        Policies: page.flatMap((entry) => {
          if (entry.kind !== 'policy') return [];
          const { versions, current } = versionsOf(entry.policy);
          return {
            ...policySummary(store, accountId, entry.policy),
            PolicyVersionList: versions.map(({ id, document, createdMs }) => ({
              Document: encodedDocument(document),
              VersionId: id,
              IsDefaultVersion: id === current,
              CreateDate: new Date(createdMs),
            })),
          };
        }),
        ...rest,
      };
    },

    entitiesForPolicy(
      { caller }: RequestContext,
      input: Iam.ListEntitiesForPolicyCommandInput,
    ): Iam.ListEntitiesForPolicyResponse {
      const { accountId } = caller;
      const { arn } = policyOf(store, accountId, required(input.PolicyArn, 'policyArn'));
      const { roles, users, groups, bounded } = store.attachedTo(accountId, arn);
      const asBoundary = input.PolicyUsageFilter === 'PermissionsBoundary';
      const wanted = (type: Iam.EntityType, entity: { readonly path: string }) =>
        (input.EntityFilter === undefined || input.EntityFilter === type) &&
        entity.path.startsWith(input.PathPrefix ?? '/');
      const found = [
        ...(asBoundary ? bounded.roles : roles)
          .filter((role) => wanted('Role', role))
          .map(({ id, name }) => ({ kind: 'role', id, name })),
        ...(asBoundary ? bounded.users : users)
          .filter((user) => wanted('User', user))
          .map(({ id, name }) => ({ kind: 'user', id, name })),
        ...(asBoundary ? [] : groups)
          .filter((group) => wanted('Group', group))
          .map(({ id, name }) => ({ kind: 'group', id, name })),
      ];
      const { page, ...rest } = pageOf(found, ({ kind, name }) => `${kind}/${name}`, input);
      const of = (kind: string) => page.filter((entity) => entity.kind === kind);
      return {
        PolicyRoles: of('role').map(({ id, name }) => ({ RoleName: name, RoleId: id })),
        PolicyUsers: of('user').map(({ id, name }) => ({ UserName: name, UserId: id })),
        PolicyGroups: of('group').map(({ id, name }) => ({ GroupName: name, GroupId: id })),
        ...rest,
      };
    },

    async tagPolicy({ caller }: RequestContext, input: Iam.TagPolicyCommandInput): Promise<object> {
      const policy = policyOf(store, caller.accountId, required(input.PolicyArn, 'policyArn'));
      if (policy.owner === 'aws') throw invalidInput(`Cannot tag the policy ${policy.arn}: it is managed by AWS.`);
      await store.policies.update(
        caller.accountId,
        policy.name,
        () => noSuchEntity(`Policy ${policy.arn} was not found.`),
        (record) => ({ ...record, tags: mergedTags(record.tags, input.Tags) }),
      );
      return {};
    },

    async untagPolicy({ caller }: RequestContext, input: Iam.UntagPolicyCommandInput): Promise<object> {
      const { name, arn } = policyOf(store, caller.accountId, required(input.PolicyArn, 'policyArn'));
      await store.policies.update(
        caller.accountId,
        name,
        () => noSuchEntity(`Policy ${arn} was not found.`),
        (record) => ({ ...record, tags: tagsWithout(record.tags, input.TagKeys) }),
      );
      return {};
    },

    listPolicyTags({ caller }: RequestContext, input: Iam.ListPolicyTagsCommandInput): Iam.ListPolicyTagsResponse {
      const policy = policyOf(store, caller.accountId, required(input.PolicyArn, 'policyArn'));
      const tags = policy.owner === 'account' ? policy.record.tags : [];
      const { page, ...rest } = pageOf(tags, ({ Key }) => Key, input);
      return { Tags: [...page], ...rest };
    },
  };
}
