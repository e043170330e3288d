import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { alreadyExists, deleteConflict, validationError } from './iam-errors.js';
import type { UserRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { uniqueId } from './ids.js';
import { checkedBoundary } from './managed-policy.js';
import { checkedName, checkedPath, mergedTags, tagsWithout } from './names.js';
import { pageOf } from './page.js';
import { boundaryOf } from './role-operations.js';
import { subjectKinds } from './subjects.js';

/** Users: made, read, changed, deleted, their boundary and tags. */
export function userOperations(store: IamStore) {
  const kind = subjectKinds(store).user;

  function summary(accountId: string, user: UserRecord): Iam.User {
    return {
      Path: user.path,
      UserName: user.name,
      UserId: user.id,
      Arn: iamArn(accountId, 'user', user),
      CreateDate: new Date(user.createdMs),
    };
  }

  function details(accountId: string, user: UserRecord): Iam.User {
    return {
      ...summary(accountId, user),
      PermissionsBoundary: boundaryOf(user),
      Tags: user.tags.length > 0 ? [...user.tags] : undefined,
    };
  }

  return {
    details,

    async create({ caller }: RequestContext, input: Iam.CreateUserCommandInput): Promise<Iam.CreateUserResponse> {
      const { accountId } = caller;
      const user: UserRecord = {
        name: checkedName(input.UserName, 'userName', 64),
        id: uniqueId(store.kernel.random, 'AIDA'),
        path: checkedPath(input.Path),
        createdMs: store.kernel.clock.nowMs(),
        boundaryArn: checkedBoundary(store, accountId, input.PermissionsBoundary),
        tags: mergedTags([], input.Tags),
        inline: {},
        attached: [],
        groups: [],
      };
      await store.kernel.store.change((writer) => {
        if (store.users.getFrom(writer, accountId, user.name) !== undefined) {
          throw alreadyExists(`User with name ${user.name} already exists.`);
        }
        store.users.putIn(writer, accountId, user);
      });
      return { User: details(accountId, user) };
    },

    /** Without a name, the user who asks. */
    get({ caller, principal }: RequestContext, input: Iam.GetUserCommandInput): Iam.GetUserResponse {
      const { accountId } = caller;
      if (input.UserName === undefined) {
        if (principal.kind === 'root') {
          const Arn = `arn:aws:iam::${accountId}:root`;
          // The account has no date of its own here.
          return { User: { Path: '/', UserName: undefined, UserId: accountId, Arn, CreateDate: new Date(0) } };
        }
        if (principal.kind !== 'user') {
          throw validationError('Must specify userName when calling with non-User credentials');
        }
      }
      const name = input.UserName ?? (principal.kind === 'user' ? principal.userName : undefined);
      return { User: details(accountId, kind.open(accountId, name)) };
    },

    list({ caller }: RequestContext, input: Iam.ListUsersCommandInput): Iam.ListUsersResponse {
      const found = store.users.list(caller.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { Users: page.map((user) => summary(caller.accountId, user)), ...rest };
    },

    async update({ caller }: RequestContext, input: Iam.UpdateUserCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name: oldName } = kind.open(accountId, input.UserName);
      const newName = input.NewUserName === undefined ? oldName : checkedName(input.NewUserName, 'newUserName', 64);
      const keys = await store.kernel.store.change((writer) => {
        const user = store.users.getFrom(writer, accountId, oldName);
        if (user === undefined) return [];
        if (newName.toLowerCase() !== oldName.toLowerCase()) {
          if (store.users.getFrom(writer, accountId, newName) !== undefined) {
            throw alreadyExists(`User with name ${newName} already exists.`);
          }
          store.users.deleteIn(writer, accountId, oldName);
        }
        const path = input.NewPath === undefined ? user.path : checkedPath(input.NewPath);
        store.users.putIn(writer, accountId, { ...user, name: newName, path });
        const renamed = store.keysOf(accountId, oldName).map((key) => ({ ...key, userName: newName }));
        for (const key of renamed) store.accessKeys.putIn(writer, accountId, key.id, key);
        return renamed;
      });
      for (const key of keys) store.onKeyChange(key);
      return {};
    },

    async delete({ caller }: RequestContext, input: Iam.DeleteUserCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name } = kind.open(accountId, input.UserName);
      await store.kernel.store.change((writer) => {
        const user = store.users.getFrom(writer, accountId, name);
        if (user === undefined) return;
        const conflict = (what: string) => deleteConflict(`Cannot delete entity, must ${what} first.`);
        if (user.groups.length > 0) throw conflict('remove users from group');
        if (user.attached.length > 0) throw conflict('detach all policies');
        if (Object.keys(user.inline).length > 0) throw conflict('delete policies');
        if (store.keysOf(accountId, name).length > 0) throw conflict('delete access keys');
        store.users.deleteIn(writer, accountId, name);
      });
      return {};
    },

    async putBoundary({ caller }: RequestContext, input: Iam.PutUserPermissionsBoundaryCommandInput): Promise<object> {
      const boundaryArn = checkedBoundary(store, caller.accountId, input.PermissionsBoundary);
      await kind.update(caller.accountId, input.UserName, (user) => ({ ...user, boundaryArn }));
      return {};
    },

    async deleteBoundary(
      { caller }: RequestContext,
      input: Iam.DeleteUserPermissionsBoundaryCommandInput,
    ): Promise<object> {
      await kind.update(caller.accountId, input.UserName, (user) => ({ ...user, boundaryArn: undefined }));
      return {};
    },

    async tag({ caller }: RequestContext, input: Iam.TagUserCommandInput): Promise<object> {
      const { Tags: tags } = input;
      await kind.update(caller.accountId, input.UserName, (user) => ({ ...user, tags: mergedTags(user.tags, tags) }));
      return {};
    },

    async untag({ caller }: RequestContext, input: Iam.UntagUserCommandInput): Promise<object> {
      const { TagKeys: keys } = input;
      await kind.update(caller.accountId, input.UserName, (user) => ({ ...user, tags: tagsWithout(user.tags, keys) }));
      return {};
    },

    listTags({ caller }: RequestContext, input: Iam.ListUserTagsCommandInput): Iam.ListUserTagsResponse {
      const { page, ...rest } = pageOf(kind.open(caller.accountId, input.UserName).tags, ({ Key }) => Key, input);
      return { Tags: [...page], ...rest };
    },
  };
}
