import type { Reader, Store, Writer } from '@tablewright/store';
import type { Kernel } from '../../kernel/kernel.js';
import { Records } from '../../kernel/records.js';
import { noSuchEntity } from './iam-errors.js';
import type {
  AccessKeyRecord,
  AccountRecord,
  GroupRecord,
  InstanceProfileRecord,
  PolicyRecord,
  RoleRecord,
  SubjectRecord,
  UserRecord,
} from './iam-records.js';

/** One kind of what IAM keeps, by account and name. Names that differ in case only are the same name. */
export class NamedRecords<T extends { readonly name: string }> {
  readonly #records: Records<T>;

  constructor(
    private readonly kernel: Pick<Kernel, 'store'>,
    collection: string,
    private readonly changed: () => void,
  ) {
    this.#records = new Records(kernel.store, collection);
  }

  get(accountId: string, name: string): T | undefined {
    return this.#records.get(accountId, name.toLowerCase());
  }

  getFrom(reader: Reader, accountId: string, name: string): T | undefined {
    return this.#records.getFrom(reader, accountId, name.toLowerCase());
  }

  putIn(writer: Writer, accountId: string, record: T): void {
    this.#records.putIn(writer, accountId, record.name.toLowerCase(), record);
    this.changed();
  }

  deleteIn(writer: Writer, accountId: string, name: string): void {
    this.#records.deleteIn(writer, accountId, name.toLowerCase());
    this.changed();
  }

  isEmpty(accountId: string): boolean {
    return this.#records.isEmpty(this.kernel.store, accountId);
  }

  /** By name. */
  list(accountId: string): T[] {
    return [...this.#records.list(accountId)].map(([, record]) => record);
  }

  /** Replaces a record by what `change` makes of it; durable once resolved. */
  update(accountId: string, name: string, missing: () => Error, change: (record: T) => T): Promise<T> {
    return this.kernel.store.change((writer) => {
      const current = this.getFrom(writer, accountId, name);
      if (current === undefined) throw missing();
      const next = change(current);
      this.putIn(writer, accountId, next);
      return next;
    });
  }
}

export const roleMissing = (name: string) => noSuchEntity(`The role with name ${name} cannot be found.`);
export const userMissing = (name: string) => noSuchEntity(`The user with name ${name} cannot be found.`);
export const groupMissing = (name: string) => noSuchEntity(`The group with name ${name} cannot be found.`);

/** Roles, users, groups, policies and keys of all accounts. One per endpoint: changes made here are seen at once. */
export class IamStore {
  readonly roles: NamedRecords<RoleRecord>;
  readonly users: NamedRecords<UserRecord>;
  readonly groups: NamedRecords<GroupRecord>;
  readonly policies: NamedRecords<PolicyRecord>;
  readonly instanceProfiles: NamedRecords<InstanceProfileRecord>;
  readonly accessKeys: Records<AccessKeyRecord>;
  readonly accounts: Records<AccountRecord>;
  /** Called with each access key that was made, switched or deleted, once that is durable. */
  onKeyChange: (key: AccessKeyRecord) => void = () => {};
  #version = 0;

  constructor(readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>) {
    const changed = () => void this.#version++;
    this.roles = new NamedRecords(kernel, 'iam.roles', changed);
    this.users = new NamedRecords(kernel, 'iam.users', changed);
    this.groups = new NamedRecords(kernel, 'iam.groups', changed);
    this.policies = new NamedRecords(kernel, 'iam.policies', changed);
    this.instanceProfiles = new NamedRecords(kernel, 'iam.instance-profiles', changed);
    this.accessKeys = new Records(kernel.store, 'iam.access-keys');
    this.accounts = new Records(kernel.store, 'iam.accounts');
  }

  /** Counts changes; what was derived from records under an older number is stale. */
  get version(): number {
    return this.#version;
  }

  role(accountId: string, name: string): RoleRecord {
    const role = this.roles.get(accountId, name);
    if (role === undefined) throw roleMissing(name);
    return role;
  }

  user(accountId: string, name: string): UserRecord {
    const user = this.users.get(accountId, name);
    if (user === undefined) throw userMissing(name);
    return user;
  }

  group(accountId: string, name: string): GroupRecord {
    const group = this.groups.get(accountId, name);
    if (group === undefined) throw groupMissing(name);
    return group;
  }

  keysOf(accountId: string, userName: string): AccessKeyRecord[] {
    return [...this.accessKeys.list(accountId)]
      .map(([, key]) => key)
      .filter((key) => key.userName === userName && key.status !== 'Deleted');
  }

  /** Everybody a managed policy is attached to, or is the boundary of. */
  attachedTo(accountId: string, policyArn: string) {
    const has = (subject: SubjectRecord) => subject.attached.some(({ arn }) => arn === policyArn);
    const roles = this.roles.list(accountId);
    const users = this.users.list(accountId);
    return {
      roles: roles.filter(has),
      users: users.filter(has),
      groups: this.groups.list(accountId).filter(has),
      bounded: {
        roles: roles.filter(({ boundaryArn }) => boundaryArn === policyArn),
        users: users.filter(({ boundaryArn }) => boundaryArn === policyArn),
      },
    };
  }
}

const stores = new WeakMap<Store, IamStore>();

/** The IAM of an endpoint: the same for all who ask with its kernel. */
export function iamStoreOf(kernel: Pick<Kernel, 'store' | 'clock' | 'random'>): IamStore {
  let store = stores.get(kernel.store);
  if (store === undefined) {
    store = new IamStore(kernel);
    stores.set(kernel.store, store);
  }
  return store;
}

const ARN_KINDS = ['role', 'user', 'group', 'policy', 'instance-profile'] as const;

export type ArnKind = (typeof ARN_KINDS)[number];

export function isArnKind(kind: string | undefined): kind is ArnKind {
  return ARN_KINDS.some((known) => known === kind);
}

export function iamArn(
  accountId: string,
  kind: ArnKind,
  entity: { readonly path: string; readonly name: string },
): string {
  return `arn:aws:iam::${accountId}:${kind}${entity.path}${entity.name}`;
}
