import { type PolicyUse, policyFault } from '../../kernel/policy/validate-policy.js';
import { constraintError, limitExceeded, malformedPolicy, NOT_NULL } from './iam-errors.js';

/** How much a document may hold, white space not counted, and what IAM says beyond. */
export interface DocumentLimit {
  readonly characters: number;
  readonly message: string;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
export const MANAGED_LIMIT: DocumentLimit = { characters: 6144, message: 'Cannot exceed quota for PolicySize: 6144' };
export const TRUST_LIMIT: DocumentLimit = { characters: 2048, message: 'Cannot exceed quota for ACLSizePerRole: 2048' };

/** A document that may be put where `use` says. */
export function checkedDocument(
  document: string | undefined,
  use: PolicyUse,
  limit: DocumentLimit,
  member = 'policyDocument',
): string {
  if (document === undefined) throw constraintError(member, NOT_NULL);
  if (document === '') throw constraintError(member, 'Member must have length greater than or equal to 1');
  const fault = policyFault(document, use);
  if (fault !== undefined) throw malformedPolicy(fault);
  if (sizeOf(document) > limit.characters) throw limitExceeded(limit.message);
  return document;
}

/** Characters that count towards a quota. */
export function sizeOf(document: string): number {
  return document.replace(/\s/g, '').length;
}
