import type * as Iam from '@aws-sdk/client-iam';
import type { RequestContext } from '../service.js';
import { alreadyExists, deleteConflict } from './iam-errors.js';
import type { GroupRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';
import { uniqueId } from './ids.js';
import { checkedName, checkedPath } from './names.js';
import { pageOf } from './page.js';
import { subjectKinds } from './subjects.js';

/** Groups and who is in them. */
export function groupOperations(store: IamStore, userDetails: (accountId: string, name: string) => Iam.User) {
  const kinds = subjectKinds(store);

  function summary(accountId: string, group: GroupRecord): Iam.Group {
    return {
      Path: group.path,
      GroupName: group.name,
      GroupId: group.id,
      Arn: iamArn(accountId, 'group', group),
      CreateDate: new Date(group.createdMs),
    };
  }

  const membersOf = (accountId: string, groupName: string) =>
    store.users.list(accountId).filter(({ groups }) => groups.includes(groupName));

  return {
    summary,

    async create({ caller }: RequestContext, input: Iam.CreateGroupCommandInput): Promise<Iam.CreateGroupResponse> {
      const { accountId } = caller;
      const group: GroupRecord = {
        name: checkedName(input.GroupName, 'groupName'),
        id: uniqueId(store.kernel.random, 'AGPA'),
        path: checkedPath(input.Path),
        createdMs: store.kernel.clock.nowMs(),
        inline: {},
        attached: [],
      };
      await store.kernel.store.change((writer) => {
        if (store.groups.getFrom(writer, accountId, group.name) !== undefined) {
          throw alreadyExists(`Group with name ${group.name} already exists.`);
        }
        store.groups.putIn(writer, accountId, group);
      });
      return { Group: summary(accountId, group) };
    },

    get({ caller }: RequestContext, input: Iam.GetGroupCommandInput): Iam.GetGroupResponse {
      const { accountId } = caller;
      const group = kinds.group.open(accountId, input.GroupName);
      const { page, ...rest } = pageOf(membersOf(accountId, group.name), ({ name }) => name, input);
      return { Group: summary(accountId, group), Users: page.map(({ name }) => userDetails(accountId, name)), ...rest };
    },

    list({ caller }: RequestContext, input: Iam.ListGroupsCommandInput): Iam.ListGroupsResponse {
      const found = store.groups.list(caller.accountId).filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'));
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { Groups: page.map((group) => summary(caller.accountId, group)), ...rest };
    },

    async update({ caller }: RequestContext, input: Iam.UpdateGroupCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name: oldName } = kinds.group.open(accountId, input.GroupName);
      const newName = input.NewGroupName === undefined ? oldName : checkedName(input.NewGroupName, 'newGroupName');
      await store.kernel.store.change((writer) => {
        const group = store.groups.getFrom(writer, accountId, oldName);
        if (group === undefined) return;
        if (newName.toLowerCase() !== oldName.toLowerCase()) {
          if (store.groups.getFrom(writer, accountId, newName) !== undefined) {
            throw alreadyExists(`Group with name ${newName} already exists.`);
          }
          store.groups.deleteIn(writer, accountId, oldName);
        }
        const path = input.NewPath === undefined ? group.path : checkedPath(input.NewPath);
        store.groups.putIn(writer, accountId, { ...group, name: newName, path });
        for (const user of membersOf(accountId, oldName)) {
          const groups = user.groups.map((name) => (name === oldName ? newName : name));
          store.users.putIn(writer, accountId, { ...user, groups });
        }
      });
      return {};
    },

    async delete({ caller }: RequestContext, input: Iam.DeleteGroupCommandInput): Promise<object> {
      const { accountId } = caller;
      const { name } = kinds.group.open(accountId, input.GroupName);
      await store.kernel.store.change((writer) => {
        const group = store.groups.getFrom(writer, accountId, name);
        if (group === undefined) return;
        const conflict = (what: string) => deleteConflict(`Cannot delete entity, must ${what} first.`);
        if (membersOf(accountId, name).length > 0) throw conflict('remove users from group');
        if (group.attached.length > 0) throw conflict('detach all policies');
        if (Object.keys(group.inline).length > 0) throw conflict('delete policies');
        store.groups.deleteIn(writer, accountId, name);
      });
      return {};
    },

    async addUser({ caller }: RequestContext, input: Iam.AddUserToGroupCommandInput): Promise<object> {
      const { name } = kinds.group.open(caller.accountId, input.GroupName);
      await kinds.user.update(caller.accountId, input.UserName, (user) =>
        user.groups.includes(name) ? user : { ...user, groups: [...user.groups, name] },
      );
      return {};
    },

    async removeUser({ caller }: RequestContext, input: Iam.RemoveUserFromGroupCommandInput): Promise<object> {
      const { name } = kinds.group.open(caller.accountId, input.GroupName);
      await kinds.user.update(caller.accountId, input.UserName, (user) => ({
        ...user,
        groups: user.groups.filter((group) => group !== name),
      }));
      return {};
    },

    listForUser({ caller }: RequestContext, input: Iam.ListGroupsForUserCommandInput): Iam.ListGroupsForUserResponse {
      const { accountId } = caller;
      const user = kinds.user.open(accountId, input.UserName);
      const found = user.groups.map((name) => store.group(accountId, name));
      const { page, ...rest } = pageOf(found, ({ name }) => name, input);
      return { Groups: page.map((group) => summary(accountId, group)), ...rest };
    },
  };
}
