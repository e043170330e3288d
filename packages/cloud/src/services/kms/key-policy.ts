import type * as Kms from '@aws-sdk/client-kms';
import { ServiceError } from '../../wire/index.js';
import type { RequestContext } from '../service.js';
import { changeable } from './key-operations.js';
import type { KeyStore } from './key-store.js';
import { notFound } from './kms-errors.js';

/** Key policies: kept and given back. A key has one, named `default`. */
export function policyOperations(store: KeyStore) {
  return {
    async get({ caller }: RequestContext, input: Kms.GetKeyPolicyCommandInput): Promise<Kms.GetKeyPolicyResponse> {
      const key = await store.open(caller, input.KeyId ?? '');
      checkName(input.PolicyName);
      return { Policy: key.policy, PolicyName: 'default' };
    },
    async put({ caller }: RequestContext, input: Kms.PutKeyPolicyCommandInput): Promise<object> {
      checkName(input.PolicyName);
      const policy = input.Policy ?? '';
      checkKeyPolicy(policy);
      await store.update(caller, input.KeyId ?? '', (key) => ({ ...changeable(key, 'PutKeyPolicy'), policy }));
      return {};
    },
    async list(
      { caller }: RequestContext,
      input: Kms.ListKeyPoliciesCommandInput,
    ): Promise<Kms.ListKeyPoliciesResponse> {
      await store.open(caller, input.KeyId ?? '');
      return { PolicyNames: ['default'], Truncated: false };
    },
  };
}

/** The policy of a key that was made without one, with the spaces that AWS puts in. */
export function defaultPolicy(accountId: string): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::${accountId}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`;
}

export function checkKeyPolicy(document: string): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw malformed();
  }
  const statement = (parsed as { Statement?: unknown } | null)?.Statement;
  if (statement === undefined || (Array.isArray(statement) && statement.length === 0)) throw malformed();
}

function malformed(): ServiceError {
  return new ServiceError('MalformedPolicyDocumentException', '');
}

function checkName(name: string | undefined): void {
  if (name !== undefined && name !== 'default') throw notFound('No such policy exists');
}
