import type * as Iam from '@aws-sdk/client-iam';
import type { Kernel } from '../../kernel/kernel.js';
import { invalidPrincipal } from '../../kernel/policy/validate-policy.js';
import type { RequestContext } from '../service.js';
import { checkedDocument, TRUST_LIMIT } from './documents.js';
import { alreadyExists, deleteConflict, malformedPolicy, validationError } from './iam-errors.js';
import type { RoleRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { uniqueId } from './ids.js';
import { checkedBoundary } from './managed-policy.js';
import { isNamed } from './named-principals.js';
import { checkedName, checkedPath, encodedDocument, mergedTags, tagsWithout } from './names.js';
import { pageOf } from './page.js';
import { assertModifiable, subjectKinds } from './subjects.js';

const HOUR_SECONDS = 3600;

/** Roles: made, read, changed, deleted, their boundary and tags. */
export function roleOperations(store: IamStore, lastUsed: (roleArn: string) => Iam.RoleLastUsed | undefined) {
  const kind = subjectKinds(store).role;

  /** Lists leave out what only GetRole tells. */
  function summary(accountId: string, role: RoleRecord): Iam.Role {
    return {
      Path: role.path,
      RoleName: role.name,
      RoleId: role.id,
      Arn: iamArn(accountId, 'role', role),
      CreateDate: new Date(role.createdMs),
      AssumeRolePolicyDocument: encodedDocument(role.trustPolicy),
      Description: role.description,
      MaxSessionDuration: role.maxSessionSeconds,
    };
  }

  function details(accountId: string, role: RoleRecord): Iam.Role {
    return {
      ...summary(accountId, role),
      PermissionsBoundary: boundaryOf(role),
      Tags: role.tags.length > 0 ? [...role.tags] : undefined,
      RoleLastUsed: lastUsed(iamArn(accountId, 'role', role)) ?? {},
    };
  }

  async function update(
    accountId: string,
    name: string | undefined,
    change: (role: RoleRecord) => RoleRecord,
  ): Promise<RoleRecord> {
    return kind.update(accountId, name, change);
  }

  return {
    details,

    async create({ caller }: RequestContext, input: Iam.CreateRoleCommandInput): Promise<Iam.CreateRoleResponse> {
      const { accountId } = caller;
      const name = checkedName(input.RoleName, 'roleName', 64);
      const role: RoleRecord = {
        name,
        id: uniqueId(store.kernel.random, 'AROA'),
        path: checkedPath(input.Path),
        createdMs: store.kernel.clock.nowMs(),
        trustPolicy: checkedTrust(store, accountId, input.AssumeRolePolicyDocument, 'assumeRolePolicyDocument'),
        description: input.Description === '' ? undefined : input.Description,
        maxSessionSeconds: checkedDuration(input.MaxSessionDuration),
        boundaryArn: checkedBoundary(store, accountId, input.PermissionsBoundary),
        tags: mergedTags([], input.Tags),
        inline: {},
        attached: [],
      };
      await addRole(store, accountId, role);
      // MaxSessionDuration is not among what CreateRole answers.
      const { MaxSessionDuration: _duration, RoleLastUsed: _used, ...shown } = details(accountId, role);
      return { Role: shown };
    },

    get({ caller }: RequestContext, input: Iam.GetRoleCommandInput): Iam.GetRoleResponse {
      return { Role: details(caller.accountId, kind.open(caller.accountId, input.RoleName)) };
    },

    list({ caller }: RequestContext, input: Iam.ListRolesCommandInput): Iam.ListRolesResponse {
      const found = store.roles.list(caller.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { Roles: page.map((role) => summary(caller.accountId, role)), ...rest };
    },

    async delete({ caller }: RequestContext, input: Iam.DeleteRoleCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name } = kind.open(accountId, input.RoleName);
      await store.kernel.store.change((writer) => {
        const role = store.roles.getFrom(writer, accountId, name);
        if (role === undefined) return;
        assertModifiable(role);
        const inProfile = store.instanceProfiles.list(accountId).some((profile) => profile.roleName === role.name);
        if (inProfile) throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.');
        if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
        if (Object.keys(role.inline).length > 0)
          throw deleteConflict('Cannot delete entity, must delete policies first.');
        store.roles.deleteIn(writer, accountId, name);
      });
      return {};
    },

    async update({ caller }: RequestContext, input: Iam.UpdateRoleCommandInput): Promise<object> {
      const { Description: description, MaxSessionDuration: duration } = input;
      await update(caller.accountId, input.RoleName, (role) => ({
        ...role,
        description: description === undefined ? role.description : description === '' ? undefined : description,
        maxSessionSeconds: duration === undefined ? role.maxSessionSeconds : checkedDuration(duration),
      }));
      return {};
    },

    async updateDescription(
      { caller }: RequestContext,
      input: Iam.UpdateRoleDescriptionCommandInput,
    ): Promise<Iam.UpdateRoleDescriptionResponse> {
      const { Description: description } = input;
      const role = await update(caller.accountId, input.RoleName, (current) => ({ ...current, description }));
      return { Role: details(caller.accountId, role) };
    },

    async updateTrust({ caller }: RequestContext, input: Iam.UpdateAssumeRolePolicyCommandInput): Promise<object> {
      const trustPolicy = checkedTrust(store, caller.accountId, input.PolicyDocument, 'policyDocument');
      await update(caller.accountId, input.RoleName, (role) => ({ ...role, trustPolicy }));
      return {};
    },

    async putBoundary({ caller }: RequestContext, input: Iam.PutRolePermissionsBoundaryCommandInput): Promise<object> {
      const boundaryArn = checkedBoundary(store, caller.accountId, input.PermissionsBoundary);
      await update(caller.accountId, input.RoleName, (role) => ({ ...role, boundaryArn }));
      return {};
    },

    async deleteBoundary(
      { caller }: RequestContext,
      input: Iam.DeleteRolePermissionsBoundaryCommandInput,
    ): Promise<object> {
      await update(caller.accountId, input.RoleName, (role) => ({ ...role, boundaryArn: undefined }));
      return {};
    },

    async tag({ caller }: RequestContext, input: Iam.TagRoleCommandInput): Promise<object> {
      await update(caller.accountId, input.RoleName, (role) => ({ ...role, tags: mergedTags(role.tags, input.Tags) }));
      return {};
    },

    async untag({ caller }: RequestContext, input: Iam.UntagRoleCommandInput): Promise<object> {
      const { TagKeys: keys } = input;
      await update(caller.accountId, input.RoleName, (role) => ({ ...role, tags: tagsWithout(role.tags, keys) }));
      return {};
    },

    listTags({ caller }: RequestContext, input: Iam.ListRoleTagsCommandInput): Iam.ListRoleTagsResponse {
      const { page, ...rest } = pageOf(kind.open(caller.accountId, input.RoleName).tags, ({ Key }) => Key, input);
      return { Tags: [...page], ...rest };
    },
  };
}

export function boundaryOf({ boundaryArn }: { readonly boundaryArn?: string | undefined }) {
  if (boundaryArn === undefined) return undefined;
  return { PermissionsBoundaryType: 'PermissionsBoundaryPolicy' as const, PermissionsBoundaryArn: boundaryArn };
}

export async function addRole(
  store: { readonly kernel: Pick<Kernel, 'store'>; readonly roles: IamStore['roles'] },
  accountId: string,
  role: RoleRecord,
) {
  await store.kernel.store.change((writer) => {
    if (store.roles.getFrom(writer, accountId, role.name) !== undefined) {
      throw alreadyExists(`Role with name ${role.name} already exists.`);
    }
    store.roles.putIn(writer, accountId, role);
  });
}

function checkedDuration(seconds: number | undefined): number {
  const given = seconds ?? HOUR_SECONDS;
  const bound =
    given < HOUR_SECONDS
      ? 'greater than or equal to 3600'
      : given > 12 * HOUR_SECONDS
        ? 'less than or equal to 43200'
        : '';
  if (bound !== '') {
    throw validationError(
      `1 validation error detected: Value '${given}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return given;
}

/** A trust policy; roles and users of this account that it names must be there. */
function checkedTrust(store: IamStore, accountId: string, text: string | undefined, member: string): string {
  const document = checkedDocument(text, 'trust', TRUST_LIMIT, member);
  const missing = namedArns(document).find((arn) => !isNamed(store, accountId, arn));
  if (missing !== undefined) throw malformedPolicy(invalidPrincipal('AWS', missing));
  return document;
}

function namedArns(document: string): string[] {
  // What checkedDocument has let through has this shape.
  const { Statement } = JSON.parse(document) as { Statement: { Principal?: { AWS?: string | string[] } | '*' }[] };
  return [Statement].flat().flatMap(({ Principal: principal }) => {
    return principal === undefined || principal === '*' || principal.AWS === undefined ? [] : [principal.AWS].flat();
  });
}
