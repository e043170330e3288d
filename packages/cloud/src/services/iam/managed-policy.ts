import type * as Iam from '@aws-sdk/client-iam';
import { awsManagedPolicies } from './aws-managed-policies.js';
import { invalidInput, noSuchEntity, validationError } from './iam-errors.js';
import type { PolicyRecord } from './iam-records.js';
import { type IamStore, iamArn } from './iam-store.js';

/** A managed policy of the account or of AWS, found by ARN. */
export type ManagedPolicy = { readonly arn: string; readonly name: string; readonly path: string } & (
  | { readonly owner: 'account'; readonly record: PolicyRecord }
  | { readonly owner: 'aws' }
);

export interface DocumentVersion {
  readonly id: string;
  readonly document: string;
  readonly createdMs: number;
}

const ARN = /^arn:aws:iam::(aws|\d{12}):policy(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]+)$/;

export function findPolicy(store: IamStore, arn: string): ManagedPolicy | undefined {
  const [, owner = '', path = '', name = ''] = ARN.exec(arn) ?? [];
  if (owner === 'aws') {
    const known = awsManagedPolicies().get(arn);
    return known && { owner: 'aws', arn, name: known.name, path: known.path };
  }
  const record = owner === '' ? undefined : store.policies.get(owner, name);
  if (record === undefined || record.path !== path || record.name !== name) return undefined;
  return { owner: 'account', arn, name, path, record };
}

/** Throws when the ARN is none, or names nothing that `accountId` may use. */
export function policyOf(store: IamStore, accountId: string, arn: string, missing = wasNotFound): ManagedPolicy {
  const [, owner] = ARN.exec(arn) ?? [];
  if (owner === undefined) throw invalidInput(`ARN ${arn} is not valid.`);
  const policy = owner === 'aws' || owner === accountId ? findPolicy(store, arn) : undefined;
  if (policy === undefined) throw missing(arn);
  return policy;
}

export const wasNotFound = (arn: string) => noSuchEntity(`Policy ${arn} was not found.`);
export const isNotAttachable = (arn: string) => noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

/** The versions, latest first, and which of them holds. */
export function versionsOf(policy: ManagedPolicy): {
  readonly versions: readonly DocumentVersion[];
  readonly current: string;
} {
  if (policy.owner === 'account') {
    return { versions: [...policy.record.versions].reverse(), current: policy.record.defaultVersion };
  }
  const known = awsManagedPolicies().get(policy.arn);
  if (known === undefined) return { versions: [], current: '' };
  const { versionId: id, document, updatedMs: createdMs } = known;
  return { versions: [{ id, document, createdMs }], current: id };
}

/** The document that holds now; undefined for a policy that is not there. */
export function currentDocument(store: IamStore, arn: string): string | undefined {
  const policy = findPolicy(store, arn);
  if (policy === undefined) return undefined;
  const { versions, current } = versionsOf(policy);
  return versions.find(({ id }) => id === current)?.document;
}

/** As GetPolicy shows it, without description and tags, which lists leave out. */
export function policySummary(store: IamStore, accountId: string, policy: ManagedPolicy): Iam.Policy {
  const usage = store.attachedTo(accountId, policy.arn);
  const known = policy.owner === 'aws' ? awsManagedPolicies().get(policy.arn) : policy.record;
  return {
    PolicyName: policy.name,
    PolicyId: known?.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: versionsOf(policy).current,
    AttachmentCount: usage.roles.length + usage.users.length + usage.groups.length,
    PermissionsBoundaryUsageCount: usage.bounded.roles.length + usage.bounded.users.length,
    IsAttachable: true,
    CreateDate: new Date(known?.createdMs ?? 0),
    UpdateDate: new Date(known?.updatedMs ?? 0),
  };
}

export function accountPolicy(accountId: string, record: PolicyRecord): ManagedPolicy {
  return { owner: 'account', arn: iamArn(accountId, 'policy', record), name: record.name, path: record.path, record };
}

/** The boundary that was given, if it can be one. */
export function checkedBoundary(store: IamStore, accountId: string, arn: string | undefined): string | undefined {
  if (arn === undefined || arn === '') return undefined;
  if (!ARN.test(arn)) throw validationError(`Value (${arn}) for parameter PermissionsBoundary is invalid.`);
  const notFound = () => noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return policyOf(store, accountId, arn, notFound).arn;
}
