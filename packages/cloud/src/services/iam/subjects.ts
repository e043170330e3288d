import { unmodifiable } from './iam-errors.js';
import type { RoleRecord, SubjectRecord } from './iam-records.js';
import type { NamedRecords } from './iam-store.js';
import { groupMissing, type IamStore, roleMissing, userMissing } from './iam-store.js';
import { checkedName } from './names.js';

/** A kind of what policies are put on, so that roles, users and groups share what is the same for them. */
export interface SubjectKind<T extends SubjectRecord> {
  readonly records: NamedRecords<T>;
  readonly word: 'role' | 'user' | 'group';
  /** How many characters the inline policies of one may hold together. */
  readonly inlineLimit: number;
  open(accountId: string, name: string | undefined): T;
  /** The same for what is going to be changed. */
  update(accountId: string, name: string | undefined, change: (subject: T) => T): Promise<T>;
}

function kindOf<T extends SubjectRecord>(
  records: NamedRecords<T>,
  word: SubjectKind<T>['word'],
  inlineLimit: number,
  missing: (name: string) => Error,
  checkChange: (subject: T) => void,
): SubjectKind<T> {
  const checked = (name: string | undefined) => checkedName(name, `${word}Name`, word === 'role' ? 64 : 128);
  return {
    records,
    word,
    inlineLimit,
    open(accountId, name) {
      const subject = records.get(accountId, checked(name));
      if (subject === undefined) throw missing(name ?? '');
      return subject;
    },
    update(accountId, name, change) {
      return records.update(
        accountId,
        checked(name),
        () => missing(name ?? ''),
        (subject) => {
          checkChange(subject);
          return change(subject);
        },
      );
    },
  };
}

/** Service-linked roles are changed by their services only. */
export function assertModifiable(role: RoleRecord): void {
  if (role.linkedService !== undefined) throw unmodifiable(role.name);
}

const anyChange = (): void => {};

export function subjectKinds(store: IamStore) {
  return {
    role: kindOf(store.roles, 'role', 10_240, roleMissing, assertModifiable),
    user: kindOf(store.users, 'user', 2048, userMissing, anyChange),
    group: kindOf(store.groups, 'group', 5120, groupMissing, anyChange),
  };
}
