import type * as Iam from '@aws-sdk/client-iam';
import type { KeyUse } from '../../kernel/identity-port.js';
import type { RequestContext } from '../service.js';
import { constraintError, limitExceeded, noSuchEntity, validationError } from './iam-errors.js';
import type { AccessKeyRecord } from './iam-records.js';
import type { IamStore } from './iam-store.js';
import { accessKeyId, secretKey } from './ids.js';
import { required } from './names.js';
import { pageOf } from './page.js';
import { subjectKinds } from './subjects.js';

const MAX_KEYS = 2;

/** The access keys of users. The secret is shown once, when the key is made. */
export function accessKeyOperations(store: IamStore, lastUse: (keyId: string) => KeyUse | undefined) {
  const kind = subjectKinds(store).user;

  /** Without a name, the user who asks. */
  function userOf({ caller, principal }: RequestContext, given: string | undefined): string {
    if (given === undefined && principal.kind !== 'user') {
      throw validationError('Must specify userName when calling with non-User credentials');
    }
    return kind.open(caller.accountId, given ?? (principal.kind === 'user' ? principal.userName : '')).name;
  }

  async function change(
    context: RequestContext,
    input: { readonly UserName?: string | undefined; readonly AccessKeyId?: string | undefined },
    status: AccessKeyRecord['status'],
  ): Promise<object> {
    const id = required(input.AccessKeyId, 'accessKeyId');
    const { accountId } = context.caller;
    const userName = userOf(context, input.UserName);
    const key = await store.kernel.store.change((writer) => {
      const current = store.accessKeys.getFrom(writer, accountId, id);
      if (current === undefined || current.userName !== userName || current.status === 'Deleted') {
        throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
      }
      const next: AccessKeyRecord = { ...current, status };
      store.accessKeys.putIn(writer, accountId, id, next);
      return next;
    });
    store.onKeyChange(key);
    return {};
  }

  return {
    async create(
      context: RequestContext,
      input: Iam.CreateAccessKeyCommandInput,
    ): Promise<Iam.CreateAccessKeyResponse> {
      const { accountId } = context.caller;
      const userName = userOf(context, input.UserName);
      const { random, clock } = store.kernel;
      const key: AccessKeyRecord = {
        id: accessKeyId(random, 'AKIA', accountId),
        secret: secretKey(random),
        accountId,
        userName,
        status: 'Active',
        createdMs: clock.nowMs(),
      };
      await store.kernel.store.change((writer) => {
        if (store.keysOf(accountId, userName).length >= MAX_KEYS) {
          throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`);
        }
        store.accessKeys.putIn(writer, accountId, key.id, key);
      });
      store.onKeyChange(key);
      return {
        AccessKey: {
          UserName: userName,
          AccessKeyId: key.id,
          Status: 'Active',
          SecretAccessKey: key.secret,
          CreateDate: new Date(key.createdMs),
        },
      };
    },

    list(context: RequestContext, input: Iam.ListAccessKeysCommandInput): Iam.ListAccessKeysResponse {
      const userName = userOf(context, input.UserName);
      const { page, ...rest } = pageOf(store.keysOf(context.caller.accountId, userName), ({ id }) => id, input);
      const shown = page.map((key) => ({
        UserName: userName,
        AccessKeyId: key.id,
        Status: key.status === 'Active' ? ('Active' as const) : ('Inactive' as const),
        CreateDate: new Date(key.createdMs),
      }));
      return { AccessKeyMetadata: shown, ...rest };
    },

    update(context: RequestContext, input: Iam.UpdateAccessKeyCommandInput): Promise<object> {
      const status = required(input.Status, 'status');
      if (status !== 'Active' && status !== 'Inactive') {
        throw constraintError('status', 'Member must satisfy enum value set: [Active, Inactive]');
      }
      return change(context, input, status);
    },

    delete(context: RequestContext, input: Iam.DeleteAccessKeyCommandInput): Promise<object> {
      return change(context, input, 'Deleted');
    },

    lastUsed(
      { caller }: RequestContext,
      input: Iam.GetAccessKeyLastUsedCommandInput,
    ): Iam.GetAccessKeyLastUsedResponse {
      const id = required(input.AccessKeyId, 'accessKeyId');
      const key = store.accessKeys.get(caller.accountId, id);
      if (key === undefined || key.status === 'Deleted') {
        throw noSuchEntity(`The Access Key with id ${id} cannot be found.`);
      }
      const use = lastUse(id);
      return {
        UserName: key.userName,
        AccessKeyLastUsed: {
          LastUsedDate: use && new Date(use.timeMs),
          ServiceName: use?.service ?? 'N/A',
          Region: use?.region ?? 'N/A',
        },
      };
    },
  };
}
